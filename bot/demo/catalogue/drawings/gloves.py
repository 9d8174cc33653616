"""Gloves: glove, liner, fingerless, mitten."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    box,
    pair,
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
    ribs = seam(
        "M142 292L140 338M160 294V341M180 294V342M200 294V342M220 292L224 338", trim.line, 2
    )
    match look.shape:
        case "mitten":
            hand = (
                path(MITTEN, BODY)
                + seam("M136 196Q146 214 140 232", tint.line, 3)
                + path("M138 150Q190 130 246 150L248 190Q190 172 136 190Z", trim.base)
            )
            hand += shine("M152 128Q160 106 180 100l2 8Q166 114 160 132Z")
        case "fingerless":
            hand = path(SHORT, BODY) + seam(
                "M134 150H160M164 140H192M196 144L221 148M225 162L249 172M98 202L114 184",
                trim.base,
                7,
            )
            hand += seam("M150 200Q186 186 224 200", tint.line, 3)
        case "liner":
            hand = path(GLOVE, BODY) + path(
                "M131 124V112Q131 97 144 97Q157 97 158 112L159 124ZM165 100V88Q166 73 179 73"
                "Q192 73 192 88V100Z"
                "M92 188Q88 172 101 171Q110 172 118 181L100 202Z",
                trim.base,
            )
            hand += seam("M150 214Q186 200 222 214", tint.line, 2)
        case _:
            hand = (
                path(GLOVE, BODY)
                + path("M140 206Q186 184 228 202Q230 226 222 240Q186 222 142 244Z", trim.base)
                + seam(
                    "M138 140h16M168 120h20M202 126l20 3M236 156l14 6M137 160h20M167 146h22",
                    tint.line,
                    3,
                )
            )
            hand += box(150, 258, 76, 20, trim.dark, r=6) + box(200, 254, 20, 28, trim.light, r=4)
    knit = ribs if look.shape in ("liner", "mitten", "fingerless") else ""
    return hand + shade("M212 200L240 214Q234 250 230 300H206Q216 250 212 200Z", 0.13) + cuff + knit


def gloves(look: Look) -> str:
    """Draw gloves of shape glove, liner, fingerless or mitten."""
    back, front = "matrix(-.86 -.12 -.12 .86 452 46)", "matrix(.86 -.12 .12 .86 -52 46)"
    return shadow(200, 344, 140, 12) + pair(one_glove(look), back, front)
