"""Language codes: what people write in shop.toml, and what the speech models call it."""

from collections.abc import Sequence

from speech.transcript import SpeechModelError

# Codes that people and other software use for what Whisper calls by its ISO 639-1 code.
_ALIASES = {"cmn": "zh", "eng": "en"}


def base_language(language: str) -> str:
    """Return the language of a tag: `zh-CN` and `cmn` are `zh`, `en_GB` is `en`."""
    base = language.strip().lower().replace("_", "-").split("-")[0]
    return _ALIASES.get(base, base)


def whisper_language(language: str | None, known: Sequence[str]) -> str | None:
    """Return the language to force on a model that knows `known`; None lets it detect.

    A model that knows one language gets that one, whatever is asked for.

    Raises:
        SpeechModelError: the model knows several languages, but not this one.
    """
    if len(known) == 1:
        return known[0]
    if language is None:
        return None
    base = base_language(language)
    if base not in known:
        raise SpeechModelError(
            f"this speech model does not know the language '{language}': set speech.language in "
            f"shop.toml to one of {', '.join(sorted(known))}, or leave it out to detect it"
        )
    return base
