"""Sleeping bags: mummy, blanket, quilt."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    moved,
    oval,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look


def stuff_sack(look: Look) -> str:
    """Return the small bag it packs into."""
    return (
        shadow(308, 338, 62, 10)
        + path("M262 268H352Q362 300 352 334H262Q252 300 262 268Z", TRIM)
        + oval(307, 268, 45, 13, look.trim.dark)
        + seam("M307 266Q300 244 312 238Q324 244 312 266", look.tint.base, 4)
        + shine("M272 284V328h8V286Z")
    )


def mummy(look: Look) -> str:
    """Return a mummy bag with a drawn-in hood and the zip a little open."""
    tint = look.tint
    ribs = "".join(
        f"M{a} {y}Q200 {y + 16} {400 - a} {y}"
        for y, a in ((160, 130), (192, 130), (224, 134), (256, 140), (288, 146), (316, 154))
    )
    return (
        path(
            "M200 50Q258 50 264 108Q284 160 266 240Q252 346 200 348Q148 346 134 240"
            "Q116 160 136 108Q142 50 200 50Z",
            BODY,
        )
        + shade(
            "M226 54Q260 62 264 108Q284 160 266 240Q252 346 200 348Q240 260 240 180"
            "Q240 100 226 54Z",
            0.13,
        )
        + oval(200, 104, 44, 38, TRIM)
        + oval(200, 108, 30, 25, look.trim.deep)
        + path("M176 122Q200 108 224 122Q222 134 200 134T176 122Z", look.trim.pale)
        + seam(ribs, tint.line, 2.5)
        + path("M232 138Q252 170 250 226Q236 190 218 150Z", TRIM)
        + seam("M224 140Q252 200 244 282", tint.deep, 5)
        + seam("M200 142V158", tint.deep, 3)
        + shine("M146 150Q138 200 150 262l9 -2Q148 200 158 152Z", 0.32)
    )


def blanket(look: Look) -> str:
    """Return a rectangular bag with one corner turned back and a pillow."""
    rows = "M116 176H284M116 216H284M116 256H284M116 296H284"
    quilt = "M150 140V336M200 140V336M250 140V336" if look.shape == "blanket" else ""
    return (
        path(
            "M128 62H272Q284 62 284 78V330Q284 344 270 344H130Q116 344 116 330V78Q116 62 128 62Z",
            BODY,
        )
        + path("M124 70H276V140H124Z", TRIM)
        + path("M144 82Q200 70 256 82Q264 104 256 126Q200 136 144 126Q136 104 144 82Z", "#f3efe6")
        + seam("M156 92Q150 104 156 116M244 92Q250 104 244 116", "#b9b2a4", 2)
        + seam(rows + quilt, look.tint.line, 2.5)
        + path("M284 140V234Q232 210 200 140Z", TRIM)
        + seam("M284 160Q250 166 224 140M284 190Q258 186 212 150", look.trim.line, 2)
        + shade("M262 140H284V330Q284 344 270 344H250Q262 260 262 140Z", 0.1)
        + shine("M126 150V320h9V150Z", 0.3)
    )


def sleeping_bag(look: Look) -> str:
    """Draw a sleeping bag of shape mummy, blanket or quilt."""
    drawn = mummy(look) if look.shape == "mummy" else blanket(look)
    return (
        shadow(196, 344, 120, 12)
        + moved(drawn, "translate(-30 14) rotate(-9 200 200) scale(.96)")
        + stuff_sack(look)
    )
