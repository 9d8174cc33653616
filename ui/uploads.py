"""Recordings on their way through Gradio's upload folder, and nothing else from the disk."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder


def take_upload(path: str) -> bytes | None:
    """Read an uploaded recording and delete it: the shop promises to keep none.

    None where the path, which the browser sends, is not that of an upload.
    """
    file = Path(path).resolve()
    # Gradio puts an upload into a folder of its own, named by a digest nobody can guess.
    if file.parent.parent != Path(get_upload_folder()).resolve() or not file.is_file():
        return None
    try:
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


def refuse_foreign_files(*inputs: gr.components.Component) -> None:
    """Close a door that Gradio leaves open when it is mounted instead of launched.

    An input may hold what looks like a file, `{"path": …, "meta": …}`. Gradio copies that file to
    where it can be downloaded, or fetches it when the path is an address; that it was uploaded
    is checked only for blocks that were launched. Inputs of this page never hold files.
    """

    async def refuse(path: Any) -> str:
        raise gr.Error("this page takes no files", print_exception=False)

    for component in inputs:
        setattr(component, "async_move_resource_to_block_cache", refuse)  # noqa: B010
