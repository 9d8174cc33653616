"""domain.yml, or a folder of such files, in Rasa 3 format.

What of the format is supported stands in docs/flows.md; anything else is an error with its line.
All problems that can be told apart are reported at once, in the order of the files.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.dialogue.domain import Domain, Form, SessionConfig
from bot.dialogue.domain_checks import EntityParts, unknown_names
from bot.dialogue.plain import plain
from bot.dialogue.response_files import read_response
from bot.dialogue.responses import Variation
from bot.dialogue.slot_files import names, read_slot
from bot.dialogue.slots import Slot
from bot.errors import ConfigError
from bot.yaml_lines import items, mapping, only_keys, place, read_yaml

_KEYS = (
    "version", "intents", "entities", "slots", "responses", "actions", "forms", "session_config",
    "config",
)  # fmt: skip


def read_domain(path: Path, known_slots: Collection[str] = ()) -> Domain:
    """Read a domain file, or all .yml and .yaml files of a folder as one domain.

    A response's language is its condition on the slot `language`.

    Args:
        path: the file or the folder.
        known_slots: slots that stand elsewhere and may be named here.

    Raises:
        ConfigError: every problem found, each on a line of its own with `path:line:column`.
    """
    files = [path]
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".yaml"))
        if not files:
            raise ConfigError(f"{path}: no .yml file in this folder; put the domain there")
    reader = _Reader()
    for file in files:
        with reader.collecting():
            reader.file(file)
    domain = reader.domain()
    elsewhere = {("slots", name): "" for name in ("language", *known_slots)}
    places = {**elsewhere, **reader.where}
    problems = [*reader.problems, *unknown_names(domain, reader.entities, places)]
    if problems:
        raise ConfigError("\n".join(sorted(problems, key=_in_order)))
    return domain


def _in_order(problem: str) -> tuple[str, int, int]:
    match = re.match(r"(.*?):(\d+):(\d+): ", problem, re.DOTALL)
    return (match[1], int(match[2]), int(match[3])) if match else (problem, 0, 0)


@dataclass
class _Reader:
    """Gathers the domain file by file. `where` has the place of every name, by section and name."""

    slots: dict[str, Slot] = field(default_factory=dict)
    responses: dict[str, tuple[Variation, ...]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    actions: dict[str, None] = field(default_factory=dict)
    intents: dict[str, None] = field(default_factory=dict)
    entities: dict[str, EntityParts] = field(default_factory=dict)
    session_config: SessionConfig = field(default_factory=SessionConfig)
    raw: dict[str, Any] = field(default_factory=dict)
    where: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Note a problem and go on with what comes next."""
        try:
            yield
        except ConfigError as error:
            self.problems.append(str(error))

    def domain(self) -> Domain:
        """The domain of all files read."""
        return Domain(
            slots=self.slots,
            responses=self.responses,
            actions=tuple(self.actions),
            forms=self.forms,
            intents=tuple(self.intents),
            entities=tuple(self.entities),
            session_config=self.session_config,
            raw=_raw(self),
        )

    def file(self, path: Path) -> None:
        """Read one file.

        Raises:
            ConfigError: what keeps the rest of the file from being read.
        """
        top = read_yaml(path)
        only_keys(path, top, _KEYS, "a domain")
        for section, read in (
            ("slots", self._slot),
            ("responses", self._response),
            ("forms", self._form),
        ):
            with self.collecting():
                self._named(path, top, section, read)
        for section, note in (
            ("intents", self._intent),
            ("entities", self._entity),
            ("actions", self._action),
        ):
            with self.collecting():
                self._listed(path, top, section, note)
        with self.collecting():
            self._session(path, top)
        with self.collecting():
            _check_version(path, top)
        with self.collecting():
            _check_config(path, top)

    def _named(
        self, path: Path, top: Any, section: str, read: Callable[[Path, Any, str], None]
    ) -> None:
        nodes = mapping(path, top, section)
        for name in nodes:
            here = place(path, nodes, name)
            with self.collecting():
                if not isinstance(name, str):
                    raise ConfigError(f"{here}: a name is a text; put {name!r} in quotes")
                self._first(section, name, here)
                read(path, nodes, name)
                self.raw.setdefault(section, {})[name] = plain(nodes[name])

    def _first(self, section: str, name: str, here: str) -> None:
        """Note where a name stands; refuse it if it stood elsewhere."""
        before = self.where.setdefault((section, name), here)
        if before != here:
            raise ConfigError(
                f"{here}: {name!r} under {section}: stands already at {before}; remove one"
            )

    def _listed(
        self, path: Path, top: Any, section: str, note: Callable[[Path, str, Any], None]
    ) -> None:
        seen: set[str] = set()
        found = items(path, top, section)
        for i, item in enumerate(found):
            here = place(path, top[section], i)
            with self.collecting():
                name, options = _name_and_options(path, item, here, section)
                if name in seen:
                    raise ConfigError(f"{here}: {name!r} stands twice under {section}: remove one")
                seen.add(name)
                self.where.setdefault((section, name), here)
                note(path, name, options)
                self.raw.setdefault(section, []).append(plain(item))

    def _slot(self, path: Path, nodes: Any, name: str) -> None:
        self.slots[name] = read_slot(path, nodes, name)

    def _response(self, path: Path, nodes: Any, name: str) -> None:
        self.responses[name] = read_response(path, nodes, name)

    def _form(self, path: Path, nodes: Any, name: str) -> None:
        node = mapping(path, nodes, name)
        only_keys(path, node, ("required_slots", "ignored_intents"), f"form {name!r}")
        if "required_slots" not in node:
            raise ConfigError(
                f"{place(path, nodes, name)}: form {name!r} needs required_slots:, the list of "
                "its slots; [] where an action names them"
            )
        if isinstance(node["required_slots"], dict):
            raise ConfigError(
                f"{place(path, node, 'required_slots')}: required_slots: is a list of names; "
                "how each is filled stands under slots: as its mappings:"
            )
        required = names(path, node, "required_slots")
        self.forms[name] = Form(name, required, names(path, node, "ignored_intents"))

    def _intent(self, path: Path, name: str, options: Any) -> None:
        only_keys(path, options, ("use_entities", "ignore_entities"), f"intent {name!r}")
        for key in options:
            if not isinstance(options[key], bool):
                names(path, options, key)
        self.intents[name] = None

    def _entity(self, path: Path, name: str, options: Any) -> None:
        known = ("roles", "groups", "influence_conversation")
        only_keys(path, options, known, f"entity {name!r}")
        roles, groups = (frozenset(map(str, items(path, options, key))) for key in known[:2])
        self.entities[name] = EntityParts(roles, groups)

    def _action(self, path: Path, name: str, options: Any) -> None:
        only_keys(path, options, ("send_domain",), f"action {name!r}")
        self.actions[name] = None

    def _session(self, path: Path, top: Any) -> None:
        node = mapping(path, top, "session_config")
        if not node:
            return
        self._first("the domain", "session_config", place(path, top, "session_config"))
        keys = ("session_expiration_time", "carry_over_slots_to_new_session")
        only_keys(path, node, keys, "session_config")
        minutes, kept = node.get(keys[0], 60), node.get(keys[1], True)
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0:
            raise ConfigError(
                f"{place(path, node, keys[0])}: {keys[0]}: is a number of minutes, 0 for never"
            )
        if not isinstance(kept, bool):
            raise ConfigError(f"{place(path, node, keys[1])}: {keys[1]}: is true or false")
        self.session_config = SessionConfig(float(minutes), kept)
        self.raw["session_config"] = dict(zip(keys, (float(minutes), kept), strict=True))


