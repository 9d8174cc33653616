"""Headlamps and camp lamps, at night and switched on."""

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
from bot.demo.catalogue.drawings.tints import GLOW, RUBBER, STEEL, Look

GLASS = "#fff1bf"


def halo(x: float, y: float, r: float) -> str:
    """Return light that fades outwards."""
    return (
        f'<radialGradient id="h"><stop stop-color="{GLASS}" stop-opacity=".9"/>'
        f'<stop offset=".4" stop-color="{GLOW}" stop-opacity=".38"/>'
        f'<stop offset="1" stop-color="{GLOW}" stop-opacity="0"/></radialGradient>'
        + dot(x, y, r, "url(#h)", BARE)
    )


def beam(d: str) -> str:
    """Return a cone of light that fades downwards."""
    return (
        f'<linearGradient id="c" x2="0" y2="1"><stop stop-color="{GLASS}" stop-opacity=".85"/>'
        f'<stop offset="1" stop-color="{GLOW}" stop-opacity="0"/></linearGradient>'
        + path(d, "url(#c)", BARE)
    )


def lens(x: float, y: float, r: float) -> str:
    """Return a lit lens."""
    return dot(x, y, r, "#e9edf0") + dot(x, y, r * 0.72, GLOW) + dot(x, y, r * 0.4, "#fffbe8", BARE)


def headlamp(look: Look) -> str:
    """Draw a headlamp of shape single, dual, rear (battery behind) or mini."""
    tint = look.tint
    front = "M76 150Q82 226 200 232T324 150"
    back = "M76 150Q84 88 200 86T324 150"
    small = look.shape == "mini"
    over = seam("M200 88Q190 130 200 190", tint.deep, 24) + seam(
        "M200 88Q190 130 200 190", tint.dark, 18
    )
    battery = path(
        "M160 62H240Q252 62 252 76V104Q200 112 148 104V76Q148 62 160 62Z", RUBBER
    ) + seam("M168 78H232", tint.base, 4)
    housing = (
        box(160, 192, 80, 62, BODY, r=24)
        if small
        else path(
            "M150 186H250Q268 190 266 222Q262 262 236 266H164Q138 262 134 222Q132 190 150 186Z",
            BODY,
        )
    )
    if look.shape == "dual":
        lamps = lens(172, 226, 25) + lens(232, 228, 18)
    elif small:
        lamps = lens(200, 224, 21)
    else:
        lamps = lens(200, 226, 30) + dot(152, 222, 6, "#ff7a5c") + dot(248, 222, 6, "#8fe3a6")
    return (
        beam("M172 236L64 400H336L228 236Z")
        + seam(back, tint.deep, 30)
        + seam(back, tint.dark, 24)
        + (battery if look.shape == "rear" else "")
        + (over if look.shape in ("rear", "dual") else "")
        + seam(front, tint.deep, 34)
        + seam(front, tint.base, 28)
        + seam(front, look.trim.base, 8, 'stroke-dasharray="18 12" stroke-linecap="butt"')
        + box(98, 182, 20, 32, RUBBER, r=5, more='transform="rotate(38 108 198)"')
        + halo(200, 232, 120)
        + (path("M142 178H258V200H142Z", RUBBER) if not small else "")
        + housing
        + lamps
        + box(186, 178 if not small else 185, 28, 11, look.trim.base, r=5)
        + shine("M156 198Q146 206 146 228l8 0Q154 212 164 202Z", 0.5)
    )


def lantern(look: Look) -> str:
    """Return an LED lantern with a carrying handle."""
    return (
        seam("M140 132Q142 54 200 52T260 132", STEEL, 7)
        + path("M146 152H254L260 262H140Z", GLASS)
        + halo(200, 206, 160)
        + seam("M172 152L168 262M200 152V262M228 152L232 262", "#d8b25a", 3, 'opacity=".7"')
        + path("M138 116Q200 96 262 116L268 154Q200 166 132 154Z", BODY)
        + path("M132 258Q200 270 268 258L276 326Q200 342 124 326Z", BODY)
        + shade("M240 266L268 258 276 326 246 334Z")
        + path("M128 300Q200 314 272 300L276 326Q200 342 124 326Z", TRIM)
        + dot(200, 286, 11, look.trim.pale)
        + shine("M144 270L138 320l9 2L153 272Z")
    )


