"""Trekking poles: lock, fold, staff."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    box,
    moved,
    oval,
    pair,
    path,
    seam,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look

CORK = "#c79a66"


def one_pole(look: Look) -> str:
    """Return an upright pole, tip at (200, 362)."""
    trim = look.trim
    grip = CORK if look.twist < 0.5 else look.tint.dark
    tee = look.shape == "staff"
    head = (
        path("M168 30Q200 14 232 30Q238 44 228 48H172Q162 44 168 30Z", grip)
        if tee
        else path("M188 36Q188 22 202 22T216 36L213 60H189Z", grip)
    )
    lock = "".join(
        box(192, y, 20, 24, trim.base, r=5) + box(207, y + 3, 8, 18, RUBBER, r=3)
        for y in (160, 248)
    )
    return (
        seam("M192 56Q158 60 160 96T188 110", look.tint.deep, 9)
        + seam("M192 56Q158 60 160 96T188 110", trim.base, 5)
        + path("M195 110H209L207 340H197Z", BODY)
        + path("M198 250H206L205 344H199Z", STEEL)
        + head
        + path("M189 50H213L211 122Q202 128 193 122Z", grip)
        + seam("M192 66h19M192 80h19M193 94h17M193 108h17", look.tint.deep, 2)
        + lock
        + path("M197 344L202 372 207 344Z", RUBBER)
        + oval(202, 340, 24, 7, RUBBER)
        + shine("M198 126V330h3V126Z", 0.5)
    )


def folded(look: Look) -> str:
    """Return a pole folded into three, held by its cord."""
    piece = path("M0 0H12V150H0Z", BODY) + path("M0 0H12V12H0ZM0 138H12V150H0Z", TRIM)
    return (
        moved(piece, "translate(300 178)")
        + moved(piece, "translate(318 184)")
        + moved(piece, "translate(336 178)")
        + seam("M306 328Q306 346 324 334M324 184Q326 160 342 178", look.trim.dark, 4)
        + box(294, 240, 60, 14, RUBBER, r=5)
    )


def trekking_poles(look: Look) -> str:
    """Draw poles of shape lock (a pair), fold (with a folded one) or staff (a single)."""
    one = one_pole(look)
    if look.shape == "staff":
        return shadow(206, 358, 70, 9) + moved(
            one, "rotate(12 200 200) translate(20 10) scale(.95)"
        )
    if look.shape == "fold":
        back = "rotate(-7 200 200) translate(-82 6) scale(.95)"
        front = "rotate(4 200 200) translate(2 6) scale(.95)"
        return shadow(200, 354, 140, 10) + pair(one, back, front) + folded(look)
    back = "rotate(17 200 200) translate(-4 8) scale(.95)"
    front = "rotate(-17 200 200) translate(24 8) scale(.95)"
    return shadow(200, 356, 130, 10) + pair(one, back, front)
