"""Which tests to run: the files found, the cases chosen of them."""

from collections.abc import Sequence
from pathlib import Path

from bot.conversation_tests.format import Case, Shared
from bot.conversation_tests.reading import read_cases, read_shared
from bot.conversation_tests.yaml_values import Problems
from bot.errors import ConfigError

CONFTEST = "conftest.yml"


def conversations_folder(shop_dir: Path) -> Path:
    """Where a shop's conversation tests are."""
    return shop_dir / "tests" / "conversations"


def choose(shop_dir: Path, wanted: Sequence[str], like: str = "") -> tuple[Case, ...]:
    """Read the cases to run.

    Args:
        shop_dir: the shop's folder, whose tests/conversations/ is read where nothing is wanted.
        wanted: files, folders, or `FILE::NAME` for one case.
        like: only cases whose name or file has this text, in capitals or not.

    Raises:
        ConfigError: with the place of everything that is wrong, in all files.
    """
    default = conversations_folder(shop_dir)
    asked = list(wanted) or ([str(default)] if default.is_dir() else [])
    problems = Problems()
    found: dict[str, Case] = {}
    for argument in asked:
        with problems.gathered():
            found.update({case.id: case for case in _cases(argument, shop_dir)})
    problems.refuse()
    text = like.casefold()
    return tuple(c for c in found.values() if text in c.id.casefold())


def _cases(argument: str, shop_dir: Path) -> list[Case]:
    path, separator, name = argument.partition("::")
    found: list[Case] = []
    problems = Problems()
    for file in _files(Path(path)):
        with problems.gathered():
            found += read_cases(file, _shared(file, shop_dir))
    problems.refuse()
    if not separator:
        return found
    chosen = [case for case in found if case.name == name]
    if not chosen:
        names = "".join(f"\n  {case.name}" for case in found)
        raise ConfigError(f"{path}: no test case is called {name!r}; there are:{names}")
    return chosen


def _files(path: Path) -> list[Path]:
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())  # shorter to read, and to copy behind the command
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".yaml"))
        return [p for p in found if p.name != CONFTEST]
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file or folder of conversation tests")
    return [path]


def _shared(file: Path, shop_dir: Path) -> Shared:
    """What the conftest.yml files lend to a file: those from the shop's folder down to its own."""
    shared = Shared()
    shop = shop_dir.resolve()
    above = [folder for folder in file.resolve().parents if folder.is_relative_to(shop)]
    for folder in reversed(above or [file.resolve().parent]):
        conftest = folder / CONFTEST
        if conftest.is_file():
            nearer = read_shared(conftest)
            shared = Shared(
                {**shared.fixtures, **nearer.fixtures}, {**shared.metadata, **nearer.metadata}
            )
    return shared
