"""Colours of a drawing: one product colour becomes the shades that light and shadow need."""

from dataclasses import dataclass

INK = "#14202b"
SNOW = "#ffffff"
RUBBER = "#2f353b"
STEEL = "#aab4bb"
GLOW = "#ffdf8c"


@dataclass(frozen=True)
class Tint:
    """Shades of one colour, all "#rrggbb"."""

    base: str
    light: str
    pale: str
    dark: str
    deep: str  # the outline
    line: str  # stitching and creases: readable on `base`, however dark that is


@dataclass(frozen=True)
class Look:
    """What a drawing function needs to know about one product."""

    shape: str
    tint: Tint
    trim: Tint
    parts: int  # pockets of a garment or pack, people in a tent, ports of a charger
    hood: bool  # or what stands for it: a bobble, a neck flap, a mat roll
    twist: float  # in [0, 1), the same for every picture of one product: small variety


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of "#rrggbb", each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of `other` stirred in."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Return how bright the eye finds `colour`, 0 (black) to 1 (white)."""
    red, green, blue = channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def tint(colour: str) -> Tint:
    """Derive the shades of "#rrggbb"."""
    deep = mix(colour, INK, 0.62)
    bright = luminance(colour) > 0.3
    return Tint(
        base=colour,
        light=mix(colour, SNOW, 0.26),
        pale=mix(colour, SNOW, 0.62),
        dark=mix(colour, INK, 0.3),
        deep=deep,
        line=mix(colour, INK, 0.42) if bright else mix(colour, SNOW, 0.36),
    )
