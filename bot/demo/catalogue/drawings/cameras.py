"""Cameras: mirrorless, compact, action, trail."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    box,
    dot,
    oval,
    path,
    seam,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look

SCREEN = "#13212b"


def lens(x: float, y: float, r: float, look: Look) -> str:
    """Return a camera lens with reflections."""
    return (
        dot(x, y, r, RUBBER)
        + dot(x, y, r * 0.84, look.trim.base)
        + dot(x, y, r * 0.74, "#1a2229")
        + dot(x, y, r * 0.52, "#2c4a63", BARE)
        + dot(x, y, r * 0.3, "#0f1b26", BARE)
        + oval(x - r * 0.24, y - r * 0.26, r * 0.17, r * 0.12, "#fff", more=f'opacity=".85" {BARE}')
        + dot(x + r * 0.22, y + r * 0.24, r * 0.08, "#8ed0f0", BARE)
    )


def mirrorless(look: Look) -> str:
    """Return a camera with a large lens and a viewfinder."""
    strap = "M78 168Q20 90 110 62T300 66Q374 96 322 168"
    return (
        seam(strap, look.tint.deep, 13)
        + seam(strap, look.trim.base, 8)
        + path("M156 138L168 106H232L244 138Z", BODY)
        + path(
            "M70 156Q70 138 90 138H310Q330 138 330 156V290Q330 310 310 310H90Q70 310 70 290Z", BODY
        )
        + path("M70 180H330V266H70Z", RUBBER)
        + path("M70 156Q70 138 90 138H118V310H90Q70 310 70 290Z", look.tint.dark)
        + box(84, 124, 36, 16, RUBBER, r=6)
        + box(262, 122, 44, 18, STEEL, r=6)
        + seam("M272 124V138M284 124V138M296 124V138", "#6d777e", 2)
        + box(282, 152, 32, 18, "#e9f2f6", r=4)
        + lens(206, 228, 78, look)
        + dot(140, 158, 6, "#e5533d")
        + shine("M124 146H250V152H124Z", 0.4)
    )


def compact(look: Look) -> str:
    """Return a slim, tough camera with a wrist loop."""
    return (
        seam("M330 190Q380 220 352 290T300 330", look.tint.deep, 11)
        + seam("M330 190Q380 220 352 290T300 330", look.trim.base, 7)
        + path(
            "M64 170Q64 140 94 140H306Q336 140 336 170V280Q336 310 306 310H94Q64 310 64 280Z", BODY
        )
        + path("M64 268V280Q64 310 94 310H306Q336 310 336 280V268Z", TRIM)
        + box(100, 124, 54, 18, RUBBER, r=7)
        + box(172, 128, 26, 14, STEEL, r=5)
        + lens(226, 222, 66, look)
        + box(90, 168, 44, 22, "#f4f7f8", r=6)
        + dot(104, 226, 7, look.trim.light)
        + both(dot(80, 156, 4, STEEL) + dot(80, 294, 4, STEEL))
        + shine("M84 150H310V157H84Z", 0.4)
    )


def action(look: Look) -> str:
    """Return an action camera on a small mount."""
    return (
        path("M176 304H224L236 336H164Z", RUBBER)
        + dot(200, 314, 11, STEEL)
        + box(90, 116, 220, 190, BODY, r=28)
        + box(104, 130, 192, 162, RUBBER, r=18)
        + box(122, 196, 74, 60, SCREEN, r=8)
        + path("M128 248L146 220 158 234 170 214 190 248Z", "#8fc7b2", BARE)
        + dot(180, 210, 5, "#f7d678", BARE)
        + lens(244, 190, 48, look)
        + dot(136, 158, 7, "#e5533d")
        + box(160, 104, 50, 14, look.trim.base, r=6)
        + box(226, 258, 50, 14, look.trim.base, r=6)
        + shine("M112 124H280V130H112Z", 0.4)
    )


def trail(look: Look) -> str:
    """Return a wildlife camera strapped to a trunk."""
    patches = (
        "M132 130q24 -8 30 12q-10 20 -32 6zM236 150q30 -6 26 22q-22 10 -30 -6zM150 296"
        "q20 -16 36 0q0 18 -30 16zM230 262q24 0 28 20q-20 12 -34 -4z"
    )
    grid = "".join(f"M{x} {y}h0" for y in (144, 156, 168) for x in range(172, 232, 11))
    return (
        path("M150 0H262L272 400H136Z", "#8a7056", BARE)
        + seam(
            "M168 0Q176 120 164 200T176 400M244 20Q234 140 248 220T238 400M206 0V110M204 330V400",
            "#6c563f",
            5,
        )
        + seam("M110 222H290", look.trim.dark, 26)
        + path(
            "M124 118Q124 104 140 104H260Q276 104 276 118V316Q276 332 260 332H140Q124 332 124 316Z",
            BODY,
        )
        + path(patches, look.tint.dark, BARE)
        + box(158, 132, 84, 48, SCREEN, r=8)
        + seam(grid, "#d5655a", 5)
        + lens(200, 220, 36, look)
        + oval(200, 286, 34, 19, "#e8e6dd")
        + seam("M178 286H222M200 270V302", "#b3b0a4", 2)
        + shine("M132 120V310h8V120Z", 0.26)
    )


def camera(look: Look) -> str:
    """Draw a camera of shape mirrorless, compact, action or trail."""
    shapes = {"mirrorless": mirrorless, "compact": compact, "action": action, "trail": trail}
    ground = "" if look.shape == "trail" else shadow(200, 324, 140, 12)
    return ground + shapes[look.shape](look)