def _name_and_options(path: Path, item: Any, here: str, section: str) -> tuple[str, Any]:
    """Read `name`, or `name: {option: ...}`."""
    if isinstance(item, str) and item.strip():
        return item, {}
    if isinstance(item, CommentedMap) and len(item) == 1 and isinstance(next(iter(item)), str):
        name = next(iter(item))
        return name, mapping(path, item, name)
    raise ConfigError(
        f"{here}: {section}: is a list of names, each alone or as `- name: {{option: ...}}`"
    )


def _check_version(path: Path, top: Any) -> None:
    version = top.get("version")
    if version is not None and not re.fullmatch(r"3(\.\d+)*", str(version)):
        raise ConfigError(
            f"{place(path, top, 'version')}: version {version!r} is not Rasa 3's format; write "
            'the file in that format, with version: "3.1"'
        )


def _check_config(path: Path, top: Any) -> None:
    node = mapping(path, top, "config")
    only_keys(path, node, ("store_entities_as_slots",), "config")
    for key, value in node.items():
        if not isinstance(value, bool):
            raise ConfigError(f"{place(path, node, key)}: {key}: is true or false")


def _raw(reader: _Reader) -> dict[str, Any]:
    """The domain in the shape that Rasa sends to an action server.

    `session_config` stands in it only where the shop wrote one.
    """
    raw = reader.raw
    slots = {
        name: {"type": "any", "initial_value": None, "mappings": [], **(node or {})}
        for name, node in raw.get("slots", {}).items()
    }
    return {
        "version": "3.1",
        "intents": raw.get("intents", []),
        "entities": raw.get("entities", []),
        "slots": slots,
        "responses": raw.get("responses", {}),
        "forms": raw.get("forms", {}),
        "actions": list(reader.actions),
        "e2e_actions": [],
        **({"session_config": raw["session_config"]} if "session_config" in raw else {}),
    }
