"""Decides at a start, and when somebody trains, which intent model is in use."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import ModelError
from bot.intent_models.choice import NO_WISH, Choice, Taught, TrainingWish
from bot.intent_models.comparison import IntentTest, Verdict, compare
from bot.intent_models.model import IntentModel
from bot.intent_models.standing import Declined, ModelRecord, Standing
from bot.intent_models.store import ModelStore

log = logging.getLogger("shopclerk")


class Chooser:
    """Trains where no model fits the files, examines it beside the live one, and chooses."""

    def __init__(
        self,
        store: ModelStore,
        train: Callable[[Path], None],
        open_model: Callable[[Path], IntentModel],
        tests: Sequence[IntentTest],
    ) -> None:
        """Take the parts.

        Args:
            store: keeps the models.
            train: writes a model of the files into a folder that is not there yet.
            open_model: loads one; ModelError where it can't be used.
            tests: what the models are compared on.
        """
        self._store = store
        self._train = train
        self._open = open_model
        self._tests = tests

    def choose(self, files: Taught, wish: TrainingWish = NO_WISH) -> Choice:
        """Return the model to use, and let every process use it.

        Raises:
            ModelError: the store can't be read or written.
        """
        candidate: IntentModel | None = None
        while True:
            standing = self._store.standing()
            live = self._live(standing)
            if live is not None and not wish.again:
                if live.record.digest == files.digest:
                    return _choice(live, files)
                declined = _stays_declined(standing, files, wish)
                if declined is not None:
                    return _choice(live, files, declined=declined)
            if candidate is None or not self._store.path(candidate.name).is_dir():
                candidate = self._of_files(files, again=wish.again)
                self._store.keep_taught(candidate.name, files.texts)
            choice = self._examined(live, candidate, files, wish)
            if self._settle(choice, before=standing):
                return choice
            wish = replace(wish, again=False)  # another process was quicker: what it took counts

    def _live(self, standing: Standing) -> "_InUse | None":
        if standing.live is None:
            return None
        try:
            return _InUse(self._open(self._store.path(standing.live.name)), standing.live)
        except ModelError as error:
            log.warning("%s; the model of the shop's files takes its place", error)
            return None

    def _of_files(self, files: Taught, *, again: bool) -> IntentModel:
        """Return the model of the files: the one on disk, or one that is trained now."""
        with self._store.training(lambda: log.warning("waiting: another process trains, too")):
            stored = () if again else self._store.trained(files.digest)
            for name in stored:
                try:
                    return self._open(self._store.path(name))
                except ModelError as error:
                    log.warning("%s; training again", error)
                    self._store.drop(name)
            name = self._store.free_name(files.digest)
            self._train(self._store.path(name))
        return self._open(self._store.path(name))

    def _examined(
        self, live: "_InUse | None", candidate: IntentModel, files: Taught, wish: TrainingWish
    ) -> Choice:
        known = self._store.taught(live.record.name) if live else frozenset()
        verdict = compare(
            live.model if live else None,
            candidate,
            self._tests,
            trained_on=files.texts | known,
        )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        record = ModelRecord(
            candidate.name,
            now,
            files.examples,
            len(candidate.intents),
            verdict.right,
            verdict.asked,
        )
        if live is not None and verdict.worse and not wish.accept_worse:
            return _choice(live, files, verdict=verdict, declined=Declined(record, "refused"))
        return _choice(_InUse(candidate, record), files, verdict=verdict)

    def _settle(self, choice: Choice, *, before: Standing) -> bool:
        """Write down what was decided; False where something else went live meanwhile."""
        examined = choice.declined.model if choice.declined else choice.record

        def after(now: Standing) -> Standing | None:
            gone = not self._store.path(examined.name).is_dir()
            if gone or now.live_name != before.live_name:
                return None
            if choice.declined:
                return now.with_declined(examined, choice.declined.why)
            return now.with_live(examined)

        return self._store.change(after)


@dataclass(frozen=True)
class _InUse:
    """A model with what is known of it."""

    model: IntentModel
    record: ModelRecord


def _stays_declined(standing: Standing, files: Taught, wish: TrainingWish) -> Declined | None:
    """Return the declined model of the files, where it is not to be looked at again."""
    declined = standing.declined_of(files.digest)
    if declined is None or wish.accept_worse or (wish.asked and declined.why == "refused"):
        return None
    return declined


def _choice(
    live: _InUse,
    files: Taught,
    *,
    verdict: Verdict | None = None,
    declined: Declined | None = None,
) -> Choice:
    unknown = tuple(i for i in files.intents if i not in live.model.intents)
    return Choice(live.model, live.record, verdict, declined, unknown)
