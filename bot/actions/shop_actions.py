"""A shop's own actions: `actions.py` or `actions/` in its folder, read as rasa-sdk reads them."""

import hashlib
import importlib
import inspect
import logging
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from rasa_sdk import Action

from bot.actions.shop_modules import place_of_error, under_rasas_names
from bot.errors import ConfigError

log = logging.getLogger("shopclerk")

NAME = "actions"


def load_shop_actions(folder: Path) -> tuple[Action, ...]:
    """Import a shop's actions and make one of each class; () where the shop has none.

    Modules get names of their own, so that two shops in one process stay apart. While they are
    imported, `from actions.x import y` finds the shop's files, as when Rasa is started there.

    Raises:
        ConfigError: with file and line in the shop's code, and the remedy.
    """
    folder = folder.resolve()
    file, package = folder / f"{NAME}.py", folder / NAME
    if file.is_file() and package.is_dir():
        raise ConfigError(f"{file}: there is also a folder {package.name}/; keep one of the two")
    if not file.is_file() and not package.is_dir():
        return ()
    parent = _parent(folder)
    modules: list[ModuleType] = []
    with under_rasas_names(folder, parent):
        try:
            modules += _modules(f"{parent}.{NAME}")
        except (Exception, SystemExit) as error:  # anything may happen in code that isn't ours
            place = place_of_error(error, folder) or file
            raise ConfigError(f"{place}: {_why(error, parent)}") from error
    return _one_of_each_name([a for module in modules for a in _actions_of(module)])


def with_shop_actions(own: Iterable[Action], shops: Iterable[Action]) -> tuple[Action, ...]:
    """Our actions and the shop's; one of the shop's replaces ours of the same name."""
    found = {action.name(): action for action in own}
    for action in shops:
        name = action.name()
        if name in found:
            log.info("%s replaces the bot's own action %r", _place(type(action)), name)
        found[name] = action
    return tuple(found.values())


def _parent(folder: Path) -> str:
    """A package that stands for the shop's folder, without anything imported before."""
    name = f"shopclerk_shop_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    for loaded in [n for n in sys.modules if n == name or n.startswith(f"{name}.")]:
        del sys.modules[loaded]
    importlib.invalidate_caches()
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    return name


def _modules(name: str) -> Iterator[ModuleType]:
    """A module and, where it is a package, all modules in it, in the order of their names."""
    module = importlib.import_module(name)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        yield from _modules(found.name)


def _why(error: BaseException, parent: str) -> str:
    said = str(error).replace(f"{parent}.", "")
    if isinstance(error, SyntaxError):
        return f"not valid Python: {error.msg}"
    if isinstance(error, ModuleNotFoundError):
        return f"{said}; install what it needs, or correct the import"
    if isinstance(error, SystemExit):
        return "the file ends the program when it is imported; take the call of exit() out"
    return f"importing it failed with {type(error).__name__}: {said}; mend the line"


def _actions_of(module: ModuleType) -> list[Action]:
    """One of each concrete action class that the module itself defines."""
    classes = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Action)]
    own = dict.fromkeys(c for c in classes if c.__module__ == module.__name__)
    return [_made(c) for c in own if not inspect.isabstract(c)]


def _made(cls: type) -> Action:
    """One action of a class.

    Raises:
        ConfigError: its constructor, its name or its `run` is not as rasa-sdk wants it.
    """
    what = f"{_place(cls)}: class {cls.__name__}"
    needed = [
        p.name
        for p in inspect.signature(cls).parameters.values()
        if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    if needed:
        raise ConfigError(
            f"{what} cannot be made without {', '.join(needed)}; give them defaults (a base for "
            "other classes should have an @abstractmethod)"
        )
    try:
        action = cls()
        name = action.name()
    except Exception as error:  # the shop's own code
        raise ConfigError(
            f"{what}: its constructor or name() fails with {type(error).__name__}: {error}; let "
            "name() return a text (a base for other classes should have an @abstractmethod)"
        ) from error
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{what}: name() returns {name!r}; let it return a text")
    if len(inspect.signature(action.run).parameters) < 3:
        raise ConfigError(f"{what}: run must take dispatcher, tracker and domain")
    return action


def _one_of_each_name(actions: Iterable[Action]) -> tuple[Action, ...]:
    found: dict[str, Action] = {}
    for action in actions:
        other = found.setdefault(action.name(), action)
        if other is not action:
            raise ConfigError(
                f"{_place(type(action))}: the action {action.name()!r} is already at "
                f"{_place(type(other))}; rename one"
            )
    return tuple(found.values())


def _place(cls: Any) -> str:
    """Return `file:line` of a class."""
    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
    except OSError:  # made by code, not written
        return str(sys.modules[cls.__module__].__file__)
