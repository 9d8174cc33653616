"""Shirts and trousers."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
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

TORSO = "M150 96Q200 124 250 96L276 112 266 150V322Q200 336 134 322V150L124 112Z"
SHORT_SLEEVE = "M150 96L124 110 76 168 112 204 136 178V120Z"
LONG_SLEEVE = "M150 96L122 112Q104 150 92 210L72 300Q88 314 110 310L140 206V120Z"


def checks(look: Look, *, sleeves: bool) -> str:
    """Return the lines of a checked flannel, on long sleeves too."""
    broad = "M134 150H266M134 196H266M134 242H266M134 288H266M156 104V326M178 112V330M222 112V330M244 104V326"
    arm = "M112 160L138 170M102 204L136 214M90 252L126 262M122 130L90 300"
    return (
        seam(broad, look.tint.deep, 9, 'opacity=".3"')
        + seam(broad, look.trim.light, 2, 'opacity=".8"')
        + (both(seam(arm, look.tint.deep, 7, 'opacity=".28"')) if sleeves else "")
    )


def placket(look: Look, bottom: int) -> str:
    """Return a button band and a folded collar."""
    buttons = "".join(dot(200, y, 4, look.trim.pale) for y in range(142, bottom - 4, 36))
    return (
        path(f"M189 118H211V{bottom}Q200 {bottom + 3} 189 {bottom}Z", look.tint.light)
        + buttons
        + both(path("M200 126L160 84 146 104 172 140Z", TRIM))
        + path("M160 84Q200 104 240 84Q200 74 160 84Z", look.tint.deep)
    )


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
    torso = path(TORSO, BODY) + shade("M240 102L250 96 276 112 266 150V322Q250 328 226 329Q248 220 240 102Z", 0.12)
    match look.shape:
        case "button":
            flap = path("M148 168H182V206Q165 214 148 206ZM146 164H184V176L165 184 146 176Z", tint.light)
            pockets = {0: "", 1: flap}.get(look.pockets, both(flap))
            detail = checks(look, sleeves=not short) + pockets + placket(look, 329)
        case "polo":
            detail = placket(look, 190)
            if look.pockets:
                detail += path("M226 150H254V184Q240 192 226 184Z", tint.light)
        case "long":
            detail = neck + seam("M150 96Q142 130 136 176M250 96Q258 130 264 176", trim.base, 3)
            if look.hood:
                detail += path("M162 92Q164 66 200 64T238 92Q200 116 162 92Z", TRIM) + seam("M200 70V168", trim.deep, 5)
                detail += seam("M200 74V166", trim.pale, 2)
            else:
                detail += seam("M150 200Q200 212 250 200M146 240Q200 252 254 240", tint.line, 2)
        case _:
            print_ = path("M150 226L188 162 206 190 220 170 252 226Z", trim.light, BARE)
            sun = dot(232, 158, 12, trim.base, BARE)
            chest = path("M222 140H256V176Q239 184 222 176Z", tint.light)
            detail = neck + (print_ + sun if look.pockets != 1 else chest)
    return (
        shadow(200, 352, 92, 9) + both(sleeve) + torso + detail
        + seam("M138 308Q200 322 262 308", tint.line, 2, 'stroke-dasharray="6 4"')
        + shine("M146 150Q142 230 146 306l8 2Q150 230 156 154Z", 0.26)
    )


LEG = "M136 72H264L282 338Q258 346 224 340L203 168H197L176 340Q142 346 118 338Z"
SLIM = "M146 72H254Q266 150 250 230L244 340Q226 346 210 340L203 160H197L190 340Q174 346 156 340L150 230Q134 150 146 72Z"
SHORTS = "M136 96H264L292 262Q258 280 212 274L203 196H197L188 274Q142 280 108 262Z"


def waist(look: Look, top: int) -> str:
    """Return a waistband with belt loops and a button."""
    return (
        path(f"M135 {top}H265L267 {top + 24}H133Z", TRIM)
        + seam(f"M158 {top - 2}V{top + 26}M242 {top - 2}V{top + 26}", look.tint.deep, 6)
        + dot(200, top + 12, 5, look.trim.pale)
    )


def tights(look: Look) -> str:
    """Return running tights."""
    return (
        path(SLIM, BODY)
        + both(path("M146 72Q134 150 150 230L156 340L166 342L164 230Q152 150 162 72Z", TRIM))
        + shade("M203 160L236 96Q250 200 228 343L210 340Z", 0.12)
        + path("M145 72H255L258 100H142Z", look.tint.dark)
        + seam("M200 100V160M174 236Q180 246 190 244M226 236Q220 246 210 244", look.tint.line, 2)
        + both(seam("M160 312h24", look.trim.pale, 5))
        + shine("M176 120Q170 180 178 226l6 0Q178 180 184 120Z")
    )


def trousers(look: Look) -> str:
    """Draw trousers of shape pants, cargo, zipoff, shorts, rain or tights."""
    tint, trim = look.tint, look.trim
    if look.shape == "tights":
        return shadow(200, 348, 90, 9) + tights(look)
    if look.shape == "shorts":
        side = path("M116 204L150 200 152 240 112 246Z", tint.light) + seam("M140 124Q142 150 122 162", tint.deep, 3)
        return (
            shadow(200, 330, 100, 10)
            + path(SHORTS, BODY)
            + shade("M203 196L236 110 264 96 292 262Q270 274 236 276Z", 0.13)
            + (both(side) if look.pockets > 1 else both(seam("M140 124Q142 150 122 162", tint.deep, 3)))
            + seam("M200 120V196M112 252Q150 268 186 262M288 252Q250 268 214 262", tint.line, 2)
            + waist(look, 96)
            + seam("M190 112L182 140M210 112L216 138", trim.pale, 4)
            + shine("M150 130L132 240l9 2L160 134Z")
        )
    match look.shape:
        case "cargo":
            detail = both(path("M122 206L164 202 162 250 118 254Z", tint.light) + path("M121 204L165 200V216L120 220Z", tint.dark))
        case "zipoff":
            zip_ = "M127 214Q150 222 192 214"
            detail = both(seam(zip_, tint.deep, 7) + seam(zip_, trim.light, 2, 'stroke-dasharray="3 3"') + box(124, 214, 7, 16, trim.base, r=3))
        case "rain":
            detail = both(seam("M130 200L120 338", tint.deep, 7) + seam("M130 200L120 338", trim.base, 2)
                          + seam("M154 130Q146 220 142 320", "#fff", 6, 'opacity=".35"'))
        case _:
            detail = both(path("M134 214Q160 206 184 212L180 256Q156 262 128 254Z", trim.base))
    return (
        shadow(200, 350, 96, 9)
        + path(LEG, BODY)
        + shade("M203 168L234 84 264 72 282 338Q264 344 246 343Z", 0.13)
        + detail
        + both(seam("M142 100Q142 130 130 142", tint.deep, 3))
        + seam("M200 96V168M122 322Q148 330 176 324M278 322Q252 330 224 324", tint.line, 2)
        + waist(look, 72)
        + shine("M152 110Q140 220 134 314l8 1Q150 220 162 114Z", 0.26)
    )
