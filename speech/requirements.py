"""What voice needs on the machine, and what to tell the operator when it is missing."""

import importlib
from typing import Any

from speech.transcript import SpeechModelError

MODEL_REMEDY = (
    "run `shopclerk models pull`, "
    "or put a checkpoint on this machine and name it in shop.toml, speech.model"
)


def load_extra(module: str) -> Any:
    """Import `module`, a library of the `voice` extra, on first use.

    Raises:
        SpeechModelError: the extra is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SpeechModelError(
            f"voice needs the library '{module}', which is not installed ({error}): "
            "run `pip install shopclerk[voice]`"
        ) from error
