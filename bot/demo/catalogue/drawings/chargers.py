"""Chargers: power bank, solar panel, wall plug, wireless pad."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    box,
    dot,
    moved,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look

SCREEN = "#13212b"


def bank(look: Look) -> str:
    """Return a power bank with its cable."""
    cord = "M206 92Q206 40 262 48T330 130Q340 190 318 232"
    lamps = "".join(
        dot(164 + 24 * i, 292, 6, "#8fe3a6" if i < 3 else look.tint.dark) for i in range(4)
    )
    return (
        seam(cord, look.tint.deep, 10)
        + seam(cord, look.trim.base, 6)
        + box(300, 228, 36, 46, RUBBER, r=7)
        + box(308, 272, 20, 26, STEEL, r=3)
        + box(124, 92, 152, 240, BODY, r=24)
        + shade("M236 92H252Q276 92 276 116V308Q276 332 252 332H226Q246 210 236 92Z", 0.14)
        + path("M124 116Q124 92 148 92H252Q276 92 276 116V130H124Z", TRIM)
        + box(154, 100, 30, 14, RUBBER, r=5)
        + box(196, 98, 24, 18, RUBBER, r=3)
        + path("M208 158L172 224H196L188 268 230 198H204Z", look.trim.light)
        + lamps
        + shine("M136 138V310h9V138Z", 0.36)
    )


def solar(look: Look) -> str:
    """Return a folding panel in three leaves."""
    cells = "M11 42H89M11 72H89M11 102H89M37 11V133M63 11V133"
    leaf = (
        path("M0 0H100V144H0Z", BODY)
        + path("M11 11H89V133H11Z", "#24405f")
        + seam(cells, "#7fa3c4", 2)
        + path("M11 11H52L20 133H11Z", "#fff", f'opacity=".16" {BARE}')
    )
    return (
        moved(leaf, "matrix(.92 .14 0 1.1 50 126)")
        + moved(leaf, "matrix(1.06 -.02 0 1.14 146 140)")
        + moved(leaf, "matrix(.92 -.16 0 1.1 256 138)")
        + path("M152 306H246V336H152Z", TRIM)
        + box(170, 314, 24, 12, RUBBER, r=3)
        + box(206, 314, 24, 12, RUBBER, r=3)
        + seam("M50 126Q34 112 46 100Q62 98 58 122", STEEL, 5)
    )


def plug(look: Look) -> str:
    """Return a wall charger with several ports."""
    ports = "".join(box(182, y, 56, 20, RUBBER, r=9) for y in (164, 200)[: 1 + look.parts // 2])
    return (
        box(66, 168, 52, 16, STEEL, r=3)
        + box(66, 226, 52, 16, STEEL, r=3)
        + path("M108 140Q108 116 132 116H160V300H132Q108 300 108 276Z", look.tint.dark)
        + path(
            "M146 104H276Q304 104 304 132V284Q304 312 276 312H146Q132 312 132 298V118"
            "Q132 104 146 104Z",
            BODY,
        )
        + path("M132 258H304V284Q304 312 276 312H146Q132 312 132 298Z", TRIM)
        + ports
        + box(188, 236, 44, 12, RUBBER, r=3)
        + dot(276, 132, 6, "#8fe3a6")
        + path("M222 268L202 292H216L210 308 236 280H220Z", look.trim.pale, BARE)
        + shine("M144 120V290h10V120Z", 0.36)
    )


def pad(look: Look) -> str:
    """Return a wireless pad with a phone on it."""
    return (
        seam("M300 322Q350 330 380 300", look.trim.dark, 7)
        + oval(196, 316, 124, 26, look.tint.dark)
        + oval(196, 306, 124, 26, BODY)
        + oval(196, 306, 92, 17, TRIM)
        + moved(
            box(134, 74, 124, 228, RUBBER, r=20)
            + box(142, 82, 108, 212, SCREEN, r=14)
            + path(
                "M142 240L170 196 192 222 214 184 250 236V280Q250 294 236 294H156Q142 294 142 280Z",
                "#3f8f7b",
                BARE,
            )
            + dot(196, 152, 30, "none", 'stroke="#8fe3a6" stroke-width="6"')
            + path("M200 132L184 156H195L191 172 208 148H197Z", "#8fe3a6", BARE)
            + shine("M152 96H190L152 200Z", 0.14),
            "rotate(4 196 200)",
        )
    )


def charger(look: Look) -> str:
    """Draw a charger of shape bank, solar, plug or pad."""
    shapes = {"bank": bank, "solar": solar, "plug": plug, "pad": pad}
    return shadow(200, 338, 140, 12) + shapes[look.shape](look)
