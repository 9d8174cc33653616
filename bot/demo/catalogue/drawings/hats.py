"""Hats: beanie, cap, brim, bucket, headband."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    box,
    dot,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look


def beanie(look: Look) -> str:
    """Return a knitted hat with a folded cuff; a bobble when it has a "hood"."""
    ribs = (
        "M126 246Q130 170 168 128M160 248Q160 170 184 124M200 250V120M240 248"
        "Q240 170 216 124M274 246Q270 170 232 128"
    )
    bobble = dot(200, 108, 34, look.trim.light) + seam(
        "M182 96l8 6M204 86v10M220 100l-8 6M180 116l8 -4M200 124v-8M218 120l-6 -6M198 106h4",
        look.trim.dark,
        3,
    )
    return (
        path("M100 256Q96 118 200 114T300 256Z", BODY)
        + path("M108 206Q200 188 292 206L294 226Q200 208 106 226Z", look.trim.light)
        + seam(ribs, look.tint.line, 3)
        + (bobble if look.hood else "")
        + path("M94 244Q200 226 306 244Q318 272 310 304Q200 324 90 304Q82 272 94 244Z", TRIM)
        + seam(
            "M116 244L114 304M144 240L142 309M172 238V312M200 237V313M228 238V312M256 240"
            "L258 309M284 244L286 304",
            look.trim.line,
            2.5,
        )
        + box(236, 258, 40, 28, look.tint.light, r=4)
        + shine("M118 200Q128 150 156 132l6 6Q136 158 128 200Z", 0.26)
    )


def cap(look: Look) -> str:
    """Return a cap with a peak; a neck flap when it has a "hood"."""
    flap = path("M92 240Q80 300 96 340Q140 332 156 250Z", TRIM) + seam(
        "M112 260Q104 300 112 330", look.trim.line, 2
    )
    return (
        (flap if look.hood else "")
        + path("M210 228Q318 214 372 268Q376 284 358 282Q286 252 186 268Z", TRIM)
        + seam("M214 250Q300 240 354 272", look.trim.line, 2, 'stroke-dasharray="5 4"')
        + path("M88 250Q84 130 184 124Q280 128 288 236Q190 236 190 272Q120 272 88 250Z", BODY)
        + shade("M214 128Q280 142 288 236Q262 236 238 240Q246 180 214 128Z", 0.13)
        + seam("M184 126Q140 170 136 264M184 126Q232 170 236 240", look.tint.line, 2.5)
        + path("M184 228L210 182 222 200 230 190 248 224Z", look.trim.light, BARE)
        + dot(184, 124, 9, look.trim.base)
        + seam("M112 180h0M160 168h0M216 160h0", look.tint.deep, 7)
        + shine("M106 214Q110 160 148 140l5 7Q124 166 118 216Z", 0.28)
    )


def brim(look: Look) -> str:
    """Return a wide-brimmed sun hat, or a bucket hat with a narrow brim."""
    if look.shape == "bucket":
        edge = path("M106 212Q200 184 294 212Q322 262 346 292Q200 336 54 292Q78 262 106 212Z", BODY)
        stitches = seam(
            "M84 262Q200 296 316 262M70 280Q200 316 330 280",
            look.tint.line,
            2,
            'stroke-dasharray="6 4"',
        )
        strap = ""
    else:
        edge = path("M20 254Q44 226 106 218H294Q356 226 380 254Q330 306 200 304T20 254Z", BODY)
        stitches = seam(
            "M44 258Q90 288 200 288T356 258", look.tint.line, 2, 'stroke-dasharray="6 4"'
        )
        strap = seam("M124 286Q130 340 200 350T276 286", look.trim.base, 4) + box(
            192, 338, 16, 20, look.trim.dark, r=5
        )
    return (
        strap
        + edge
        + stitches
        + path("M110 232Q108 112 164 108Q200 98 236 108Q292 112 290 232Q200 262 110 232Z", BODY)
        + shade("M236 108Q292 112 290 232Q270 240 246 243Q262 170 236 108Z", 0.14)
        + path("M110 202Q200 234 290 202V234Q200 266 110 234Z", TRIM)
        + seam("M132 168h0M150 168h0M250 168h0M268 168h0", look.tint.deep, 8)
        + seam("M164 110Q184 132 200 120T236 110", look.tint.line, 2.5)
        + shine("M122 196Q120 140 152 122l6 6Q132 146 132 200Z", 0.3)
    )


def headband(look: Look) -> str:
    """Return a warm headband."""
    return (
        path("M72 190Q80 120 200 118T328 190Q200 150 72 190Z", look.tint.deep)
        + path(
            "M72 184Q70 250 82 286Q200 340 318 286Q330 250 328 184Q318 228 200 240T72 184Z", BODY
        )
        + path("M76 236Q200 296 324 236L322 262Q200 322 78 262Z", TRIM)
        + seam(
            "M96 254l20 8 16 -8 20 16 18 -10 22 14 22 -14 18 10 20 -16 16 8 20 -8",
            look.trim.light,
            4,
        )
        + shade("M280 218Q318 206 328 184Q330 250 318 286L270 302Q284 260 280 218Z", 0.13)
        + shine("M88 216Q90 250 96 270l10 6Q98 246 98 224Z", 0.32)
    )


def hat(look: Look) -> str:
    """Draw a hat of shape beanie, cap, brim, bucket or headband."""
    shapes = {"beanie": beanie, "cap": cap, "brim": brim, "bucket": brim, "headband": headband}
    return shadow(200, 340, 120, 13) + shapes[look.shape](look)
