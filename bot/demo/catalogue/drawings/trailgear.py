"""Trekking poles, camping chairs and sunglasses."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    box,
    dot,
    moved,
    oval,
    pair,
    path,
    seam,
    shade,
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
        box(192, y, 20, 24, trim.base, r=5) + box(207, y + 3, 8, 18, RUBBER, r=3) for y in (160, 248)
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
        return shadow(206, 358, 70, 9) + moved(one, "rotate(12 200 200) translate(20 10) scale(.95)")
    if look.shape == "fold":
        back = "rotate(-7 200 200) translate(-82 6) scale(.95)"
        front = "rotate(4 200 200) translate(2 6) scale(.95)"
        return shadow(200, 354, 140, 10) + pair(one, back, front) + folded(look)
    back = "rotate(17 200 200) translate(-4 8) scale(.95)"
    front = "rotate(-17 200 200) translate(24 8) scale(.95)"
    return shadow(200, 356, 130, 10) + pair(one, back, front)


def arm_chair(look: Look) -> str:
    """Return a folding arm-chair with crossed legs and a cup holder."""
    tint = look.tint
    frame = "M112 96L108 330M288 96L292 330M100 262L280 334M300 262L120 334M92 190V330M308 190V330"
    return (
        seam(frame, "#414b52", 9)
        + seam("M92 328h-8M308 328h8M108 332h-8M292 332h8", RUBBER, 11)
        + path("M112 88Q200 72 288 88L294 222Q200 244 106 222Z", BODY)
        + path("M112 88Q200 72 288 88L289 118Q200 102 111 118Z", TRIM)
        + shade("M256 84L288 88 294 222Q270 230 246 232Q262 160 256 84Z", 0.13)
        + seam("M156 104V232M244 104V232", tint.line, 2.5)
        + path("M104 216Q200 240 296 216L316 262Q200 296 84 262Z", BODY)
        + path("M84 262Q200 296 316 262V274Q200 310 84 274Z", tint.dark)
        + both(path("M78 178H118Q126 178 126 187T118 196H78Q70 196 70 187T78 178Z", TRIM))
        + path("M292 196H322L318 232H296Z", tint.dark)
        + oval(307, 196, 16, 5, tint.deep)
        + shine("M122 124Q118 170 120 214l9 2Q127 170 132 122Z", 0.28)
    )


def low_chair(look: Look) -> str:
    """Return a light sling chair; "moon" is the deep round one."""
    tint = look.tint
    if look.shape == "moon":
        return (
            seam("M118 210L276 334M282 210L124 334M200 260V336", "#414b52", 10)
            + oval(200, 184, 130, 118, TRIM)
            + oval(200, 188, 114, 103, BODY)
            + seam("M200 86V290M88 188H312M122 114L278 262M278 114L122 262", tint.line, 2.5)
            + path("M156 108Q200 92 244 108Q250 138 200 142T156 108Z", look.trim.light)
            + shade("M270 108Q316 150 312 200T236 284Q290 200 270 108Z", 0.14)
            + shine("M104 190Q104 128 146 104l6 7Q118 134 114 190Z", 0.3)
        )
    return (
        seam("M130 84L150 258M270 84L250 258M128 334L222 240M272 334L178 240M96 250L150 334M304 250L250 334", "#8b959c", 8)
        + path("M126 80Q200 64 274 80L262 210Q200 226 138 210Z", BODY)
        + path("M140 204Q200 220 260 204L308 252Q200 296 92 252Z", BODY)
        + path("M92 252Q200 296 308 252L306 264Q200 312 94 264Z", TRIM)
        + path("M158 128H242L236 184Q200 194 164 184Z", tint.light)
        + seam("M164 142H238M166 156H236M167 170H234", tint.line, 2)
        + path("M126 80Q200 64 274 80L272 104Q200 88 128 104Z", TRIM)
        + seam("M140 208Q200 226 260 208", tint.deep, 3)
        + shine("M136 112Q138 160 146 204l8 1Q146 160 146 110Z", 0.3)
    )


def stool(look: Look) -> str:
    """Return a three-legged stool."""
    legs = "M134 164L264 334M266 164L136 334M200 176V336"
    return (
        seam(legs, "#414b52", 12)
        + seam("M138 332h-6M262 332h6M200 334h0", RUBBER, 16)
        + dot(200, 250, 14, STEEL)
        + path("M104 148Q200 110 296 148L204 206Q200 208 196 206Z", BODY)
        + path("M104 148Q200 188 296 148V166Q216 214 200 214T104 166Z", TRIM)
        + seam("M130 148Q200 128 270 148", look.tint.line, 2.5, 'stroke-dasharray="6 4"')
        + shine("M132 148Q180 130 220 132l-2 7Q176 138 146 152Z", 0.3)
    )


def lounger(look: Look) -> str:
    """Return a reclining chair from the side."""
    tint = look.tint
    return (
        seam("M84 108L186 258H340M150 336L236 200M292 336L180 236M120 190H236", "#8b959c", 9)
        + seam("M142 334h20M282 334h20", RUBBER, 10)
        + path("M70 96L98 78 204 232H350L352 262H186Z", BODY)
        + shade("M186 262L196 240H351L352 262Z", 0.2)
        + path("M70 96L98 78 122 112 92 130Z", TRIM)
        + seam("M116 164L142 144M150 214L174 190M236 234V262M292 234V262", tint.line, 3)
        + box(112, 180, 126, 17, TRIM, r=8)
        + shine("M100 94L196 236H340V241H190Z", 0.3)
    )


def camping_chair(look: Look) -> str:
    """Draw a chair of shape arm, low, moon, stool or lounger."""
    shapes = {
        "arm": arm_chair,
        "low": low_chair,
        "moon": low_chair,
        "stool": stool,
        "lounger": lounger,
    }
    return shadow(200, 336, 140, 13) + shapes[look.shape](look)


def sunglasses(look: Look) -> str:
    """Draw sunglasses of shape classic, wrap, round, aviator or glacier."""
    tint, trim = look.tint, look.trim
    outlines = {
        "classic": "M68 168Q66 156 84 154H172Q188 156 186 174Q182 244 130 246T68 168Z",
        "round": "M126 146A54 54 0 1 1 125 146Z",
        "glacier": "M126 144A56 56 0 1 1 125 144Z",
        "aviator": "M74 160Q78 148 104 148H166Q186 150 184 176Q174 252 124 252Q68 250 74 160Z",
    }
    glass = (
        f'<linearGradient id="g" x2="0" y2="1"><stop stop-color="{trim.deep}"/>'
        f'<stop offset="1" stop-color="{trim.light}"/></linearGradient>'
    )
    arms = both(
        seam("M62 170L100 66Q108 44 124 56", tint.deep, 15)
        + seam("M62 170L100 66Q108 44 124 56", tint.dark, 9)
    )
    if look.shape == "wrap":
        shield = "M44 168Q48 146 96 142Q200 132 304 142Q352 146 356 168Q352 250 282 254Q226 252 214 216Q200 200 186 216Q174 252 118 254Q48 250 44 168Z"
        front = (
            path(shield, "url(#g)")
            + path("M60 232L110 176 134 202 156 180 184 214Q174 252 118 254Q78 252 60 232ZM220 226L266 172 292 202 312 184 342 226Q320 252 282 254Q236 252 220 226Z", "#fff", f'opacity=".16" {BARE}')
            + path("M40 170Q40 138 96 134Q200 122 304 134Q360 138 360 170L352 164Q336 152 300 150Q200 140 100 150Q64 152 48 164Z", BODY)
            + shine("M70 172Q84 160 120 160L84 226Q66 204 70 172ZM236 166L264 162 232 222Q222 210 218 206Z", 0.4)
        )
    else:
        d = outlines[look.shape]
        thick = 5 if look.shape == "aviator" else 13
        eye = (
            path(d, "url(#g)", f'stroke="{tint.deep}" stroke-width="{thick + 6}"')
            + path(d, "url(#g)", f'stroke="{tint.base}" stroke-width="{thick}"')
            + path("M80 222L112 178 130 200 144 186 172 220Q156 242 126 242T80 222Z", "#fff", f'opacity=".17" {BARE}')
            + shine("M88 176Q98 164 122 164L94 216Q82 198 88 176Z", 0.45)
        )
        leather = path("M52 160Q40 200 56 240Q70 250 76 240Q64 200 74 162Q66 150 52 160Z", TRIM)
        bar = seam("M172 152Q200 142 228 152", tint.deep, 10) + seam("M172 152Q200 142 228 152", tint.base, 5)
        bridge = seam("M180 186Q200 164 220 186", tint.deep, 15) + seam("M180 186Q200 164 220 186", tint.base, 9)
        front = both(eye + (leather if look.shape == "glacier" else "")) + bridge
        front += bar if look.shape == "aviator" else ""
    cord = ""
    if look.shape in ("wrap", "glacier"):
        cord = seam("M122 54Q160 4 200 22T278 54", trim.dark, 4)
    return glass + shadow(200, 320, 150, 12) + moved(cord + arms + front, "translate(-20 22) scale(1.1)")
