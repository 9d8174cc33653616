"""Tents: dome, tunnel, tipi, cabin, ridge, popup."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    moved,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

INSIDE = "#1c2730"
ROPE = "#f4f1e6"


def guys(d: str) -> str:
    """Return guy lines."""
    return seam(d, ROPE, 2)


def dome(look: Look) -> str:
    """Return a dome with crossed poles and an open porch."""
    tint = look.tint
    return (
        guys("M96 214L34 318M304 214L366 318")
        + path("M52 322Q92 128 200 118Q308 128 348 322Z", BODY)
        + shade("M200 118Q308 128 348 322H268Q262 190 200 118Z", 0.16)
        + path("M200 118Q136 196 122 322H278Q264 196 200 118Z", TRIM)
        + path("M200 156Q166 226 158 322H242Q234 226 200 156Z", INSIDE)
        + path("M200 156Q166 226 158 322Q182 300 190 260T200 156Z", look.trim.pale)
        + seam("M52 322Q110 150 236 124M348 322Q290 150 164 124", tint.line, 3)
        + path("M180 126Q200 106 220 126L208 140H192Z", tint.dark)
        + seam("M66 300Q98 312 124 306M334 300Q302 312 276 306", tint.line, 2)
        + shine("M80 290Q104 186 150 150l8 6Q118 196 96 292Z", 0.3)
    )


def tunnel(look: Look) -> str:
    """Return a tunnel on three hoops, seen from the front corner."""
    tint = look.tint
    window = "M246 244Q268 226 296 244V266H246Z"
    return (
        guys("M76 214L22 318M330 220L386 318")
        + path("M136 142Q240 130 310 184Q352 226 358 322H200Z", BODY)
        + shade("M200 250Q300 240 352 270L358 322H200Z", 0.14)
        + seam("M216 140Q270 190 276 322M286 166Q326 220 330 322", tint.line, 3)
        + path(window, look.trim.pale)
        + seam("M271 234V266M246 254H296", look.trim.dark, 2)
        + path("M48 322Q52 142 136 142T224 322Z", TRIM)
        + path("M84 322Q90 186 136 186T188 322Z", INSIDE)
        + path("M136 186Q90 186 84 322Q112 310 124 270T136 186Z", look.trim.pale)
        + seam("M48 322Q52 142 136 142T224 322", tint.deep, 6)
        + shine("M160 152Q240 150 290 192l-6 6Q236 164 168 162Z", 0.32)
    )


def tipi(look: Look) -> str:
    """Return a bell-shaped tipi with a pole through its tip."""
    return (
        guys("M120 230L30 322M280 230L370 322")
        + seam("M186 66L208 100M214 66L192 100M200 60V96", "#8a6a46", 6)
        + path("M200 88Q216 190 344 318Q200 342 56 318Q184 190 200 88Z", BODY)
        + shade("M200 88Q216 190 344 318Q300 328 262 330Q224 200 200 88Z", 0.16)
        + path("M200 108Q194 200 146 328Q200 334 254 328Q206 200 200 108Z", TRIM)
        + path("M200 168Q194 240 170 331Q200 334 230 331Q206 240 200 168Z", INSIDE)
        + path("M200 168Q206 240 230 331Q244 324 248 306Q214 250 200 168Z", look.trim.pale)
        + seam("M188 140Q160 220 90 323M212 140Q240 220 310 323", look.tint.line, 2)
        + path("M182 124Q200 136 218 124L208 88H192Z", look.tint.dark)
        + shine("M176 190Q140 260 92 306l12 4Q150 260 182 196Z", 0.28)
    )


def cabin(look: Look) -> str:
    """Return a family tent with upright walls and windows."""
    tint = look.tint
    pane = path("M92 224H146V270H86Z", look.trim.pale) + seam(
        "M118 224V270M89 248H146", look.trim.dark, 2
    )
    return (
        guys("M84 196L28 322M316 196L372 322")
        + path("M52 324L76 192H324L348 324Z", BODY)
        + shade("M262 192H324L348 324H270Z", 0.14)
        + path("M68 198Q110 130 200 118Q290 130 332 198Q200 178 68 198Z", TRIM)
        + seam("M136 186Q156 140 200 118Q244 140 264 186", look.trim.line, 2.5)
        + both(pane)
        + path("M164 324V220Q200 196 236 220V324Z", INSIDE)
        + path("M164 324V220Q182 208 200 207Q190 270 164 324Z", look.trim.pale)
        + seam("M160 324V190M240 324V190M76 192L52 324M324 192L348 324", tint.line, 2.5)
        + shine("M104 176Q140 142 190 130l0 8Q146 150 120 178Z", 0.34)
    )


def ridge(look: Look) -> str:
    """Return a classic ridge tent on two poles."""
    return (
        guys("M142 134L40 322M286 118L380 300")
        + seam("M142 126V322", "#6b5a44", 5)
        + path("M142 134L284 118 356 294 226 324Z", BODY)
        + shade("M284 118L356 294 300 306Z", 0.16)
        + path("M142 134L54 324H226Z", TRIM)
        + path("M142 164L96 324H188Z", INSIDE)
        + path("M142 164L96 324Q128 300 142 250Z", look.trim.pale)
        + path("M142 164L188 324Q204 300 196 280Z", look.trim.light)
        + seam("M142 134L284 118M186 130L268 314M236 124L314 304", look.tint.line, 2.5)
        + shine("M158 138L226 130 236 152 168 162Z", 0.26)
    )


def popup(look: Look) -> str:
    """Return an open beach shelter."""
    return (
        guys("M70 250L26 322M330 250L374 322")
        + path("M46 322Q60 150 200 136T354 322Z", BODY)
        + path("M86 322Q98 200 200 190T314 322Z", INSIDE)
        + path("M86 322Q98 200 200 190T314 322Q200 296 86 322Z", look.tint.dark)
        + path("M150 232Q200 206 250 232V260Q200 244 150 260Z", look.trim.pale)
        + seam("M166 228V252M200 220V248M234 228V252", look.trim.dark, 2)
        + path("M86 322Q200 296 314 322L330 334H70Z", TRIM)
        + seam("M46 322Q60 150 200 136T354 322", look.tint.deep, 4)
        + seam("M200 136V190M110 186Q122 204 130 222M292 184Q282 200 272 220", look.tint.line, 3)
        + shine("M76 270Q90 186 170 158l2 8Q104 194 86 272Z", 0.3)
    )


def tent(look: Look) -> str:
    """Draw a tent of one of the module's shapes."""
    shapes = {
        "dome": dome,
        "tunnel": tunnel,
        "tipi": tipi,
        "cabin": cabin,
        "ridge": ridge,
        "popup": popup,
    }
    grass = seam("M40 330l4 -12 4 12M352 332l4 -13 5 13", look.tint.deep, 2, 'opacity=".5"')
    ground = shadow(200, 328, 180, 16) + oval(
        200, 326, 150, 6, "#0b1620", more=f'opacity=".12" {BARE}'
    )
    size = {1: 0.84, 2: 0.93, 3: 1}.get(look.parts, 1.07)
    about_foot = f"translate(200 324) scale({size}) translate(-200 -324)"
    drawn = moved(shapes[look.shape](look), about_foot)
    return ground + drawn + grass
