"""Camping chairs: arm, low, moon, stool, lounger."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    both,
    box,
    dot,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look


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
        seam("M118 246L268 334M282 246L132 334M132 92L152 250M268 92L248 250", "#8b959c", 9)
        + seam("M266 334h6M128 334h6", RUBBER, 13)
        + dot(200, 292, 13, RUBBER)
        + path("M116 82Q200 64 284 82L262 200Q200 214 138 200Z", BODY)
        + path("M116 82Q200 64 284 82L280 106Q200 90 120 106Z", TRIM)
        + path("M150 128H250L242 184Q200 194 158 184Z", tint.light)
        + seam("M155 142H246M158 156H244M160 170H242", tint.line, 2)
        + shade("M250 84L284 82 262 200Q250 204 236 206Q254 140 250 84Z", 0.12)
        + path("M140 204Q200 218 260 204L296 240Q200 274 104 240Z", BODY)
        + path("M104 240Q200 274 296 240L292 253Q200 288 108 253Z", TRIM)
        + both(dot(112, 246, 8, look.trim.dark) + dot(122, 90, 8, look.trim.dark))
        + shine("M128 112Q130 156 146 194l8 2Q140 154 138 110Z", 0.3)
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
