"""Rule-based entities with exact offsets into the text as typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from nlu.finders.contacts import find_emails, find_phones
from nlu.finders.dates import find_dates
from nlu.finders.lookups import PhraseTable
from nlu.finders.money import find_money
from nlu.finders.order_numbers import find_order_numbers
from nlu.finders.quantities import find_quantities
from nlu.finders.sizes import find_sizes
from nlu.finders.span import Span, fold, overlaps
from nlu.language import MAX_CHARACTERS
from nlu.understanding import Entity


class EntityExtractor:
    """Finds order numbers, contacts, money, days, sizes, counts and the shop's own phrases.

    A regex of the shop under a built-in name (`order_number`, …) replaces the built-in rule.
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

    def extract(self, text: str, today: date) -> tuple[Entity, ...]:
        """Return the entities in text order, none overlapping; text past the cap is not read."""
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
        return tuple(sorted(entities, key=lambda entity: entity.start))

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
