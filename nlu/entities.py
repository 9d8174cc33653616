"""Entities with exact offsets into the text as typed: by rules, by lists, and learnt ones."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nlu.alignment import MAX_CHARACTERS
from nlu.finders.contacts import find_emails, find_phones
from nlu.finders.dates import find_dates
from nlu.finders.lookups import PhraseTable
from nlu.finders.money import find_money
from nlu.finders.order_numbers import find_order_numbers
from nlu.finders.quantities import find_quantities
from nlu.finders.sizes import find_sizes
from nlu.finders.span import Span, fold, overlaps
from nlu.understanding import Entity

RULED = frozenset({"email", "money", "date", "phone", "order_number", "size", "quantity"})
"""What the built-in rules find: only they can tell the canonical value of such a span."""


@dataclass(frozen=True)
class LearntSpan:
    """What a trained model takes for an entity: [start, end) of the text as typed."""

    entity: str
    start: int
    end: int
    probability: float
    role: str | None = None
    group: str | None = None


class EntityExtractor:
    """Finds order numbers, contacts, money, days, sizes, counts, phrases and what was learnt.

    No two entities share a character. Who comes first keeps it:

    1. the shop's regexes; one under a built-in name (`order_number`, …) replaces the built-in rule;
    2. the built-in rules, in the order of `_by_precedence`, the longest span of each first;
    3. phrases of the shop's lookups and their synonyms, the longest first;
    4. learnt spans, the most probable first. One that meets a single earlier entity, of its name,
       only gives that its role and group ("last friday night" against the rule's "last friday").
       One under a built-in name that no rule confirms would have no canonical value: it is dropped.

    A learnt span's value is a synonym's target, or the lookup phrase that it is a slip of the
    finger away from, or the span as typed.
    """

    def __init__(
        self,
        lookups: Mapping[str, Iterable[str]] | None = None,
        synonyms: Mapping[str, str] | None = None,
        regexes: Mapping[str, Iterable[str]] | None = None,
        *,
        product_entity: str = "product_type",
    ) -> None:
        """Take the parts of `TrainingData`.

        Args:
            lookups: Phrases by entity name.
            synonyms: Canonical value by variant.
            regexes: Patterns by entity name, matched without regard to case; a first group, where
                there is one, is the span.
            product_entity: The lookup whose phrases a number may count.
        """
        self._phrases = PhraseTable(lookups or {}, synonyms or {})
        self._canonical = {fold(text): value for text, value in (synonyms or {}).items()}
        self._regexes = {
            name: [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
            for name, patterns in (regexes or {}).items()
        }
        self._product_entity = product_entity

    def extract(
        self, text: str, today: date, learnt: Sequence[LearntSpan] = ()
    ) -> tuple[Entity, ...]:
        """Return the entities in text order, none overlapping; text past the cap is not read.

        Args:
            text: The utterance as typed.
            today: What "yesterday" counts from.
            learnt: What a trained model found in it.
        """
        original = text[:MAX_CHARACTERS]
        folded = fold(original)
        taken: list[Span] = []
        entities: list[Entity] = []
        for name, spans in self._by_precedence(folded, original, today):
            for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
                if span.start < span.end and not overlaps(span.start, span.end, taken):
                    taken.append(span)
                    typed = original[span.start : span.end]
                    entities.append(
                        Entity(name, span.value, typed, span.start, span.end, span.role)
                    )
        for found in sorted(learnt, key=lambda span: -span.probability):
            if 0 <= found.start < found.end <= len(original):
                entities = self._with_learnt(entities, found, original)
        return tuple(sorted(entities, key=lambda entity: entity.start))

    def _with_learnt(
        self, entities: list[Entity], found: LearntSpan, original: str
    ) -> list[Entity]:
        touched = [e for e in entities if e.start < found.end and found.start < e.end]
        if not touched and found.entity not in RULED:
            typed = original[found.start : found.end]
            value = self._canonical.get(fold(typed)) or self._phrases.nearest(found.entity, typed)
            place = (found.start, found.end, found.role, found.group)
            return [*entities, Entity(found.entity, value or typed, typed, *place)]
        if [entity.name for entity in touched] != [found.entity]:
            return entities
        old = touched[0]
        new = replace(old, role=found.role or old.role, group=found.group or old.group)
        return [new if entity is old else entity for entity in entities]

    def _by_precedence(
        self, text: str, original: str, today: date
    ) -> Iterator[tuple[str, Iterable[Span]]]:
        """Yield each kind's spans; what comes earlier keeps its characters."""
        found = list(self._phrases.find(text, original))
        products = [start for start, _, phrase in found if phrase.entity == self._product_entity]
        for name, patterns in self._regexes.items():
            yield name, self._match(patterns, original)
        built_in = (
            ("email", find_emails(text)),
            ("money", find_money(text)),
            ("date", find_dates(text, today)),
            ("phone", find_phones(text)),
            ("order_number", find_order_numbers(text)),
            ("size", find_sizes(text, original)),
            ("quantity", find_quantities(text, products)),
        )
        for name, spans in built_in:
            if name not in self._regexes:
                yield name, spans
        for start, end, phrase in found:
            yield phrase.entity, [Span(start, end, phrase.value)]

    def _match(self, patterns: Iterable[re.Pattern[str]], original: str) -> Iterator[Span]:
        for pattern in patterns:
            for match in pattern.finditer(original):
                start, end = match.span(1 if pattern.groups and match[1] else 0)
                typed = original[start:end]
                yield Span(start, end, self._canonical.get(fold(typed), typed))
