"""Whatever stands in a domain file, it is read or refused with its place."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.domain_files import read_domain
from bot.errors import ConfigError

WORDS = st.sampled_from(
    [
        "type", "text", "categorical", "float", "bool", "list", "any", "mappings", "from_entity",
        "from_intent", "from_text", "custom", "controlled", "entity", "role", "intent", "value",
        "values", "min_value", "initial_value", "conditions", "active_loop", "requested_slot",
        "required_slots", "ignored_intents", "buttons", "title", "payload", "image", "condition",
        "slot", "name", "slots.a is true", "channel", "metadata", "template", "jinja", "{{ a",
        "attachment", "src", "custom", "use_entities", "roles", "action", "a", "b", "language",
    ]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def some_of(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with some of these keys, their values mostly of the right shape."""
    return st.fixed_dictionaries({}, optional={k: v | VALUES for k, v in parts.items()})


MAPPING = some_of(
    type=st.sampled_from(["from_entity", "from_intent", "from_text", "controlled", "from_llm"]),
    entity=WORDS,
    intent=WORDS,
    value=VALUES,
    conditions=st.lists(some_of(active_loop=WORDS, requested_slot=WORDS), max_size=2),
)
SLOT = some_of(
    type=st.sampled_from(["text", "bool", "categorical", "float", "list", "any"]),
    values=st.lists(WORDS, max_size=3),
    min_value=st.integers(0, 2),
    initial_value=VALUES,
    mappings=st.lists(MAPPING, max_size=2),
)
VARIATION = some_of(
    text=WORDS,
    buttons=st.lists(some_of(title=WORDS, payload=WORDS), max_size=2),
    condition=st.lists(some_of(type=st.just("slot"), name=WORDS, value=VALUES), max_size=2),
    metadata=some_of(template=st.just("jinja")),
    channel=WORDS,
    image=WORDS,
    custom=VALUES,
)
DOMAIN = some_of(
    slots=st.dictionaries(WORDS, SLOT, max_size=2),
    responses=st.dictionaries(WORDS, st.lists(VARIATION, min_size=1, max_size=3), max_size=2),
    forms=st.dictionaries(WORDS, some_of(required_slots=st.lists(WORDS, max_size=2)), max_size=1),
    intents=st.lists(WORDS | VALUES, max_size=2),
    entities=st.lists(WORDS | VALUES, max_size=2),
    actions=st.lists(WORDS | VALUES, max_size=2),
    session_config=VALUES,
    version=VALUES,
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(domain=DOMAIN)
def test_any_domain_is_read_or_refused_with_its_place(
    tmp_path: Path, domain: dict[str, Any]
) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(json.dumps(domain, indent=1), encoding="utf-8")
    try:
        found = read_domain(path)
    except ConfigError as error:
        for line in str(error).splitlines():
            assert re.match(rf"{re.escape(str(path))}:\d+:\d+: .", line), line
        return
    assert json.loads(json.dumps(found.raw)) == found.raw
    for name in found.responses:
        values = {"a": 1, "context": {"b": [2]}}
        for language in ("en", "zh"):
            with contextlib.suppress(ConfigError):  # none fits, or a template that cannot be filled
                assert found.say(name, language=language, values=values).response == name


def test_the_fuzz_reaches_past_the_first_check(tmp_path: Path) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(json.dumps({"slots": {"a": {"type": "float"}}}), encoding="utf-8")
    assert read_domain(path).slots["a"].type == "float"
    path.write_text(json.dumps({"slots": {"a": {"type": "floats"}}}), encoding="utf-8")
    with pytest.raises(ConfigError):
        read_domain(path)
