"""Stoves: canister, system, twin, wood."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
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

METAL = "#c9d0d5"


def flame(x: int, y: int, size: float) -> str:
    """Return a small gas flame standing at (x, y)."""
    d = "M0 0Q-16 -14 -8 -34Q-4 -24 0 -44Q6 -24 10 -34Q16 -14 0 0Z"
    return (
        f'<g transform="translate({x} {y}) scale({size:g})" {BARE}>'
        + path(d, "#4aa3e0")
        + path("M0 0Q-8 -8 -3 -22Q4 -12 6 -18Q9 -8 0 0Z", "#ffd36b")
        + "</g>"
    )


def cartridge(look: Look, top: int) -> str:
    """Return a gas cartridge whose shoulder is at `top`."""
    return (
        path(
            f"M128 {top + 34}Q130 {top} 180 {top - 4}H220Q270 {top} 272 {top + 34}V322"
            f"Q272 340 200 340T128 322Z",
            BODY,
        )
        + path(
            f"M128 {top + 58}Q200 {top + 74} 272 {top + 58}V{top + 82}"
            f"Q200 {top + 98} 128 {top + 82}Z",
            TRIM,
        )
        + box(182, top - 20, 36, 18, STEEL, r=4)
        + shine(f"M140 {top + 30}Q138 {top + 90} 142 318l12 4Q150 {top + 90} 154 {top + 22}Z", 0.34)
    )


def canister(look: Look) -> str:
    """Return a small burner screwed on a gas cartridge."""
    return (
        cartridge(look, 222)
        + path("M184 204L178 172H222L216 204Z", METAL)
        + seam("M216 196H258Q274 196 274 210V224", "#8b959c", 5)
        + both(seam("M190 176L146 140V112H122", RUBBER, 7))
        + seam("M200 170V120", RUBBER, 7)
        + flame(170, 142, 1.1)
        + flame(230, 142, 1.1)
        + flame(200, 146, 1.35)
        + path("M162 142H238L228 166Q200 174 172 166Z", METAL)
        + seam("M170 150H230", "#7f898f", 3, 'stroke-dasharray="4 5"')
    )


def system(look: Look) -> str:
    """Return an integrated cooking system: pot in a cosy on its burner."""
    tint = look.tint
    return (
        path("M152 292Q152 282 176 280H224Q248 282 248 292V326Q248 340 200 340T152 326Z", TRIM)
        + path("M176 262H224L230 282H170Z", METAL)
        + flame(186, 262, 0.7)
        + flame(214, 262, 0.7)
        + path("M140 226H260L252 262Q200 274 148 262Z", RUBBER)
        + seam("M156 242v14M176 244v16M200 246v16M224 244v16M244 242v14", METAL, 3)
        + path("M138 98H262V228Q200 242 138 228Z", BODY)
        + shade("M232 98H262V228Q250 234 232 236Z")
        + path("M132 84H268V102H132Z", METAL)
        + path("M140 84Q144 62 200 60T260 84Z", RUBBER)
        + dot(200, 58, 9, look.trim.base)
        + seam("M262 120Q304 122 302 166T262 206", tint.deep, 15)
        + seam("M262 120Q304 122 302 166T262 206", look.trim.base, 9)
        + path("M176 190L200 144 212 166 222 152 242 190Z", tint.pale, BARE)
        + shine("M148 110V222l11 3V110Z", 0.32)
        + seam("M184 44Q176 34 184 24M212 44Q204 34 212 24", "#fff", 4, 'opacity=".8"')
    )


def twin(look: Look) -> str:
    """Return a two-burner case stove, open."""
    ring = oval(0, 0, 44, 13, RUBBER) + oval(0, 0, 27, 7, METAL)
    grate = seam("M-52 0H52M-30 -11L30 11M-30 11L30 -11", "#3b444b", 4)
    burner = flame(-20, -2, 0.8) + flame(20, -2, 0.8) + flame(0, 2, 1)
    return (
        path("M78 104H322L334 224H66Z", TRIM)
        + shade("M78 104H322L324 124H76Z", 0.12)
        + path("M96 124H304L312 212H88Z", look.trim.dark, 'opacity=".5"')
        + path("M66 222H334L352 262H48Z", METAL)
        + moved(ring + burner + grate, "translate(136 240)")
        + moved(ring + burner + grate, "translate(264 240)")
        + path("M48 262H352V314Q352 326 340 326H60Q48 326 48 314Z", BODY)
        + shade("M48 308H352V314Q352 326 340 326H60Q48 326 48 314Z", 0.18)
        + dot(120, 292, 17, RUBBER)
        + seam("M120 292L112 280", "#fff", 4)
        + dot(280, 292, 17, RUBBER)
        + seam("M280 292L290 282", "#fff", 4)
        + box(172, 284, 56, 14, look.tint.deep, r=7)
        + shine("M58 270H340V278H58Z", 0.3)
    )


def wood(look: Look) -> str:
    """Return a twig stove with fire in it."""
    holes = "".join(dot(x, y, 7, "#ff9b3d") for y in (252, 282) for x in (146, 173, 200, 227, 254))
    return (
        seam("M150 150L128 92M186 140L198 76M240 150L262 96M216 146L240 84", "#8a6a46", 9)
        + f"<g {BARE}>"
        + path(
            "M200 176Q128 160 152 92Q166 112 176 116Q172 70 206 44Q204 84 226 98"
            "Q238 90 236 74Q270 120 248 152Q236 176 200 176Z",
            "#f5882f",
        )
        + path(
            "M200 176Q158 166 172 124Q184 136 190 130Q190 106 206 92Q208 118 222 126"
            "Q244 156 200 176Z",
            "#ffd467",
        )
        + "</g>"
        + path("M122 164H278L268 324Q200 340 132 324Z", BODY)
        + path("M116 154H284V176H116Z", TRIM)
        + shade("M240 176H277L268 324L240 331Z")
        + path("M170 190H230V226H170Z", look.tint.deep)
        + path("M178 226Q184 200 200 198T222 226Z", "#ff9b3d", BARE)
        + holes
        + seam("M134 308Q200 322 266 308", look.tint.line, 3)
        + shine("M132 184L138 316l11 2L145 184Z", 0.3)
    )


def stove(look: Look) -> str:
    """Draw a stove of shape canister, system, twin or wood."""
    shapes = {"canister": canister, "system": system, "twin": twin, "wood": wood}
    return shadow(200, 336, 130, 13) + shapes[look.shape](look)
