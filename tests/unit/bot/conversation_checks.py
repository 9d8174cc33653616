"""What must hold in every conversation, told from its events and replies alone.

A *run* is one flow from its start to its end. A slot is *filled in* a run when it is one that the
flow, or a flow that it calls, collects, and it has a value while the run's task is on top.

- Every turn has a reply, none of which is an apology for an error.
- A turn that leaves a task under way ends with its question, or listens after a choice.
- A filled slot keeps its value while its run is on the stack. It may change by a correction that
  names it, by the message that takes the run up again, or as the answer to its question; and be
  emptied by a rejection, a check, or its question's `ask_before_filling`. While another task lies
  on top nothing is asked of it: what that one does to the slot is undone when the run comes back.
  Only a slot that outlives its flow (persisted, or a form's) then keeps what was said last.
- A step marked `once` is done once in a run, and no step's action is done twice in a run while the
  slots that the run collects are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.flows import Step
from bot.dialogue.said import collected
from bot.dialogue.script import Script
from bot.dialogue.stack import owned_slots, question_under_way
from bot.dialogue.tracker import Event, Frame, State, apply_event
from bot.messages import Turn

RUN = "run"


@dataclass
class Checks:
    """Follows one conversation; `wrong` says what did not hold.

    `script` is the shop's, which a test that breaks the engine leaves alone.
    """

    script: Script
    state: State
    wrong: list[str] = field(default_factory=list)
    runs: int = 0
    filled: dict[int, dict[str, Any]] = field(default_factory=dict)
    did: dict[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)
    at_resume: Mapping[str, Any] | None = None

    def turn(self, events: Sequence[Event], turn: Turn) -> None:
        """Take in one turn."""
        asked = question_under_way(self.state, self.script)
        changed = {asked[1]} if asked is not None else set[str]()
        self.at_resume = None
        for event in events:
            self._see(event)
            changed |= _corrected(event)
            refused = {"slot_checked", "question_asked"}
            if event["event"] in refused and (step := self._step(event)) is not None:
                changed.add(step.name)
        self._replied(turn)
        self._still_filled(changed)

    def _see(self, event: Event) -> None:
        if event["event"] == "flow_started":
            self.runs += 1
            event = {**event, "context": {**event["context"], RUN: self.runs}}
        if event["event"] == "action" and event.get("in_flow") and self.state.frame is not None:
            self._done(self.state.frame)
        if event["event"] == "flow_resumed":
            self.at_resume = self.state.slots
        if event["event"] == "slot" and event["value"] is not None:
            self._mentioned(event["name"], event["value"])
        self.state = apply_event(self.state, event)

    def _mentioned(self, slot: str, value: Any) -> None:
        """Note a value that a task below the one on top keeps, since the slot outlives its flow."""
        top = self.state.task
        for frame in self.state.stack:
            had = self.filled.get(frame.context[RUN], {})
            flow = self.script.flows.by_id[frame.flow]
            if frame not in top and slot in had and slot not in owned_slots(flow, self.script):
                had[slot] = value

    def _step(self, event: Event) -> Step | None:
        flow = self.script.flows.by_id.get(event.get("flow_id", ""))
        return flow.steps.get(event["step_id"]) if flow is not None else None

    def _done(self, frame: Frame) -> None:
        step = self.script.flows.by_id[frame.flow].steps[frame.step]
        if frame.kind == "pattern" or step.name.startswith("utter_"):
            return
        key = frame.context[RUN], frame.step
        known = self._known(frame)
        before = self.did.get(key)
        if before is not None and (step.once or before == known):
            self.wrong.append(f"{step.name} is done again in {frame.flow} with {known}")
        self.did[key] = known

    def _known(self, frame: Frame) -> dict[str, Any]:
        names = collected([frame.flow], self.script)
        values = {name: self.state.slots.get(name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def _replied(self, turn: Turn) -> None:
        if not turn.messages:
            self.wrong.append("no reply")
        for reply in turn.messages:
            if reply.response.startswith("utter_internal_error") or not reply.text:
                self.wrong.append(f"an apology or nothing: {reply.text!r}")
        frame = self.state.frame
        if self.state.task and not (frame is not None and frame.asked and not frame.done):
            self.wrong.append(f"nothing is asked at {frame}")
        asked = question_under_way(self.state, self.script)
        if frame is None or asked is None or asked[0] is not frame or not turn.messages:
            return
        question = self.script.question(self.script.flows.by_id[frame.flow].steps[frame.step])
        if turn.messages[-1].response != question:
            self.wrong.append(f"{question} is not said at the end: {turn.messages[-1].text!r}")

    def _still_filled(self, changed: set[str]) -> None:
        """Hold the task on top against what it had; note what it has now."""
        for frame in self.state.task:
            run = frame.context[RUN]
            now, had = self._known(frame), self.filled.get(run, {})
            for name in had.keys() - changed:
                if now.get(name) != had[name] and not self._told_at_resume(name, now.get(name)):
                    what = f"{name} {had[name]!r} → {now.get(name)!r}"
                    self.wrong.append(f"lost in {frame.flow}: {what}")
            self.filled[run] = now

    def _told_at_resume(self, slot: str, value: Any) -> bool:
        """Whether the message that took the task up gave the value, and not what lay on top."""
        return self.at_resume is not None and value not in (None, self.at_resume.get(slot))


def _corrected(event: Event) -> set[str]:
    """The slots that a correction which begins here names."""
    if event.get("flow_id") != "pattern_correction":
        return set()
    return set((event.get("context") or {}).get("slots", {}))
