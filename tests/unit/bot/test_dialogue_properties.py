"""Whatever people say, in whatever order: nothing raises, and every turn ends in a reply."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_data import ADA, BENS_ORDER, NO_ORDER
from stand_ins import DEMO, THRESHOLDS, ScriptedSearcher, ScriptedUnderstander, desk_of, entity, hit

from bot.dialogue.engine import RunAction, action_event, advance, begin
from bot.dialogue.interpret import interpret
from bot.dialogue.tracker import State, replay, slot_event
from bot.messages import Shopper
from bot.shop import ShopFiles, read_shop
from bot.storage.database import open_database
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

FILES = read_shop(DEMO)
INTENTS = (
    *sorted(FILES.flows.by_intent),
    "stop",
    "restart",
    "repeat",
    "delivery_period",
    "unheard_of",
)
PROBABILITIES = st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.99, 1.0])
ENTITIES = st.sampled_from(
    [entity("order_number", n) for n in ("4001", "4003", "4005", BENS_ORDER, NO_ORDER, "")]
    + [entity("email", "a@example.org"), entity("money", "20"), entity("unknown", "x")]
)


@st.composite
def understandings(draw: st.DrawFn) -> Understanding:
    names = draw(st.lists(st.sampled_from(INTENTS), max_size=3, unique=True))
    probabilities = sorted((draw(PROBABILITIES) for _ in names), reverse=True)
    return Understanding(
        draw(st.sampled_from(["", "words", "你好"])),
        draw(st.sampled_from(["en", "zh"])),
        tuple(IntentRank(n, p) for n, p in zip(names, probabilities, strict=True)),
        draw(st.booleans()),
        draw(PROBABILITIES),
        tuple(draw(st.lists(ENTITIES, max_size=2))),
    )


HITS = st.lists(
    st.builds(
        hit,
        st.sampled_from("abc"),
        PROBABILITIES,
        intent=st.sampled_from([None, "get_refund", "track_order", "delivery_period"]),
    ),
    max_size=3,
).map(lambda hits: sorted(hits, key=lambda h: -h.probability))
TURNS = st.lists(st.tuples(understandings(), HITS), max_size=8)
ROUTES = st.sampled_from(["ask", "person", "no", "self_service", None])


@settings(max_examples=100, deadline=None)
@given(TURNS, st.lists(ROUTES, min_size=1, max_size=3))
def test_no_conversation_breaks_the_engine(
    turns: Sequence[tuple[Understanding, Sequence[Hit]]], routes: Sequence[str | None]
) -> None:
    state = State()
    for understanding, hits in turns:
        decision = interpret(
            understanding,
            Findings(tuple(hits)),
            state,
            flows=FILES.flows,
            domain=FILES.domain,
            thresholds=THRESHOLDS,
        )
        assert decision.commands
        assert decision.reason
        state = replay(begin(state, decision.commands, FILES.flows), state)
        for step in range(50):
            events, effect = advance(state, FILES.flows)
            state = replay(events, state)
            if not isinstance(effect, RunAction):
                break
            route = routes[step % len(routes)]  # whatever an action makes of it
            state = replay(
                [
                    slot_event("cancellation", route),
                    slot_event("request_route", route),
                    action_event(effect.name, in_flow=True),
                ],
                state,
            )
        else:
            pytest.fail("the turn does not end")
        for frame in state.stack:
            assert frame.step in FILES.flows.by_id[frame.flow].steps


@settings(max_examples=25, deadline=None)
@given(TURNS, st.sampled_from([ADA, Shopper("visitor")]))
def test_every_turn_ends_in_a_reply(
    tmp_path_factory: pytest.TempPathFactory,
    turns: Sequence[tuple[Understanding, Sequence[Hit]]],
    shopper: Shopper,
) -> None:
    folder: Path = tmp_path_factory.mktemp("db")
    engine = open_database("sqlite:///shop.db", folder)
    script = {f"turn {i}": u for i, (u, _) in enumerate(turns)}
    found = {f"turn {i}": hits for i, (_, hits) in enumerate(turns)}
    failures: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = failures.append  # type: ignore[method-assign]
    logging.getLogger("shopclerk").addHandler(handler)

    async def talk() -> None:
        desk = desk_of(
            FILES,
            engine,
            understander=ScriptedUnderstander(script),
            searcher=ScriptedSearcher(found),
        )
        for text in script:
            turn = await desk.say(text, shopper)
            assert turn.messages
            for message in turn.messages:
                assert message.text
                assert "{" not in message.text
            assert turn.trace.decision
        assert BENS_ORDER not in desk.orders.cancelled
        assert "4003" not in desk.orders.cancelled  # risky
        assert desk.orders.cancelled == [] or shopper is ADA

    try:
        asyncio.run(talk())
    finally:
        logging.getLogger("shopclerk").removeHandler(handler)
        engine.dispose()
    assert failures == []


def test_the_demo_says_something_for_every_intent(demo: ShopFiles) -> None:
    assert set(demo.flows.by_intent) <= set(INTENTS)
