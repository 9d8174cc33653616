"""Gloves, socks and hats."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    box,
    dot,
    pair,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

# One left glove, thumb on the left, in a space about 160 wide and 250 high.
GLOVE = (
    "M138 300L132 246Q108 222 92 188Q88 172 101 171Q112 172 122 186L138 204L131 112Q131 97 144 97"
    "Q157 97 158 112L162 170L165 88Q166 73 179 73Q192 73 192 88L192 170L201 98Q203 84 216 86"
    "Q228 88 226 102L216 182L234 132Q239 119 250 123Q261 128 257 142L240 214Q234 250 230 300Z"
)
SHORT = (
    "M138 300L132 246Q108 222 96 196L112 178L138 204L134 142H160L162 170L164 132H192V170L197 136"
    "L222 140L216 182L228 154L252 164L240 214Q234 250 230 300Z"
)
MITTEN = (
    "M138 300L130 244Q100 222 92 190Q90 170 108 170Q122 174 136 196Q126 92 190 84Q258 92 248 196"
    "Q244 250 230 300Z"
)


def one_glove(look: Look) -> str:
    """Return the left glove of a pair."""
    tint, trim = look.tint, look.trim
    cuff = path("M128 284H240L246 336Q186 350 122 336Z", TRIM)
    ribs = seam("M142 292L140 338M160 294V341M180 294V342M200 294V342M220 292L224 338", trim.line, 2)
    match look.shape:
        case "mitten":
            hand = path(MITTEN, BODY) + seam("M136 196Q146 214 140 232", tint.line, 3) + path(
                "M138 150Q190 130 246 150L248 190Q190 172 136 190Z", trim.base
            )
            hand += shine("M152 128Q160 106 180 100l2 8Q166 114 160 132Z")
        case "fingerless":
            hand = path(SHORT, BODY) + seam("M134 150H160M164 140H192M196 144L221 148M225 162L249 172M98 202L114 184", trim.base, 7)
            hand += seam("M150 200Q186 186 224 200", tint.line, 3)
        case "liner":
            hand = path(GLOVE, BODY) + path(
                "M131 124V112Q131 97 144 97Q157 97 158 112L159 124ZM165 100V88Q166 73 179 73Q192 73 192 88V100Z"
                "M92 188Q88 172 101 171Q110 172 118 181L100 202Z", trim.base
            )
            hand += seam("M150 214Q186 200 222 214", tint.line, 2)
        case _:
            hand = path(GLOVE, BODY) + path(
                "M140 206Q186 184 228 202Q230 226 222 240Q186 222 142 244Z", trim.base
            ) + seam("M138 140h16M168 120h20M202 126l20 3M236 156l14 6M137 160h20M167 146h22", tint.line, 3)
            hand += box(150, 258, 76, 20, trim.dark, r=6) + box(200, 254, 20, 28, trim.light, r=4)
    knit = ribs if look.shape in ("liner", "mitten", "fingerless") else ""
    return hand + shade("M212 200L240 214Q234 250 230 300H206Q216 250 212 200Z", 0.13) + cuff + knit


def gloves(look: Look) -> str:
    """Draw gloves of shape glove, liner, fingerless or mitten."""
    back, front = "matrix(-.8 -.14 -.14 .8 406 62)", "matrix(.8 -.14 .14 .8 -6 62)"
    return shadow(200, 344, 140, 12) + pair(one_glove(look), back, front)


CREW = "M148 70H226L222 196Q222 214 240 226L296 262Q322 284 306 312Q288 336 254 324L172 284Q142 262 144 214Z"
ANKLE = "M144 166H226L224 200Q224 216 242 228L298 262Q324 284 308 312Q290 336 256 324L174 284Q144 264 144 220Z"
KNEE = "M150 34H228L222 200Q222 216 240 226L296 262Q322 284 306 312Q288 336 254 324L172 286Q142 264 144 218Z"


def one_sock(look: Look) -> str:
    """Return one sock, toe to the right."""
    tint, trim = look.tint, look.trim
    outline, top = {"ankle": (ANKLE, 166), "knee": (KNEE, 34)}.get(look.shape, (CREW, 70))
    room = 214 - top
    y = top + 50
    if look.twist < 0.34:
        pattern = seam(f"M150 {y}H222M150 {y + 14}H222", trim.base, 6) if room > 80 else ""
    elif look.twist < 0.67:
        zigzag = f"M150 {y + 12}l12 -14 12 14 12 -14 12 14 12 -14 10 14"
        pattern = seam(zigzag, trim.base, 5) if room > 80 else ""
        pattern += seam(f"M150 {y + 34}H222", trim.light, 4) if room > 80 else ""
    else:
        pattern = path(f"M156 {y + 40}L180 {y} 192 {y + 20} 202 {y + 8} 216 {y + 40}Z", trim.light, BARE) if room > 80 else ""
    ribs = "".join(f"M{x} {top + 4}V{top + 26}" for x in range(160, 222, 10))
    return (
        path(outline, BODY)
        + shade("M224 214Q230 222 242 230L298 262Q324 284 308 312Q298 328 278 328Q286 290 250 266Q222 250 210 226Z", 0.12)
        + path("M144 214Q142 264 174 285L190 292Q210 262 192 236Q172 216 144 214Z", TRIM)
        + path("M276 250L296 262Q322 284 306 312Q288 336 254 324Q246 320 240 316Q250 272 276 250Z", TRIM)
        + pattern
        + seam("M206 262Q226 270 236 292M216 246Q240 256 252 270", tint.line, 2)
        + path(f"M144 {top - 2}H230V{top + 28}H144Z", TRIM)
        + seam(ribs, trim.line, 2)
        + shine(f"M154 {top + 36}L151 206h8L162 {top + 36}Z", 0.3)
    )


def socks(look: Look) -> str:
    """Draw socks of shape crew, ankle or knee."""
    back, front = "translate(52 -18) rotate(-7 200 200) scale(.96)", "translate(-34 10)"
    return shadow(216, 340, 130, 12) + pair(one_sock(look), back, front)


def beanie(look: Look) -> str:
    """Return a knitted hat with a folded cuff; a bobble when it has a "hood"."""
    ribs = "M126 246Q130 170 168 128M160 248Q160 170 184 124M200 250V120M240 248Q240 170 216 124M274 246Q270 170 232 128"
    bobble = dot(200, 108, 34, look.trim.light) + seam(
        "M182 96l8 6M204 86v10M220 100l-8 6M180 116l8 -4M200 124v-8M218 120l-6 -6M198 106h4",
        look.trim.dark, 3
    )
    return (
        path("M100 256Q96 118 200 114T300 256Z", BODY)
        + path("M108 206Q200 188 292 206L294 226Q200 208 106 226Z", look.trim.light)
        + seam(ribs, look.tint.line, 3)
        + (bobble if look.hood else "")
        + path("M94 244Q200 226 306 244Q318 272 310 304Q200 324 90 304Q82 272 94 244Z", TRIM)
        + seam("M116 244L114 304M144 240L142 309M172 238V312M200 237V313M228 238V312M256 240L258 309M284 244L286 304", look.trim.line, 2.5)
        + box(236, 258, 40, 28, look.tint.light, r=4)
        + shine("M118 200Q128 150 156 132l6 6Q136 158 128 200Z", 0.26)
    )


def cap(look: Look) -> str:
    """Return a cap with a peak; a neck flap when it has a "hood"."""
    flap = path("M92 240Q80 300 96 340Q140 332 156 250Z", TRIM) + seam("M112 260Q104 300 112 330", look.trim.line, 2)
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
        stitches = seam("M84 262Q200 296 316 262M70 280Q200 316 330 280", look.tint.line, 2, 'stroke-dasharray="6 4"')
        strap = ""
    else:
        edge = path("M20 254Q44 226 106 218H294Q356 226 380 254Q330 306 200 304T20 254Z", BODY)
        stitches = seam("M44 258Q90 288 200 288T356 258", look.tint.line, 2, 'stroke-dasharray="6 4"')
        strap = seam("M124 286Q130 340 200 350T276 286", look.trim.base, 4) + box(192, 338, 16, 20, look.trim.dark, r=5)
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
        + path("M72 184Q70 250 82 286Q200 340 318 286Q330 250 328 184Q318 228 200 240T72 184Z", BODY)
        + path("M76 236Q200 296 324 236L322 262Q200 322 78 262Z", TRIM)
        + seam("M96 254l20 8 16 -8 20 16 18 -10 22 14 22 -14 18 10 20 -16 16 8 20 -8", look.trim.light, 4)
        + shade("M280 218Q318 206 328 184Q330 250 318 286L270 302Q284 260 280 218Z", 0.13)
        + shine("M88 216Q90 250 96 270l10 6Q98 246 98 224Z", 0.32)
    )


def hat(look: Look) -> str:
    """Draw a hat of shape beanie, cap, brim, bucket or headband."""
    shapes = {"beanie": beanie, "cap": cap, "brim": brim, "bucket": brim, "headband": headband}
    return shadow(200, 340, 120, 13) + shapes[look.shape](look)
