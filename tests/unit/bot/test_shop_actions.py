"""A shop's actions.py or actions/ is read as rasa-sdk reads it, and faults get their place."""

import logging
import sys
from pathlib import Path

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.shop_actions import load_shop_actions, with_shop_actions
from bot.errors import ConfigError

ACTION = """
from rasa_sdk import Action

class {cls}(Action):
    def name(self):
        return "{name}"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text={text})
"""


def action(name: str, text: str = "'hi'", cls: str = "ActionA") -> str:
    return ACTION.format(cls=cls, name=name, text=text)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


async def said_by(found: Action) -> str:
    dispatcher = CollectingDispatcher()
    await found.run(dispatcher, None, {})
    return str(dispatcher.messages[0]["text"])


def names(actions: tuple[Action, ...]) -> list[str]:
    return sorted(a.name() for a in actions)


BASE = """
from abc import ABC, abstractmethod
from rasa_sdk import Action, FormValidationAction, ValidationAction

class Base(Action, ABC):
    @abstractmethod
    def name(self): ...
"""
MANY = f"""{BASE}
class ActionA(Base):
    def name(self):
        return "action_a"
    def run(self, dispatcher, tracker, domain):
        return []

Alias = ActionA

class ValidateForm(FormValidationAction):
    def name(self):
        return "validate_form"

class Checks(ValidationAction):
    pass
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),
        ({"actions/notes.txt": "x"}, []),
        ({"actions.py": "x = 1"}, []),
        ({"actions.py": MANY}, ["action_a", "action_validate_slot_mappings", "validate_form"]),
        ({"actions/__init__.py": "", "actions/a.py": action("action_a"),
          "actions/more/__init__.py": "", "actions/more/b.py": action("action_b")},
         ["action_a", "action_b"]),
        ({"actions/a.py": action("action_a")}, ["action_a"]),  # no __init__.py, as with Rasa
        # imported classes are not the module's own
        ({"actions/__init__.py": "from .a import ActionA", "actions/a.py": action("action_a")},
         ["action_a"]),
    ],
)  # fmt: skip
def test_every_action_that_is_defined_there(
    files: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    write(tmp_path, files)
    assert names(load_shop_actions(tmp_path)) == found


@pytest.mark.parametrize(
    ("files"),
    [
        {"actions/__init__.py": "", "actions/words.py": "HI = 'hello'",
         "actions/a.py": "from .words import HI\n" + action("action_a", "HI")},
        {"actions/__init__.py": "", "actions/words.py": "HI = 'hello'",
         "actions/a.py": "from actions.words import HI\n" + action("action_a", "HI")},
        {"actions/__init__.py": "import actions.words", "actions/words.py": "HI = 'hello'",
         "actions/a.py": "from actions import words\n" + action("action_a", "words.HI")},
        {"words.py": "HI = 'hello'",
         "actions.py": "from words import HI\n" + action("action_a", "HI")},
    ],
    ids=["relative", "as in Rasa", "the package", "a file beside it"],
)  # fmt: skip
async def test_imports_within_the_shop(files: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, files)
    before = set(sys.modules)
    [found] = load_shop_actions(tmp_path)
    assert await said_by(found) == "hello"
    left = {name for name in set(sys.modules) - before if not name.startswith("shopclerk_shop_")}
    assert not left & {"actions", "actions.words", "words"}


async def test_a_module_has_one_life_under_both_of_its_names(tmp_path: Path) -> None:
    counting = "COUNT = []\n"
    write(tmp_path, {
        "actions/__init__.py": "",
        "actions/shared.py": counting,
        "actions/a.py": "from actions.shared import COUNT\nCOUNT.append(1)\n",
        "actions/b.py": "from .shared import COUNT\nCOUNT.append(2)\n"
                        + action("action_b", "str(COUNT)"),
    })  # fmt: skip
    [found] = load_shop_actions(tmp_path)
    assert await said_by(found) == "[1, 2]"


async def test_two_shops_stay_apart(tmp_path: Path) -> None:
    for shop in ("one", "two"):
        write(tmp_path / shop, {
            "actions/__init__.py": "", "actions/words.py": f"HI = '{shop}'",
            "actions/a.py": "from actions.words import HI\n" + action("action_a", "HI"),
        })  # fmt: skip
    [one] = load_shop_actions(tmp_path / "one")
    [two] = load_shop_actions(tmp_path / "two")
    assert [await said_by(one), await said_by(two)] == ["one", "two"]


async def test_what_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    for text in ("'one'", "'twice'"):
        write(tmp_path, {"actions.py": action("action_a", text)})
        [found] = load_shop_actions(tmp_path)
        assert await said_by(found) == text.strip("'")


def test_another_package_named_actions_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = type(sys)("actions")
    monkeypatch.setitem(sys.modules, "actions", other)
    write(tmp_path, {"actions/__init__.py": "", "actions/words.py": "HI = 'hello'",
                     "actions/a.py": "from actions.words import HI\n"})  # fmt: skip
    load_shop_actions(tmp_path)
    assert sys.modules["actions"] is other


RUN = "    def run(self, dispatcher, tracker, domain):\n        return []\n"
HEAD = "from rasa_sdk import Action\n\nclass A(Action):\n"
NAMED = "    def name(self):\n        return 'action_a'\n"


@pytest.mark.parametrize(
    ("files", "place", "what"),
    [
        ({"actions.py": "x = 1\nimport no_such_thing\n"}, "actions.py:2", "No module named"),
        ({"actions.py": "import no_such_thing\n"}, "actions.py:1", "install what it needs"),
        ({"actions.py": "x = 1\ny = (\n"}, "actions.py:2", "not valid Python"),
        ({"actions.py": "x = 1\n\ny = 1 / 0\n"}, "actions.py:3", "ZeroDivisionError"),
        ({"actions.py": "import sys\nsys.exit(1)\n"}, "actions.py:2", "exit()"),
        ({"actions/__init__.py": "", "actions/a.py": "from .b import x\n",
          "actions/b.py": "\nx = {}['key']\n"}, "actions/b.py:2", "KeyError"),
        ({"actions/__init__.py": "", "actions/a.py": "from .words import x\n"},
         "actions/a.py:1", "No module named 'actions.words'"),
        ({"actions.py": HEAD + "    def __init__(self, orders):\n        pass\n" + NAMED + RUN},
         "actions.py:3", "class A cannot be made without orders"),
        ({"actions.py": HEAD + "    def __init__(self):\n        1 / 0\n" + NAMED + RUN},
         "actions.py:3", "its constructor or name() fails with ZeroDivisionError"),
        ({"actions.py": HEAD + RUN}, "actions.py:3", "An action must implement a name"),
        ({"actions.py": HEAD + "    def name(self):\n        return None\n" + RUN},
         "actions.py:3", "name() returns None"),
        ({"actions.py": HEAD + NAMED + "    def run(self, dispatcher):\n        return []\n"},
         "actions.py:3", "run must take dispatcher, tracker and domain"),
        ({"actions.py": HEAD + NAMED + RUN + HEAD.replace("A(", "B(") + NAMED + RUN},
         "actions.py:10", "'action_a' is already at"),
        ({"actions.py": "", "actions/__init__.py": ""}, "actions.py", "keep one of the two"),
    ],
)  # fmt: skip
def test_faults_are_told_with_place_and_remedy(
    files: dict[str, str], place: str, what: str, tmp_path: Path
) -> None:
    write(tmp_path, files)
    with pytest.raises(ConfigError) as raised:
        load_shop_actions(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / place}: ")
    assert what in str(raised.value)


def test_the_shops_action_replaces_ours_of_the_same_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, {"own.py": "", "actions.py": action("action_a") + action("action_b", cls="B")})
    shops = load_shop_actions(tmp_path)
    write(tmp_path / "own", {"actions.py": action("action_a") + action("action_c", cls="C")})
    own = load_shop_actions(tmp_path / "own")
    with caplog.at_level(logging.INFO, "shopclerk"):
        both = with_shop_actions(own, shops)
    assert names(both) == ["action_a", "action_b", "action_c"]
    assert shops[0] in both
    assert [r.getMessage() for r in caplog.records] == [
        f"{tmp_path / 'actions.py'}:4 replaces the bot's own action 'action_a'"
    ]
