"""Boots and shoes, seen from the side with the toe to the right."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    box,
    moved,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, Look

BOOT = (
    "M106 112Q150 100 192 112L196 164Q204 194 240 206Q300 220 314 262L316 294H100"
    "Q94 240 106 200Q114 160 106 112Z"
)
SOLE = (
    "M94 288H318Q330 292 328 306L322 324H306L302 318H288L284 326H268L264 318H246L238 312H206"
    "L200 326H184L180 318H166L162 326H146L142 318H128L124 326H100Q90 318 90 304Z"
)
FLAT_SOLE = "M90 288H320Q332 294 326 316Q200 324 96 316Q86 300 90 288Z"
MIDSOLE = "#ece8de"
LACES = ((194, 134), (197, 154), (203, 174), (215, 190), (232, 201))
SHOE = (
    "M82 214Q88 194 108 196Q126 220 168 210Q178 200 190 198Q214 234 260 246Q316 256 326 286"
    "L322 302H86Q72 262 82 214Z"
)


def laces(look: Look, points: tuple[tuple[int, int], ...], reach: int) -> str:
    """Return laces that run from the front edge at `points` back into the upper."""
    d = "".join(f"M{x - reach} {y + 8}L{x - 3} {y}" for x, y in points)
    eyes = "".join(f"M{x - reach} {y + 8}h0" for x, y in points)
    return (
        seam(d, look.tint.deep, 8) + seam(d, look.trim.pale, 4.5) + seam(eyes, look.tint.deep, 8)
    )


def bow(x: int, y: int, look: Look) -> str:
    """Return the knot of the laces."""
    d = f"M{x} {y}q-20 -16 -24 0q2 10 24 0q20 -14 24 2q-4 10 -24 -2M{x} {y}l-8 20M{x} {y}l10 18"
    return seam(d, look.tint.deep, 7) + seam(d, look.trim.pale, 3.5)


def behind(d: str, look: Look, sole: str = "") -> str:
    """Return the other one of the pair, a little behind."""
    other = path(d, look.tint.dark) + shade(d, 0.22) + (path(sole, RUBBER) if sole else "")
    return moved(other, "translate(34 -14)")


def hiker(look: Look) -> str:
    """Return a laced hiking boot; "mountain" is taller, with a rand all round."""
    tint = look.tint
    tall = look.shape == "mountain"
    rand = "M100 294Q98 268 104 258Q200 276 262 250Q300 240 312 258L316 294Z"
    toe = "M258 294Q258 240 290 228Q312 242 314 262L316 294Z"
    return (
        behind(BOOT, look, FLAT_SOLE)
        + path("M178 112Q206 84 214 104L218 158Q208 170 198 172Z", tint.dark)
        + path(BOOT, BODY)
        + path("M104 112Q106 92 150 90Q190 90 194 112L193 136Q150 122 108 138Z", TRIM)
        + seam("M122 98v32M144 92v34M168 92v38", tint.line, 2)
        + path("M99 292Q94 244 105 216Q136 236 140 292Z", TRIM)
        + path(rand if tall else toe, RUBBER)
        + seam("M150 146Q140 216 162 290M176 214Q220 236 262 240", tint.line, 2, 'stroke-dasharray="6 4"')
        + path("M92 284H320V300H92Z", look.trim.base if tall else MIDSOLE)
        + path(SOLE, RUBBER)
        + laces(look, LACES, 26)
        + bow(188, 118, look)
        + seam("M108 104Q92 96 94 116T106 132", look.trim.base, 5)
        + shine("M118 150Q116 190 112 212l10 4Q128 190 130 150ZM240 214Q276 222 292 240l-6 4Q268 230 236 224Z", 0.28)
    )


def winter(look: Look) -> str:
    """Return a quilted snow boot with a furry collar."""
    tint = look.tint
    fur = "M100 100Q150 78 200 98"
    return (
        behind(BOOT, look, FLAT_SOLE)
        + path(BOOT, BODY)
        + seam("M110 146Q156 132 195 146M110 176Q156 164 202 176M104 206Q160 194 228 204", tint.line, 3)
        + path("M98 294Q94 250 100 236Q150 258 210 240Q260 226 296 228Q314 244 316 294Z", look.trim.dark)
        + shine("M112 250Q160 262 214 250l0 8Q160 270 112 258Z", 0.22)
        + path(SOLE, RUBBER)
        + laces(look, LACES[1:], 30)
        + seam(fur, tint.deep, 30)
        + seam(fur, look.trim.pale, 25)
        + seam("M100 102Q150 84 200 100", "#fff", 12, 'stroke-dasharray="2 9" opacity=".8"')
        + shine("M116 152Q112 180 110 196l10 0Q124 178 126 150Z", 0.3)
    )


def wellie(look: Look) -> str:
    """Return a rubber boot."""
    tall = (
        "M110 84Q156 72 202 84L202 176Q208 212 260 226Q314 240 318 284V300H98Q96 250 108 200Z"
    )
    return (
        behind(tall, look, FLAT_SOLE)
        + path(tall, BODY)
        + oval(156, 84, 46, 12, look.tint.deep)
        + oval(156, 86, 38, 7, look.tint.dark, more=BARE)
        + path("M109 104Q156 116 202 104V122Q156 134 108 122Z", TRIM)
        + path("M184 108h20v26h-20z", look.trim.pale)
        + seam("M112 200Q150 216 206 194M260 226Q240 246 246 296", look.tint.line, 2.5)
        + path(SOLE, RUBBER)
        + path("M94 282H320V298H92Z", look.trim.base)
        + shine("M122 136Q120 190 112 260l14 2Q134 190 138 138ZM246 236Q290 244 302 272l-8 2Q276 250 242 246Z", 0.36)
    )


def boots(look: Look) -> str:
    """Draw boots of shape hiker, mountain, winter or wellie."""
    match look.shape:
        case "winter":
            pair = winter(look)
        case "wellie":
            pair = wellie(look)
        case _:
            pair = hiker(look)
    return shadow(214, 330, 150, 14) + pair


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
        + path("M266 300Q262 262 284 252Q316 258 326 286L322 302Z", RUBBER if approach else look.trim.dark)
        + seam("M128 286L158 244 176 268 196 238 226 288", look.trim.base, 6)
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
        path("M192 222Q236 200 262 244L246 270Q226 232 196 240ZM106 226Q150 186 196 214L192 232Q150 206 116 244Z", tint.dark)
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
        + seam("M214 204Q186 240 184 300M250 213Q230 250 230 300M288 234Q274 262 276 300M120 264Q112 280 112 300", look.tint.line, 3)
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
    return shadow(212, 332, 150, 13) + f'<g transform="translate(0 -6)">{pair}</g>'
