"""Jackets: shell, softshell, fleece, puffer, parka, vest."""

from bot.demo.catalogue.drawings.marks import (
    BODY,
    TRIM,
    both,
    box,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

SLEEVE = "M152 114Q122 120 110 158L78 284Q92 302 120 297L152 200Z"
CUFF = "M81 272Q98 288 124 285L120 297Q92 302 78 284Z"


def hood(look: Look) -> str:
    """Return a hood that lies up, seen from the front."""
    tint = look.tint
    return (
        path("M158 116Q142 48 200 42Q258 48 242 116Q222 100 200 100T158 116Z", BODY)
        + path("M170 108Q162 66 200 62Q238 66 230 108Q216 98 200 98T170 108Z", tint.deep)
        + shade("M200 42Q258 48 242 116L230 108Q238 66 200 62Z", 0.14)
    )


def collar(look: Look) -> str:
    """Return a stand-up collar."""
    return path("M164 112Q166 82 200 80T236 112Q218 124 200 124T164 112Z", TRIM) + path(
        "M174 92Q200 102 226 92Q214 84 200 84T174 92Z", look.tint.deep
    )


def puffs(top: int, bottom: int, rows: int) -> str:
    """Return a torso of `rows` stuffed baffles."""
    step = (bottom - top) / rows
    bands = []
    for row in range(rows):
        y = top + row * step
        out = 136 - 2 * min(row, 2)
        bands.append(
            path(
                f"M{out + 6:g} {y:g}Q{out - 8:g} {y + step / 2:g} {out + 4:g} {y + step:g}"
                f"Q200 {y + step + 12:g} {396 - out:g} {y + step:g}"
                f"Q{408 - out:g} {y + step / 2:g} {394 - out:g} {y:g}"
                f"Q200 {y + 10:g} {out + 6:g} {y:g}Z",
                BODY,
            )
        )
    return "".join(bands)


def puffed_sleeve(look: Look) -> str:
    """Return the left sleeve as one stuffed tube with seams."""
    return path(
        "M156 114Q124 108 114 140Q98 150 104 170Q88 182 94 202Q78 216 84 234Q70 248 76 268"
        "Q66 282 76 292Q98 308 122 296Q132 280 126 264Q140 250 136 230Q148 210 156 190Z",
        BODY,
    ) + seam(
        "M114 140Q140 142 154 156M104 170Q128 174 148 190M94 202Q118 208 140 220"
        "M84 234Q106 240 132 246M76 268Q98 274 126 272",
        look.tint.line,
        2.5,
    )


def zip_line(look: Look, bottom: int) -> str:
    """Return the front zip with its puller."""
    return (
        seam(f"M200 104V{bottom}", look.tint.deep, 6)
        + seam(f"M200 108V{bottom}", look.trim.light, 2, 'stroke-dasharray="3 3"')
        + box(195, 118, 10, 20, look.trim.base, r=4)
    )


def pocket_zips(look: Look) -> str:
    """Return up to three zipped pockets."""
    hand = seam("M164 232L150 282", look.tint.deep, 6) + seam("M164 232L150 282", look.trim.base, 2)
    chest = seam("M222 168V206", look.tint.deep, 6) + seam("M222 168V206", look.trim.base, 2)
    marks = both(hand) if look.parts >= 2 else ""
    return marks + (chest if look.parts != 2 else "")


def second_colour(look: Look) -> str:
    """Return the block in the second colour: down to the chest pocket, or over the shoulders."""
    if look.parts > 2:
        d = "M152 114Q174 102 200 102T248 114L264 156 263 190 200 218 137 190 136 156Z"
    else:
        d = "M152 114Q174 102 200 102T248 114L264 152Q232 172 200 162Q168 172 136 152Z"
    return path(d, TRIM)


def torso(hem: int) -> str:
    """Return a torso down to `hem`."""
    return path(
        f"M152 114Q174 102 200 102T248 114L264 156 262 {hem}Q200 {hem + 14} 138 {hem}L136 156Z",
        BODY,
    )


def jacket(look: Look) -> str:
    """Draw a jacket of shape shell, softshell, fleece, puffer, parka or vest."""
    tint, trim = look.tint, look.trim
    head = hood(look) if look.hood else ""
    neck = "" if look.hood else collar(look)
    ground = shadow(200, 350, 86, 9)
    if look.shape in ("puffer", "vest"):
        arms = "" if look.shape == "vest" else both(puffed_sleeve(look))
        yoke = path("M142 118Q170 100 200 102T258 118L266 152Q200 166 134 152Z", TRIM)
        band = path("M138 318Q200 332 262 318L260 334Q200 346 140 334Z", TRIM)
        pockets = both(seam("M160 240Q154 262 158 284", tint.deep, 5))
        return (
            ground
            + arms
            + head
            + puffs(150, 320, 5)
            + yoke
            + band
            + neck
            + pockets
            + zip_line(look, 336)
            + shine("M146 160q8 -4 26 0l-4 10q-16 -4 -24 0zM144 194q8 -4 26 0l-4 10q-16 -4 -24 0z")
        )
    long = look.shape == "parka"
    hem = 348 if long else 320
    sleeve = path(SLEEVE, BODY) + path(CUFF, TRIM if look.shape != "fleece" else tint.dark)
    crease = seam("M124 190Q116 220 104 250M146 176L150 200", tint.line, 2)
    arms = both(sleeve + crease)
    detail = pocket_zips(look)
    match look.shape:
        case "shell":
            detail = second_colour(look) + detail
            detail += both(seam("M140 300Q160 308 190 310", tint.line, 2))
        case "fleece":
            detail += path("M152 114Q174 102 200 102T248 114L264 168 136 168Z", TRIM)
            detail += seam(
                "M148 186h0M170 200h0M150 216h0M182 226h0M164 264h0M186 282h0M154 302h0"
                "M216 190h0M240 218h0M218 246h0M246 262h0M228 296h0M250 300h0M214 276h0",
                tint.pale,
                4,
                'opacity=".7"',
            )
        case "parka":
            flap = path("M148 240h40v44q-20 6 -40 0zM145 240h46v14h-46z", tint.light)
            detail = both(flap) + seam("M138 214Q200 226 262 214", tint.line, 4)
            detail += box(206, 150, 36, 10, trim.base, r=3)
        case _:
            detail += both(seam("M176 106Q160 180 156 326", tint.line, 2))
            detail += path(
                f"M138 {hem - 14}Q200 {hem} 262 {hem - 14}V{hem}Q200 {hem + 14} 138 {hem}Z", TRIM
            )
    if long and look.hood:
        head += seam(
            "M164 112Q152 54 200 50Q248 54 236 112", trim.pale, 15, 'stroke-dasharray="1 7"'
        )
        head += seam(
            "M164 112Q152 54 200 50Q248 54 236 112", trim.light, 9, 'stroke-dasharray="1 8"'
        )
    return (
        ground
        + head
        + arms
        + torso(hem)
        + shade(f"M232 108L264 156 262 {hem}Q240 {hem + 7} 218 {hem + 9}Q238 220 232 108Z", 0.12)
        + detail
        + neck
        + zip_line(look, hem + 9)
        + shine(f"M150 170Q146 240 150 {hem - 16}l8 2Q154 240 158 172Z", 0.25)
    )
