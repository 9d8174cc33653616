"""The state of a training between two epochs, on disk; needs torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch


class Checkpoint:
    """One file, replaced whole."""

    class Part(Protocol):
        """A model, an optimizer, a schedule."""

        def state_dict(self) -> dict[str, Any]:
            """Return all that changes in training."""
            ...

        def load_state_dict(self, state_dict: dict[str, Any], /) -> object:
            """Take what `state_dict` returned."""
            ...

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, epoch: int, parts: Mapping[str, Part]) -> None:
        """Keep the state after `epoch` epochs."""
        scratch = self._path.with_suffix(".new")
        state = {name: part.state_dict() for name, part in parts.items()}
        torch.save({"epoch": epoch, "parts": state}, scratch)
        scratch.replace(self._path)

    def restore(self, parts: Mapping[str, Part]) -> int:
        """Return the number of epochs that the parts have now seen; 0 without a checkpoint."""
        if not self._path.is_file():
            return 0
        # No pickled code: numbers and tensors alone.
        kept = torch.load(self._path, weights_only=True, map_location="cpu")
        for name, part in parts.items():
            part.load_state_dict(kept["parts"][name])
        return int(kept["epoch"])
