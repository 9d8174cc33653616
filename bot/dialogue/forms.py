"""Rasa's forms as flows: their action, a `FormValidationAction`, decides the next question."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.domain import Domain
from bot.dialogue.flows import END, Branch, Flow, Step

REQUESTED = "requested_slot"
"""The slot in which Rasa keeps what a form asks for; its action may change it."""

ENTRY = "form"
_ASKS = ("action_ask_{form}_{slot}", "utter_ask_{form}_{slot}", "action_ask_{slot}")


def form_flows(domain: Domain, actions: frozenset[str]) -> dict[str, Flow]:
    """One flow for each form; it may ask for any slot, since its action may require more."""
    return {name: _flow(name, domain, actions) for name in domain.forms}


def next_question(
    form: str, domain: Domain, slots: Mapping[str, Any], *, decided: bool
) -> str:
    """The slot to ask for, which is also the id of its step, or END.

    Rasa's rule: what the form's action requested if it `decided`, else the first required slot
    that is empty. An action that requests nothing ends the form.
    """
    requested = slots.get(REQUESTED)
    if decided and requested is None:
        return END
    if str(requested) in domain.slots and slots.get(str(requested)) is None:
        return str(requested)
    empty = [s for s in domain.forms[form].required_slots if slots.get(s) is None]
    return empty[0] if empty else END


def _flow(name: str, domain: Domain, actions: frozenset[str]) -> Flow:
    steps = {ENTRY: Step(ENTRY, "noop", (Branch(None, END),))}
    for slot in domain.slots:
        asks = (pattern.format(form=name, slot=slot) for pattern in _ASKS)
        known = [ask for ask in asks if ask in actions or ask in domain.responses]
        step = Step(slot, "collect", (Branch(None, END),), slot, known[0] if known else "")
        steps[slot] = step
    return Flow(
        name,
        name.replace("_", " "),
        "",
        (),
        {},
        ENTRY,
        steps,
        persisted_slots=frozenset(domain.slots),  # as in Rasa: a form's slots stay
        form=True,
    )
