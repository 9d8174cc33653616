"""What the engine plays by: a shop's domain, its flows, and the actions that can be run."""

from dataclasses import dataclass

from bot.dialogue.domain import Domain
from bot.dialogue.flows import Flow, Flows, Step


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
