"""What every page of the studio needs: who asks, refusals in plain words, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr

from bot.errors import ConfigError
from bot.publishing.values import CannotPublish, Key, NotAllowed, User
from knowledge.editing.errors import EditError
from knowledge.entries import KnowledgeError
from knowledge.versions.errors import VersionError
from ui.markup import escape

if TYPE_CHECKING:
    from bot.publishing.workbench import Workbench

_AT_ONCE = 16  # events of one kind, by all who work in the studio

SIGNED_OUT = ("You are signed out. Sign in again in another tab, then go on here: what you typed "
              "is still in this page.")


class Access(Protocol):
    """Knows who is signed in."""

    def user(self, request: Any) -> User | None:
        """Return whom the request comes from."""
        ...


@dataclass(frozen=True)
class Desk:
    """The workbench, and who stands at it: known by the request alone."""

    workbench: Workbench
    access: Access
    language: str = "en"

    def user(self, request: gr.Request) -> User:
        """Return who is signed in; a refusal where nobody is."""
        user = self.access.user(request)
        if user is None:
            raise refusal(SIGNED_OUT)
        return user


def refusal(text: str) -> gr.Error:
    """An error for the reader: Gradio shows it as HTML, so it is escaped."""
    shown = escape(text[:2000]).replace("\n", "<br>")
    return gr.Error(shown, duration=12, print_exception=False)


@contextmanager
def told() -> Iterator[None]:
    """Turn what a lead can mend into a message; the page and what was typed stay as they are."""
    try:
        yield
    except NotAllowed as error:
        raise refusal(str(error) or "Only a lead can change this.") from error
    except KeyError as error:
        raise refusal("It is gone: somebody removed or renamed it. Load the page again.") from error
    except (CannotPublish, ConfigError, EditError, KnowledgeError, VersionError) as error:
        raise refusal(str(error)) from error


def sending(events: Sequence[str], elem_id: str, value: str = "") -> gr.HTML:
    """HTML whose elements with `data-do` send these events."""
    listed = "upload, " + ", ".join(f"{e}: data => trigger('{e}', data)" for e in events)
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False,
                   js_on_load=f"window.studio.connect(element, watch, {{{listed}}});")


def shown(value: str = "", *, elem_id: str | None = None) -> gr.HTML:
    """HTML that sends nothing."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def on(
    trigger: Callable[..., Any],
    do: Callable[..., Any],
    inputs: Sequence[Any] = (),
    outputs: Sequence[Any] = (),
    *,
    latest: bool = False,
    slow: bool = False,
    alone: bool = False,
) -> Any:
    """Bind a handler to an event.

    Args:
        trigger: A component's event.
        do: The handler.
        inputs: Components whose values it gets.
        outputs: Components that it sets.
        latest: For typing: while it runs, remember the last further event instead of dropping all.
        slow: Show progress.
        alone: While it runs, nothing else on the page of the draft or of a return can be pressed:
            what comes late would be drawn over what came after it.
    """
    event = trigger(
        do, list(inputs), list(outputs), api_visibility="private",
        # Outside the queue an event is quicker, but Gradio shows nobody why it was refused.
        queue=not latest, concurrency_limit=_AT_ONCE,
        show_progress="full" if slow else "hidden",
        trigger_mode="always_last" if latest else "once",
        js="(...v) => { window.studio.busy(true); return v; }" if alone else None,
    )
    if alone:
        event.then(None, js="() => window.studio.busy(false)", queue=False,
                   show_progress="hidden", api_visibility="private")
    event.failure(None, js="() => window.studio.failed()", queue=False, show_progress="hidden",
                  api_visibility="private")
    return event


def after(event: Any, do: Callable[..., Any], outputs: Sequence[Any]) -> None:
    """Bind what follows when an event went well."""
    event.success(do, [], list(outputs), queue=False, show_progress="hidden",
                  api_visibility="private")


def given(data: gr.EventData) -> Mapping[str, Any]:
    """What the page's script sent with an event: to be trusted in nothing."""
    found = data._data
    return found if isinstance(found, dict) else {}


def given_key(data: gr.EventData) -> Key:
    """The entry that an event names."""
    found = given(data)
    return str(found.get("id") or ""), str(found.get("language") or "")


def given_page(data: gr.EventData) -> int:
    """The page of a list that an event names."""
    number = str(given(data).get("page") or "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
