"""What an action server answers: a result in Rasa's shape, or why there is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.actions.errors import ActionError

_SHOWN_CHARS = 300


@dataclass(frozen=True)
class ActionResult:
    """What an action did and said, in Rasa's shapes."""

    events: tuple[Mapping[str, Any], ...]
    responses: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Secret:
    """The environment variable that holds the secret, and what must not be shown."""

    variable: str
    value: str = field(repr=False)


def read_answer(where: str, body: bytes) -> ActionResult:
    """Read the body of an answer with status 200.

    Args:
        where: the action and the server, for errors.
        body: JSON with `events` and `responses`.

    Raises:
        ActionError: it is something else.
    """
    try:
        said = json.loads(body)
    except ValueError as error:
        raise ActionError(
            f"{where} answers with what is no JSON; is it an action server, and does its url end "
            "in /webhook?"
        ) from error
    if not isinstance(said, dict):
        raise ActionError(f"{where} must answer with an object of events and responses")
    given = {what: said.get(what) for what in ("events", "responses")}
    events, responses = ([] if items is None else items for items in given.values())
    for what, items in (("events", events), ("responses", responses)):
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ActionError(f"{where} answers wrongly: {what} must be a list of objects")
    if not all(isinstance(event.get("event"), str) for event in events):
        raise ActionError(f"{where} answers wrongly: each event needs its kind under 'event'")
    return ActionResult(tuple(events), tuple(responses))


def why_refused(where: str, status: int, body: bytes, secret: Secret) -> str:
    """What a status other than 200 means, and what to do about it."""
    said = _texts(body)
    named = "action_name" in said  # rasa-sdk writes the action's name; other servers don't
    told = said.get("error", "")
    told = told.replace(secret.value, "…") if secret.value else told
    detail = f": {told[:_SHOWN_CHARS]}" if told else ""
    if status == 400 and named:
        return f"{where} refused to run it{detail}"
    if status == 404 and named:
        return f"{where} has no such action; add it there, or correct its name in domain.yml"
    if status in (404, 405):
        return f"{where} is no action server; its url mostly ends in /webhook"
    if status in (401, 403):
        variable = secret.variable
        return f"{where} does not accept the secret; set {variable} to the same on both sides"
    if status == 413:
        return f"{where} finds the conversation too long; raise the limit of its requests"
    if 300 <= status < 400:
        return f"{where} leads elsewhere; put the address that it leads to into shop.toml"
    if status >= 500:
        return f"{where} failed with status {status}{detail}; its log says why"
    return f"{where} answered with status {status}{detail}; it should be 200"


def _texts(body: bytes) -> dict[str, str]:
    """The texts of an error as rasa-sdk writes it; none where the body is something else."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {str(key): value for key, value in said.items() if isinstance(value, str)}
