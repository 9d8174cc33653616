"""Imports within a shop's folder: by the names that its files have when Rasa is started there."""

import importlib
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import Lock
from types import ModuleType

_importing = Lock()
_OURS = frozenset({"bot", "knowledge", "nlu", "speech", "ui"})


@contextmanager
def under_rasas_names(folder: Path, parent: str) -> Iterator[None]:
    """Within it, `actions` and other .py files of the folder are found as top-level modules.

    Args:
        folder: the shop's folder.
        parent: the package under which they really are.
    """
    files = {path.stem for path in folder.glob("*.py")}
    names = frozenset({"actions", *files}) - sys.stdlib_module_names - _OURS
    finder = _Finder(names, parent)
    with _importing:
        hidden = _take_out(names)
        sys.meta_path.insert(0, finder)
        try:
            yield
        finally:
            sys.meta_path.remove(finder)
            _take_out(names)
            sys.modules.update(hidden)


def place_of_error(error: BaseException, folder: Path) -> str | None:
    """Return `file:line` of the last line of the shop's own that led to the error, if any."""
    if isinstance(error, SyntaxError) and error.filename and _is_own(error.filename, folder):
        return f"{error.filename}:{error.lineno or 1}"
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if _is_own(line.filename, folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else None


def _is_own(file: str, folder: Path) -> bool:
    path = Path(file)
    return path.is_relative_to(folder) and "site-packages" not in path.parts


def _take_out(names: frozenset[str]) -> dict[str, ModuleType]:
    loaded = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in loaded}


class _Finder(MetaPathFinder, Loader):
    """Gives the module of the shop's under its name there: one module, two names."""

    def __init__(self, names: frozenset[str], parent: str) -> None:
        self._names = names
        self._parent = parent

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find what the shop's folder has, before anything that is installed."""
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in self._names else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to Python; `exec_module` puts the real module in its place."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Import the real module."""
        sys.modules[module.__name__] = importlib.import_module(f"{self._parent}.{module.__name__}")
