"""Shirts: tee, long, button, polo."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    dot,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

TORSO = "M150 96Q200 124 250 96L276 112 266 150V322Q200 336 134 322V150L124 112Z"

SHORT_SLEEVE = "M150 96L124 110 76 168 112 204 136 178V120Z"

LONG_SLEEVE = "M150 96L122 112Q104 150 92 210L72 300Q88 314 110 310L140 206V120Z"


def checks(look: Look, *, sleeves: bool) -> str:
    """Return the lines of a checked flannel, on long sleeves too."""
    broad = (
        "M137 150H263M137 196H263M137 242H263M137 288H263M156 116V322M178 124V325"
        "M222 124V325M244 116V322"
    )
    butt = 'stroke-linecap="butt"'
    arm = "M112 160L138 170M102 204L136 214M90 252L126 262M122 130L90 300"
    return (
        seam(broad, look.tint.deep, 9, f'opacity=".3" {butt}')
        + seam(broad, look.trim.light, 2, 'opacity=".8"')
        + (both(seam(arm, look.tint.deep, 7, f'opacity=".28" {butt}')) if sleeves else "")
    )


def placket(look: Look, bottom: int) -> str:
    """Return a button band and a folded collar."""
    buttons = "".join(dot(200, y, 4, look.trim.pale) for y in range(142, bottom - 4, 36))
    inside = path("M160 84L200 126 240 84Q200 72 160 84Z", look.tint.deep)
    return (
        inside
        + path(f"M189 118H211V{bottom}Q200 {bottom + 3} 189 {bottom}Z", look.tint.light)
        + buttons
        + both(path("M200 126L160 84 146 104 172 140Z", TRIM))
    )


def tee_front(look: Look) -> str:
    """Return a chest pocket, or one of three prints."""
    tint, trim = look.tint, look.trim
    if look.parts == 1:
        return path("M222 140H256V176Q239 184 222 176Z", tint.light)
    if look.twist < 0.34:
        hills = path("M150 226L188 162 206 190 220 170 252 226Z", trim.light, BARE)
        return hills + dot(232, 158, 12, trim.base, BARE)
    if look.twist < 0.67:
        return path("M134 168H266V192H134ZM134 202H266V212H134Z", trim.base, BARE)
    tree = "M200 150l22 34h-12l18 28h-22v16h-12v-16h-22l18 -28h-12z"
    return path(tree, trim.light, BARE)


def shirt(look: Look) -> str:
    """Draw a shirt of shape tee, long (base layer), button (flannel) or polo."""
    tint, trim = look.tint, look.trim
    short = look.shape in ("tee", "polo") or (look.shape == "button" and look.twist < 0.3)
    sleeve = path(SHORT_SLEEVE if short else LONG_SLEEVE, BODY)
    if short:
        sleeve += path("M84 158L76 168 112 204 120 195Z", TRIM)
    else:
        sleeve += path("M76 284L72 300Q88 314 110 310L114 296Q92 298 76 284Z", TRIM)
        sleeve += seam("M118 190Q110 230 100 260", tint.line, 2)
    neck = path("M150 96Q200 124 250 96L240 90Q200 110 160 90Z", TRIM) + path(
        "M160 90Q200 110 240 90Q200 84 160 90Z", tint.deep
    )
    torso = path(TORSO, BODY) + shade(
        "M240 102L250 96 276 112 266 150V322Q250 328 226 329Q248 220 240 102Z", 0.12
    )
    match look.shape:
        case "button":
            flap = path(
                "M148 168H182V206Q165 214 148 206ZM146 164H184V176L165 184 146 176Z", tint.light
            )
            pockets = {0: "", 1: flap}.get(look.parts, both(flap))
            detail = checks(look, sleeves=not short) + pockets + placket(look, 329)
        case "polo":
            detail = placket(look, 190)
            if look.parts:
                detail += path("M226 150H254V184Q240 192 226 184Z", tint.light)
        case "long":
            detail = neck + seam("M150 96Q142 130 136 176M250 96Q258 130 264 176", trim.base, 3)
            if look.hood:
                detail += path("M162 92Q164 66 200 64T238 92Q200 116 162 92Z", TRIM) + seam(
                    "M200 70V168", trim.deep, 5
                )
                detail += seam("M200 74V166", trim.pale, 2)
            else:
                detail += seam("M150 200Q200 212 250 200M146 240Q200 252 254 240", tint.line, 2)
        case _:
            detail = neck + tee_front(look)
    return (
        shadow(200, 352, 92, 9)
        + both(sleeve)
        + torso
        + detail
        + seam("M138 308Q200 322 262 308", tint.line, 2, 'stroke-dasharray="6 4"')
        + shine("M146 150Q142 230 146 306l8 2Q150 230 156 154Z", 0.26)
    )
