"""Boots: hiker, mountain, winter, wellie."""

from bot.demo.catalogue.drawings.marks import BARE, BODY, TRIM, oval, path, seam, shadow, shine
from bot.demo.catalogue.drawings.soles import FLAT_SOLE, MIDSOLE, behind, bow, laces
from bot.demo.catalogue.drawings.tints import RUBBER, Look

BOOT = (
    "M106 112Q150 100 192 112L196 164Q204 194 240 206Q300 220 314 262L316 294H100"
    "Q94 240 106 200Q114 160 106 112Z"
)

SOLE = (
    "M94 288H318Q330 292 328 306L322 324H306L302 318H288L284 326H268L264 318H246L238 312H206"
    "L200 326H184L180 318H166L162 326H146L142 318H128L124 326H100Q90 318 90 304Z"
)

LACES = ((194, 134), (197, 154), (203, 174), (215, 190), (232, 201))


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
        + seam(
            "M150 146Q140 216 162 290M176 214Q220 236 262 240",
            tint.line,
            2,
            'stroke-dasharray="6 4"',
        )
        + path("M92 284H320V300H92Z", look.trim.base if tall else MIDSOLE)
        + path(SOLE, RUBBER)
        + laces(look, LACES, 26)
        + bow(188, 118, look)
        + seam("M108 104Q92 96 94 116T106 132", look.trim.base, 5)
        + shine(
            "M118 150Q116 190 112 212l10 4Q128 190 130 150ZM240 214Q276 222 292 240l-6 4"
            "Q268 230 236 224Z",
            0.28,
        )
    )


def winter(look: Look) -> str:
    """Return a quilted snow boot with a furry collar."""
    tint = look.tint
    fur = "M100 100Q150 78 200 98"
    return (
        behind(BOOT, look, FLAT_SOLE)
        + path(BOOT, BODY)
        + seam(
            "M110 146Q156 132 195 146M110 176Q156 164 202 176M104 206Q160 194 228 204", tint.line, 3
        )
        + path(
            "M98 294Q94 250 100 236Q150 258 210 240Q260 226 296 228Q314 244 316 294Z",
            look.trim.dark,
        )
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
    tall = "M110 84Q156 72 202 84L202 176Q208 212 260 226Q314 240 318 284V300H98Q96 250 108 200Z"
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
        + shine(
            "M122 136Q120 190 112 260l14 2Q134 190 138 138ZM246 236Q290 244 302 272l-8 2"
            "Q276 250 242 246Z",
            0.36,
        )
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
