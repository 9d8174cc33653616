"""Shoes: trail, approach, sandal, mule."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    box,
    moved,
    oval,
    path,
    seam,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.soles import FLAT_SOLE, MIDSOLE, behind, bow, laces
from bot.demo.catalogue.drawings.tints import RUBBER, Look

SHOE = (
    "M82 214Q88 194 108 196Q126 220 168 210Q178 200 190 198Q214 234 260 246Q316 256 326 286"
    "L322 302H86Q72 262 82 214Z"
)


def stripe(look: Look) -> str:
    """Return the mark on a shoe's side: peaks, a trail of dashes or a wave."""
    if look.twist < 0.34:
        d = "M128 286L158 244 176 268 196 238 226 288"
    elif look.twist < 0.67:
        d = "M130 282L152 270M166 264L186 254M200 254L222 262M236 268L256 276"
    else:
        d = "M124 262Q160 234 184 262T250 276"
    return seam(d, look.trim.base, 6)


def trainer(look: Look) -> str:
    """Return a trail shoe, or an approach shoe with a rubber rand."""
    tint = look.tint
    approach = look.shape == "approach"
    lugs = "".join(f"M{x} 316l4 14h14l4 -14z" for x in range(84, 316, 27))
    laced = ((196, 206), (209, 219), (225, 230), (243, 239))
    ripple = "M76 296Q120 280 200 292T326 284Q338 300 328 318Q200 330 82 320Q66 310 76 296Z"
    return (
        behind(SHOE, look, FLAT_SOLE)
        + path(SHOE, BODY)
        + path("M104 198Q126 222 170 211Q160 196 138 198T104 198Z", tint.deep)
        + path("M164 212Q168 184 190 184L204 210Q190 216 184 224Z", tint.dark)
        + path("M84 298Q76 262 84 224Q112 236 122 296Z", TRIM)
        + path(
            "M266 300Q262 262 284 252Q316 258 326 286L322 302Z",
            RUBBER if approach else look.trim.dark,
        )
        + stripe(look)
        + seam("M146 226Q152 262 140 292M236 256Q226 276 236 294", tint.line, 2)
        + seam("M100 198Q86 186 82 204", look.trim.base, 5)
        + (path("M80 302Q76 282 80 272Q200 306 272 276L322 280V304Z", RUBBER) if approach else "")
        + path(lugs, RUBBER)
        + path(ripple, MIDSOLE)
        + seam("M82 312Q200 322 328 310", look.trim.base, 4)
        + laces(look, laced, 24)
        + bow(196, 198, look)
        + shine("M214 226Q262 252 300 256l-10 8Q250 262 206 238Z", 0.28)
    )


def sandal(look: Look) -> str:
    """Return a strapped walking sandal."""
    tint = look.tint
    return (
        path(
            "M192 222Q236 200 262 244L246 270Q226 232 196 240ZM106 226Q150 186 196 214"
            "L192 232Q150 206 116 244Z",
            tint.dark,
        )
        + path("M80 276Q140 256 214 272Q290 270 332 282Q340 292 332 304H84Q70 292 80 276Z", MIDSOLE)
        + path("M88 290Q78 236 100 212L128 220Q116 252 126 292Z", BODY)
        + path("M142 290Q146 244 186 210L218 222Q188 252 190 290Z", TRIM)
        + path("M198 214L224 222Q256 246 260 290H226Q224 252 184 236Z", BODY)
        + path("M268 292Q266 256 282 246L318 264Q330 276 326 294Z", TRIM)
        + path("M98 228Q152 196 208 222L206 244Q150 218 100 252Z", BODY)
        + seam("M108 240Q152 210 200 232", look.trim.base, 5)
        + box(160, 208, 26, 24, look.trim.pale, r=6)
        + box(166, 214, 14, 12, tint.dark, r=3)
        + path("M78 292Q200 278 334 292Q342 306 330 322Q200 332 86 324Q66 310 78 292Z", RUBBER)
        + seam("M84 306Q200 292 330 306", tint.light, 5)
        + shine("M156 280Q160 250 186 224l6 4Q168 254 166 282Z")
    )


def mule(look: Look) -> str:
    """Return a stuffed camp slipper."""
    upper = "M150 250Q178 202 216 202Q304 212 330 276L328 302H88Q80 270 92 246Q120 236 150 250Z"
    return (
        behind(upper, look, FLAT_SOLE)
        + path(upper, BODY)
        + oval(130, 246, 48, 17, look.trim.pale, more='transform="rotate(-5 130 246)"')
        + oval(132, 247, 36, 10, look.tint.deep, more='transform="rotate(-5 132 247)"')
        + seam(
            "M214 204Q186 240 184 300M250 213Q230 250 230 300M288 234Q274 262 276 300"
            "M120 264Q112 280 112 300",
            look.tint.line,
            3,
        )
        + path("M80 292H330Q338 304 330 320H84Q74 306 80 292Z", RUBBER)
        + seam("M86 300H330", look.trim.base, 5)
        + shine("M222 214Q282 226 304 258l-10 4Q264 234 216 226Z", 0.34)
    )


def shoes(look: Look) -> str:
    """Draw shoes of shape trail, approach, sandal or mule."""
    match look.shape:
        case "sandal":
            pair = sandal(look)
        case "mule":
            pair = mule(look)
        case _:
            pair = trainer(look)
    return shadow(212, 332, 150, 13) + moved(pair, "translate(-22 -42) scale(1.1)")
