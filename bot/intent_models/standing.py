"""What is known of a shop's intent models: the live one, those before it, those not wanted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

KEPT = 5
"""Models that were live before and stay on disk, to go back to."""

_DECLINED = 20

Why = Literal["refused", "replaced"]


@dataclass(frozen=True)
class ModelRecord:
    """One model.

    `name` is its folder: the digest of what it was made from, with ".2" and so on where that was
    trained again. `at` (UTC, ISO) is when it went live or was declined. `right` of `asked` test
    questions were understood rightly when it was examined; 0 of 0 where there were none.
    """

    name: str
    at: str
    examples: int
    intents: int
    right: int = 0
    asked: int = 0

    @property
    def digest(self) -> str:
        """The digest of what it was made from."""
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """A name for people to read and type."""
        digest, dot, number = self.name.partition(".")
        return digest[:12] + dot + number


@dataclass(frozen=True)
class Declined:
    """A model that doesn't go live by itself."""

    model: ModelRecord
    why: Why


@dataclass(frozen=True)
class Standing:
    """All that is known; newest first. `earlier` may hold models that are also declined."""

    live: ModelRecord | None = None
    earlier: tuple[ModelRecord, ...] = ()
    declined: tuple[Declined, ...] = ()

    @property
    def live_name(self) -> str:
        """The name of the live model; empty before the first."""
        return self.live.name if self.live else ""

    @property
    def records(self) -> tuple[ModelRecord, ...]:
        """Every model once, the live one first."""
        found: dict[str, ModelRecord] = {}
        for record in (self.live, *self.earlier, *(d.model for d in self.declined)):
            if record is not None:
                found.setdefault(record.name, record)
        return tuple(found.values())

    @property
    def kept(self) -> frozenset[str]:
        """The models whose folders stay: the live one, the earlier ones, the one refused last."""
        refused = [d.model.name for d in self.declined if d.why == "refused"][:1]
        live = [self.live_name] if self.live else []
        return frozenset({*live, *(r.name for r in self.earlier), *refused})

    def declined_of(self, digest: str) -> Declined | None:
        """Return the latest declined model that was made from this."""
        return next((d for d in self.declined if d.model.digest == digest), None)

    def declined_as(self, name: str) -> Declined | None:
        """Return what is known of a declined model."""
        return next((d for d in self.declined if d.model.name == name), None)

    def with_live(self, model: ModelRecord) -> "Standing":
        """Return what follows when this model goes live."""
        before = [r for r in (self.live, *self.earlier) if r and r.name != model.name]
        declined = tuple(d for d in self.declined if d.model.name != model.name)
        return Standing(model, tuple(before[:KEPT]), declined)

    def with_declined(self, model: ModelRecord, why: Why) -> "Standing":
        """Return what follows when this model must not go live by itself."""
        others = [d for d in self.declined if d.model.name != model.name]
        return replace(self, declined=(Declined(model, why), *others)[:_DECLINED])

    def switched(self, name: str, at: str) -> "Standing":
        """Return what follows when a person chooses a model: the one before is declined.

        Raises:
            KeyError: no such model.
        """
        chosen = {r.name: r for r in self.records}[name]
        after = self.with_live(replace(chosen, at=at))
        if self.live is None or self.live.name == name:
            return after
        return after.with_declined(replace(self.live, at=at), "replaced")


def standing_to_json(standing: Standing) -> dict[str, Any]:
    """Return what goes into the file."""
    return {"format": 1, **asdict(standing)}


def standing_from_json(stored: Mapping[str, Any]) -> Standing:
    """Read it back.

    Raises:
        ValueError, KeyError, TypeError: it is damaged, or another version's.
    """
    if stored["format"] != 1:
        raise ValueError(f"format {stored['format']}")
    live = stored["live"]
    return Standing(
        ModelRecord(**live) if live else None,
        tuple(ModelRecord(**r) for r in stored["earlier"]),
        tuple(Declined(ModelRecord(**d["model"]), d["why"]) for d in stored["declined"]),
    )
