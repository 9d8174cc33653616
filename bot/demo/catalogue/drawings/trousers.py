"""Trousers: pants, cargo, zipoff, shorts, rain, tights."""

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

LEG = "M136 72H264L282 338Q258 346 224 340L203 168H197L176 340Q142 346 118 338Z"

SLIM = (
    "M146 72H254Q266 150 250 230L244 340Q226 346 210 340L203 160H197L190 340"
    "Q174 346 156 340L150 230Q134 150 146 72Z"
)

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
        side = path("M116 204L150 200 152 240 112 246Z", tint.light) + seam(
            "M140 124Q142 150 122 162", tint.deep, 3
        )
        return (
            shadow(200, 330, 100, 10)
            + path(SHORTS, BODY)
            + shade("M203 196L236 110 264 96 292 262Q270 274 236 276Z", 0.13)
            + (
                both(side)
                if look.parts > 1
                else both(seam("M140 124Q142 150 122 162", tint.deep, 3))
            )
            + seam("M200 120V196M112 252Q150 268 186 262M288 252Q250 268 214 262", tint.line, 2)
            + waist(look, 96)
            + seam("M190 112L182 140M210 112L216 138", trim.pale, 4)
            + shine("M150 130L132 240l9 2L160 134Z")
        )
    match look.shape:
        case "cargo":
            detail = both(
                path("M122 206L164 202 162 250 118 254Z", tint.light)
                + path("M121 204L165 200V216L120 220Z", tint.dark)
            )
        case "zipoff":
            zip_ = "M127 214Q150 222 192 214"
            detail = both(
                seam(zip_, tint.deep, 7)
                + seam(zip_, trim.light, 2, 'stroke-dasharray="3 3"')
                + box(124, 214, 7, 16, trim.base, r=3)
            )
        case "rain":
            detail = both(
                seam("M130 200L120 338", tint.deep, 7)
                + seam("M130 200L120 338", trim.base, 2)
                + seam("M154 130Q146 220 142 320", "#fff", 6, 'opacity=".35"')
            )
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
