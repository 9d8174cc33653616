"""The shop's one colour into the few that the page needs, each readable on its background."""

_WHITE = (255, 255, 255)
_BUBBLE, _BUBBLE_DARK = (241, 243, 240), (33, 41, 39)  # --bubble in chat.css: the middle grounds
_INK = (20, 26, 24)


def brand_css(color: str) -> str:
    """Return CSS variables for `#rrggbb`.

    `--brand` fills, `--on-brand` is text on it, `--brand-ink` is coloured text on the page: on
    light pages in light mode, on dark ones in dark mode. All reach WCAG AA (4.5 : 1).
    """
    brand = _rgb(color)
    on_brand = _WHITE if _contrast(brand, _WHITE) >= 4.5 else _INK
    if on_brand == _INK:  # a middling colour that neither text suits well is lightened for ink
        brand = _readable(brand, _INK, towards=_WHITE)
    ink = _readable(_rgb(color), _BUBBLE, towards=_INK)
    # Thin light letters on dark look fainter than the ratio says.
    ink_dark = _readable(_rgb(color), _BUBBLE_DARK, towards=_WHITE, minimum=6.0)
    return (
        f":root{{--brand:{_hex(brand)};--on-brand:{_hex(on_brand)};--brand-ink:{_hex(ink)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--brand-ink:{_hex(ink_dark)}}}}}"
    )


def _readable(
    color: tuple[int, ...],
    background: tuple[int, ...],
    *,
    towards: tuple[int, ...],
    minimum: float = 4.5,
) -> tuple[int, ...]:
    """Move a colour towards another until it can be read on the background."""
    mixed = color
    for step in range(21):
        mixed = tuple(round(c + (t - c) * step / 20) for c, t in zip(color, towards, strict=True))
        if _contrast(mixed, background) >= minimum:
            break
    return mixed


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """WCAG 2 contrast ratio, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: tuple[int, ...]) -> float:
    parts = [c / 255 for c in color]
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color.removeprefix("#")))


def _hex(color: tuple[int, ...]) -> str:
    return "#" + bytes(color).hex()
