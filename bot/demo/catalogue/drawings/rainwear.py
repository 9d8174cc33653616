"""Rainwear: coat, anorak, poncho, cape."""

from bot.demo.catalogue.drawings.jackets import hood
from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    both,
    box,
    dot,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

SLEEVE = "M152 116Q118 122 104 160L70 278Q88 298 122 292L154 204Z"
CUFF = "M74 266Q92 284 126 280L122 292Q88 298 70 278Z"


def body(hem: int) -> str:
    """Return a flared coat body down to `hem`."""
    return path(
        f"M152 116Q174 102 200 102T248 116L264 160 280 {hem}Q200 {hem + 20} 120 {hem}L136 160Z",
        BODY,
    )


def sleeves(look: Look) -> str:
    """Return both sleeves with cuffs and creases."""
    return both(
        path(SLEEVE, BODY) + path(CUFF, TRIM) + seam("M120 180Q112 220 98 250", look.tint.line, 2)
    )


def gloss(hem: int) -> str:
    """Return the wet sheen of coated cloth."""
    return shine(f"M152 150Q142 230 138 {hem - 20}l14 4Q156 230 164 152Z", 0.34) + shine(
        "M118 150Q104 190 92 240l8 4Q114 196 126 152ZM268 150q10 30 16 60l6 0q-6 -34 -14 -60z", 0.3
    )


def coat(look: Look) -> str:
    """Return a long coat with a buttoned storm flap and patch pockets."""
    hem = 336
    pocket = path("M146 244h40v42q-20 8 -42 2zM142 240h46v15q-24 4 -47 0z", look.tint.light)
    snaps = "".join(dot(200, y, 5, look.trim.pale) for y in range(142, 330, 36))
    return (
        sleeves(look)
        + body(hem)
        + shade(f"M236 112L264 160 280 {hem}Q260 {hem + 8} 230 {hem + 10}Q250 220 236 112Z", 0.13)
        + (both(pocket) if look.parts else "")
        + path(f"M186 108h28V{hem + 10}h-28z", look.tint.dark)
        + snaps
        + gloss(hem)
    )


def anorak(look: Look) -> str:
    """Return a half-zip pullover with one big pouch."""
    hem = 312
    return (
        sleeves(look)
        + body(hem)
        + path("M152 116Q174 102 200 102T248 116L266 176Q200 190 134 176Z", TRIM)
        + seam("M200 104V200", look.tint.deep, 7)
        + seam("M200 108V198", look.trim.pale, 2, 'stroke-dasharray="3 3"')
        + path("M154 216H246L262 286Q200 298 138 286Z", look.tint.light)
        + path("M150 206H250L254 236Q200 246 146 236Z", look.tint.dark)
        + both(dot(162, 230, 4, look.trim.pale))
        + seam(f"M122 {hem - 12}Q200 {hem + 8} 278 {hem - 12}", look.tint.line, 2)
        + gloss(hem)
    )


def poncho(look: Look) -> str:
    """Return a wide poncho in soft folds."""
    tint = look.tint
    return (
        path("M164 110Q110 130 64 312Q130 348 200 340T336 312Q290 130 236 110Z", BODY)
        + shade("M236 110Q290 130 336 312Q306 330 268 336Q272 200 236 110Z", 0.13)
        + seam(
            "M160 136Q130 220 118 330M184 150Q172 240 174 338M228 150Q240 240 236 338", tint.line
        )
        + both(seam("M86 268L104 190", tint.line, 2, 'stroke-dasharray="5 6"'))
        + path("M164 110Q200 128 236 110L226 96H174ZM186 118L200 176 214 118Z", tint.dark)
        + both(dot(98, 236, 4, look.trim.pale) + dot(90, 264, 4, look.trim.pale))
        + path("M64 312Q130 348 200 340T336 312L332 298Q270 332 200 326T68 298Z", TRIM)
        + shine("M146 140Q110 210 96 290l16 6Q122 210 160 144Z", 0.3)
    )


def raincoat(look: Look) -> str:
    """Draw rainwear of shape coat, anorak or poncho."""
    shapes = {"coat": coat, "anorak": anorak, "poncho": poncho}
    collar = path("M164 114Q166 88 200 86T236 114Q218 126 200 126T164 114Z", TRIM) + path(
        "M174 98Q200 106 226 98Q214 90 200 90T174 98Z", look.tint.deep
    )
    strings = both(
        seam("M184 116V146", look.trim.base, 3) + box(181, 144, 6, 12, look.trim.base, r=3)
    )
    if look.hood:
        return shadow(200, 358, 90, 9) + hood(look) + shapes[look.shape](look) + strings
    return shadow(200, 358, 90, 9) + shapes[look.shape](look) + collar
