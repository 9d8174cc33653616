"""What the engine plays by: a shop's domain, its flows, and the actions that can be run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue.domain import Domain
from bot.dialogue.flows import Flow, Flows, Step
from bot.dialogue.forms import form_flows


@dataclass(frozen=True)
class Script:
    """Read once, replaced as a whole, never changed. `actions` leaves responses out."""

    domain: Domain
    flows: Flows
    actions: frozenset[str]

    def question(self, step: Step) -> str:
        """The response or action that asks for a collect step's slot."""
        asks = f"action_ask_{step.name}"
        return step.utter or (asks if asks in self.actions else f"utter_ask_{step.name}")

    def checker(self, flow: Flow, step: Step) -> str | None:
        """The action that checks a collect step's value (`validate_SLOT`, a form's), if any."""
        name = f"validate_{flow.id}" if flow.form else f"validate_{step.name}"
        return name if name in self.actions else None


def write_script(domain: Domain, flows: Flows, actions: frozenset[str]) -> Script:
    """Put flows and forms together: a step `action: FORM` calls the form's flow."""
    forms = form_flows(domain, actions)
    by_id = {i: _calling(flow, forms) for i, flow in flows.by_id.items()}
    by_intent = {intent: by_id[flow.id] for intent, flow in flows.by_intent.items()}
    return Script(domain, Flows({**forms, **by_id}, by_intent), actions)


def _calling(flow: Flow, forms: Mapping[str, Flow]) -> Flow:
    steps = {
        i: replace(step, kind="call") if step.kind == "action" and step.name in forms else step
        for i, step in flow.steps.items()
    }
    return replace(flow, steps=steps)