def storm(look: Look) -> str:
    """Return a hurricane lantern."""
    side = seam("M140 296Q112 240 130 170Q136 146 170 140", look.tint.deep, 11) + seam(
        "M140 296Q112 240 130 170Q136 146 170 140", look.tint.base, 6
    )
    return (
        seam("M124 170Q126 52 200 50T276 170", STEEL, 5)
        + both(side)
        + path("M168 172Q138 220 166 262H234Q262 220 232 172Z", "#fff4cf", 'opacity=".92"')
        + halo(200, 222, 150)
        + path("M200 190Q222 222 212 244Q200 256 188 244Q178 222 200 190Z", "#f79a3c", BARE)
        + path("M200 214Q210 232 205 244H195Q190 232 200 214Z", "#fff3b0", BARE)
        + seam("M150 220H250M176 174Q168 220 178 262M224 174Q232 220 222 262", STEEL, 2.5)
        + path("M164 172L172 120Q200 108 228 120L236 172Q200 182 164 172Z", BODY)
        + path("M180 116L184 92H216L220 116Z", TRIM)
        + path("M160 262H240L248 292Q284 300 280 336Q200 348 120 336Q116 300 152 292Z", BODY)
        + box(250, 300, 22, 14, look.trim.base, r=5)
        + shine("M136 304Q132 316 134 330l9 1Q142 316 146 302Z", 0.4)
    )


def torch(look: Look) -> str:
    """Return a hand torch with its beam."""
    drawn = (
        path("M152 150H248L230 196H170Z", TRIM)
        + path("M146 130H254V152H146Z", look.trim.dark)
        + oval(200, 130, 54, 15, "#e9edf0")
        + oval(200, 130, 42, 10, "#fffbe8")
        + path("M170 196H230V330Q230 344 216 344H184Q170 344 170 330Z", BODY)
        + seam("M172 236H228M172 250H228M172 264H228M172 278H228M172 292H228", look.tint.line, 3)
        + box(188, 206, 24, 20, look.trim.base, r=8)
        + shine("M178 200V334h8V200Z")
    )
    return moved(
        beam("M60 -60H340L246 134H154Z").replace('x2="0" y2="1"', 'y1="1" x2="0" y2="0"')
        + halo(200, 120, 110)
        + drawn,
        "translate(-30 30) rotate(38 200 200)",
    )


def string_lights(look: Look) -> str:
    """Return a string of bulbs between two trees."""
    cord = "M0 120Q110 236 206 150Q300 86 400 190"
    bulbs = ((44, 158), (104, 178), (168, 174), (228, 136), (290, 122), (350, 144))
    lit = "".join(
        dot(x, y + 28, 34, "url(#h)", BARE)
        + box(x - 8, y, 16, 16, BODY, r=3)
        + path(
            f"M{x - 8} {y + 16}Q{x - 24} {y + 42} {x} {y + 52}Q{x + 24} {y + 42} {x + 8} {y + 16}Z",
            GLASS,
        )
        for x, y in bulbs
    )
    coil = (
        shadow(200, 340, 80, 10)
        + oval(200, 312, 64, 25, look.tint.base)
        + oval(200, 300, 64, 25, TRIM)
        + oval(200, 300, 40, 13, look.tint.deep)
    )
    return (
        halo(0, 0, 0) + seam(cord, look.tint.deep, 6) + seam(cord, look.trim.base, 3) + lit + coil
    )


def puck(look: Look) -> str:
    """Return a folding lantern of soft pleats."""
    pleats = "".join(
        path(f"M134 {y}Q120 {y + 13} 134 {y + 26}H266Q280 {y + 13} 266 {y}Z", GLASS)
        for y in range(152, 256, 26)
    )
    return (
        seam("M156 128Q158 66 200 64T244 128", look.tint.base, 9)
        + pleats
        + halo(200, 206, 160)
        + path("M130 126Q200 112 270 126V152Q200 162 130 152Z", BODY)
        + path(
            "M126 256H274Q284 256 284 270V314Q284 330 268 330H132Q116 330 116 314V270"
            "Q116 256 126 256Z",
            BODY,
        )
        + path("M116 304H284V314Q284 330 268 330H132Q116 330 116 314Z", TRIM)
        + dot(200, 282, 13, look.trim.pale)
        + dot(200, 282, 5, look.tint.deep)
        + shine("M130 264V322h9V264Z")
    )


def lamp(look: Look) -> str:
    """Draw a camp lamp of shape lantern, storm, torch, string or puck."""
    shapes = {
        "lantern": lantern,
        "storm": storm,
        "torch": torch,
        "string": string_lights,
        "puck": puck,
    }
    return shadow(200, 336, 110, 12) + shapes[look.shape](look)
