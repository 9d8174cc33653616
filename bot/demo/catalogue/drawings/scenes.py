"""Soft landscapes behind the products."""

from dataclasses import dataclass
from random import Random

from bot.demo.catalogue.drawings.marks import dot, path
from bot.demo.catalogue.drawings.tints import channels, mix


@dataclass(frozen=True)
class Tone:
    """One light of the day: sky from top to horizon, sun, and three distances of land."""

    sky: str
    horizon: str
    sun: str
    far: str
    middle: str
    near: str


TONES = (
    Tone("#cfe3ee", "#f3f6f2", "#ffffff", "#b9d0da", "#a3c0c6", "#d9e2d6"),  # clear day
    Tone("#f6d9c4", "#fdf1e4", "#fff8ea", "#e9c3ae", "#d6ab98", "#efdccb"),  # dawn
    Tone("#d5d3e8", "#f3ecf0", "#fffaf2", "#bcb9d6", "#a5a4c6", "#dcd7e2"),  # dusk
    Tone("#d4e4d8", "#f4f6ea", "#fffef2", "#b6cfbd", "#9bbcaa", "#dbe5cf"),  # green morning
    Tone("#f5e6bf", "#fcf6e3", "#fffdf0", "#e8d09a", "#d8bb83", "#f0e1bb"),  # sandy noon
    Tone("#dfe6ea", "#f6f7f6", "#ffffff", "#c8d3d9", "#b1c0c8", "#e3e8e8"),  # mist
)
COOL = (TONES[0], TONES[2], TONES[3], TONES[5])  # for rain and snow
NIGHTS = (
    Tone("#17263f", "#3a5575", "#f4ecd2", "#22364f", "#1b2c43", "#142236"),
    Tone("#1d2140", "#524c77", "#f6e6cf", "#2b2c50", "#222443", "#191b35"),
    Tone("#102d38", "#2f6068", "#eef0d6", "#1c434c", "#16363f", "#0f2830"),
)


def distance(one: str, other: str) -> float:
    """Return the squared distance of two colours in RGB."""
    return sum((a - b) ** 2 for a, b in zip(channels(one), channels(other), strict=True))


def choose_tone(tones: tuple[Tone, ...], colour: str, dice: Random) -> Tone:
    """Choose among the better half of tones: those that set `colour` off best."""
    ranked = sorted(tones, key=lambda tone: -distance(mix(tone.middle, tone.sky, 0.5), colour))
    best = ranked[: (len(ranked) + 1) // 2 + 1]
    return best[int(dice.random() * len(best))]


def between(dice: Random, low: float, high: float) -> int:
    """Return a whole number from `low` to `high`."""
    return round(low + (high - low) * dice.random())


def ridge(dice: Random, y: int, height: int, step: int) -> str:
    """Return the path of a mountain chain whose feet are at `y`."""
    points = [f"M-10 400V{y - between(dice, 0, height // 2)}"]
    x, peak = -10, dice.random() < 0.5
    while x < 410:
        x += between(dice, step * 0.7, step * 1.3)
        rise = between(dice, height * 0.55, height) if peak else between(dice, 0, height * 0.3)
        points.append(f"L{x} {y - rise}")
        peak = not peak
    return "".join(points) + "V400Z"


def swell(dice: Random, y: int, height: int) -> str:
    """Return the path of dunes or soft hills about `y`."""
    a, b, c = (between(dice, -height, height) for _ in range(3))
    return (
        f"M0 400V{y + a}C90 {y + b - height} 150 {y + c + height} 230 {y + c}"
        f"S350 {y - a - 8} 400 {y + b}V400Z"
    )


def trees(dice: Random, y: int, count: int) -> str:
    """Return one path of `count` pointed trees standing about `y`."""
    marks = []
    for index in range(count):
        x = round((index + 0.5) * 400 / count) + between(dice, -9, 9)
        height, width = between(dice, 34, 74), between(dice, 10, 16)
        foot = y + between(dice, -3, 9)
        marks.append(f"M{x} {foot - height}l{width} {height}h-{2 * width}z")
    return "".join(marks)


def land(kind: str, tone: Tone, dice: Random) -> str:
    """Return the land of a scene, from far to near."""
    top = between(dice, 196, 232)
    match kind:
        case "dune":
            return (
                path(swell(dice, top + 20, 22), tone.far)
                + path(swell(dice, top + 58, 24), tone.middle)
                + path(swell(dice, 318, 10), tone.near)
            )
        case "forest":
            return (
                path(swell(dice, top, 26), tone.far)
                + path(trees(dice, 300, 12) + "M0 296H400V400H0Z", tone.middle)
                + path(swell(dice, 316, 8), tone.near)
            )
        case "lake":
            shore = between(dice, 268, 282)
            return (
                path(ridge(dice, shore, 110, 62), tone.far)
                + path(f"M0 {shore}H400V400H0Z", tone.horizon)
                + path("M30 296h90v3H30zM250 306h120v3H250zM120 352h70v3h-70z", tone.far)
                + path(swell(dice, 322, 6), tone.near)
            )
        case "snow":
            return (
                path(ridge(dice, 290, 150, 74), tone.far)
                + path(trees(dice, 306, 7), tone.middle)
                + path(swell(dice, 306, 10), "#f7fafb")
            )
        case "hills":
            return (
                path(swell(dice, top + 16, 30), tone.far)
                + path(swell(dice, top + 62, 22), tone.middle)
                + path(swell(dice, 320, 8), tone.near)
            )
        case _:
            return (
                path(ridge(dice, 290, 140, 66), tone.far)
                + path(ridge(dice, 318, 86, 50), tone.middle)
                + path(swell(dice, 318, 8), tone.near)
            )


def weather(kind: str, tone: Tone, dice: Random) -> str:
    """Return what is in the air: the sun, stars, snowflakes or rain."""
    if kind == "rain":
        drops = "".join(
            f"M{between(dice, 8, 388)} {between(dice, 6, 300)}l-6 20" for _ in range(22)
        )
        return f'<path d="{drops}" stroke="{tone.middle}" stroke-width="3" opacity=".8"/>'
    x, y = between(dice, 70, 330), between(dice, 62, 96)
    air = dot(x, y, between(dice, 26, 40), tone.sun, 'opacity=".9"')
    if kind in ("night", "snow"):
        fall = range(14 if kind == "snow" else 20)
        specks = "".join(f"M{between(dice, 4, 396)} {between(dice, 4, 210)}h0" for _ in fall)
        width = 5 if kind == "snow" else 2.5
        air += (
            f'<path d="{specks}" stroke="#fff" stroke-width="{width}" stroke-linecap="round" '
            'opacity=".85"/>'
        )
    return air


def scene(kind: str, colour: str, dice: Random) -> str:
    """Return a background.

    Args:
        kind: ridge, dune, forest, lake, hills, snow, rain or night.
        colour: of the product in front, "#rrggbb"; the light is chosen to set it off.
        dice: the source of the picture's variety.
    """
    lights = {"night": NIGHTS, "rain": COOL, "snow": COOL}
    tone = choose_tone(lights.get(kind, TONES), colour, dice)
    ground = {"rain": "hills", "night": "forest" if dice.random() < 0.5 else "ridge"}
    return (
        '<linearGradient id="k" x2="0" y2="1">'
        f'<stop stop-color="{tone.sky}"/><stop offset=".75" stop-color="{tone.horizon}"/>'
        "</linearGradient>"
        '<path d="M0 0H400V400H0Z" fill="url(#k)"/>'
        + weather(kind, tone, dice)
        + land(ground.get(kind, kind), tone, dice)
    )
