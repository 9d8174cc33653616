"""Backpacks: trek, day, rolltop, vest."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    both,
    box,
    dot,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look


def harness(look: Look) -> str:
    """Return the shoulder straps that show beside a pack, and its haul loop."""
    return (
        both(seam("M144 136Q96 166 108 254Q112 286 130 300", look.tint.deep, 15))
        + both(seam("M144 136Q96 166 108 254Q112 286 130 300", look.tint.dark, 10))
        + seam("M180 90Q182 62 200 62T220 90", look.tint.deep, 9)
    )


def buckle(x: float, y: float, look: Look) -> str:
    """Return a side-release buckle."""
    return box(x - 9, y - 7, 18, 16, look.tint.deep, r=4) + box(
        x - 5, y - 3, 10, 8, look.trim.base, r=2
    )


def trek(look: Look) -> str:
    """Return a tall trekking pack with a lid."""
    tint = look.tint
    side = path("M136 226Q108 236 112 300Q116 324 140 326Z", TRIM) + seam(
        "M114 250Q124 244 136 244", tint.line, 3
    )
    roll = (
        path("M120 304H280Q296 304 296 325T280 346H120Q104 346 104 325T120 304Z", look.trim.light)
        + oval(120, 325, 14, 21, look.trim.base)
        + oval(120, 325, 6, 9, look.trim.dark)
    )
    front = path(
        "M152 214Q200 200 248 214Q256 262 248 304Q200 316 152 304Q144 262 152 214Z", tint.light
    )
    return (
        harness(look)
        + path("M138 120Q200 104 262 120Q280 210 270 322Q200 338 130 322Q120 210 138 120Z", BODY)
        + shade("M238 118L262 120Q280 210 270 322L240 328Q252 220 238 118Z", 0.14)
        + both(side)
        + (
            front + seam("M164 232Q200 222 236 232", tint.deep, 5)
            if look.parts > 1
            else seam("M170 196V310M230 196V310", tint.line, 3)
        )
        + seam("M138 206L166 190M262 206L234 190M134 300L156 290M266 300L244 290", tint.deep, 5)
        + path("M130 138Q130 84 200 80T270 138Q200 156 130 138Z", TRIM)
        + seam("M150 118Q200 106 250 118", look.trim.line, 3)
        + seam("M168 146V200M232 146V200", tint.deep, 7)
        + buckle(168, 184, look)
        + buckle(232, 184, look)
        + (roll if look.hood else "")
        + shine("M146 160Q138 220 142 296l9 2Q147 220 156 162Z", 0.28)
    )


def day(look: Look) -> str:
    """Return a rounded day pack with zips."""
    tint = look.tint
    side = path("M128 246Q104 252 110 312Q114 330 134 330Z", TRIM)
    return (
        harness(look)
        + both(side)
        + path("M126 190Q124 92 200 88T274 190L278 316Q240 338 200 338T122 316Z", BODY)
        + shade("M240 98Q276 118 274 190L278 316Q262 328 240 334Q256 210 240 98Z", 0.14)
        + seam("M136 214Q132 108 200 106T264 214", tint.deep, 5)
        + seam("M136 214Q132 108 200 106T264 214", look.trim.base, 1.5)
        + path("M146 236Q200 222 254 236L258 306Q228 322 200 322T142 306Z", TRIM)
        + seam("M152 254Q200 242 248 254", look.trim.deep, 5)
        + box(238, 248, 8, 22, tint.pale, r=4)
        + (
            path("M162 150Q200 140 238 150V196Q200 206 162 196Z", tint.light)
            + seam("M168 164Q200 156 232 164", tint.deep, 4)
            if look.parts > 1
            else seam("M176 140V212M224 140V212M176 160L224 190M224 160L176 190", look.trim.base, 3)
        )
        + box(262, 214, 7, 18, look.trim.light, r=3)
        + shine("M138 190Q136 132 166 114l6 6Q148 140 148 192Z", 0.3)
    )


def rolltop(look: Look) -> str:
    """Return a waterproof roll-top pack."""
    tint = look.tint
    return (
        harness(look)
        + path("M130 130H270L282 312Q240 336 200 336T118 312Z", BODY)
        + shade("M236 130H270L282 312Q264 324 238 332Q250 220 236 130Z", 0.14)
        + path("M128 92H272Q284 92 284 114T272 136H128Q116 136 116 114T128 92Z", TRIM)
        + seam("M124 108H276M124 120H276", look.trim.line, 2)
        + seam("M122 114Q100 130 112 190M278 114Q300 130 288 190", tint.deep, 7)
        + buckle(111, 178, look)
        + buckle(289, 178, look)
        + path("M150 232H250L256 306Q228 320 200 320T144 306Z", tint.light)
        + seam("M152 248H248", tint.deep, 5)
        + seam("M146 160L254 212M254 160L146 212", tint.deep, 5)
        + dot(200, 186, 9, look.trim.base)
        + shine("M142 148L134 300l10 6L152 150Z", 0.3)
    )


def vest(look: Look) -> str:
    """Return a running vest with two soft bottles, seen from the front."""
    tint = look.tint
    flask = (
        path("M134 196Q134 180 150 180T168 196V262H134Z", "#cfe8f2")
        + box(142, 164, 16, 18, look.trim.base, r=5)
        + path("M128 222H174V300Q150 312 126 298Z", TRIM)
        + seam("M134 250H168M134 270H168", look.trim.line, 2)
    )
    half = path(
        "M150 88Q166 76 182 90L190 160 192 316Q150 330 112 308Q100 260 112 214"
        "Q140 190 138 150Q136 112 150 88Z",
        BODY,
    )
    return (
        path("M150 92Q200 150 250 92L262 300H138Z", tint.deep)
        + both(half + flask)
        + seam("M190 186H210M191 250H209", look.trim.base, 7)
        + box(193, 179, 14, 14, tint.deep, r=3)
        + box(193, 243, 14, 14, tint.deep, r=3)
        + shine("M154 98Q150 120 152 156l8 0Q158 120 166 94Z", 0.3)
    )


def backpack(look: Look) -> str:
    """Draw a backpack of shape trek, day, rolltop or vest."""
    shapes = {"trek": trek, "day": day, "rolltop": rolltop, "vest": vest}
    return shadow(200, 340, 110, 14) + shapes[look.shape](look)
