"""Water bottles: flask, wide, squeeze, soft, mug."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    box,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import STEEL, Look

WATER = "#7cc3de"


def mountain_mark(look: Look, y: int) -> str:
    """Return a small printed mountain about `y`."""
    return path(
        f"M166 {y + 26}L192 {y - 18} 206 {y + 4} 216 {y - 10} 236 {y + 26}Z", look.trim.light, BARE
    )


def flask(look: Look) -> str:
    """Return a steel vacuum bottle with a loop cap."""
    return (
        seam("M172 78Q172 48 200 48T228 78", look.trim.deep, 13)
        + seam("M172 78Q172 48 200 48T228 78", look.trim.base, 7)
        + box(162, 72, 76, 36, TRIM, r=8)
        + path(
            "M168 108H232V120Q256 128 256 160V318Q256 340 234 340H166Q144 340 144 318V160"
            "Q144 128 168 120Z",
            BODY,
        )
        + shade("M230 118Q256 128 256 160V318Q256 340 234 340H222Q238 240 230 118Z")
        + seam("M170 114H230", STEEL, 7)
        + seam("M146 306H254", look.tint.line, 3)
        + mountain_mark(look, 226)
        + shine("M156 160Q156 140 168 134V326Q156 324 156 314Z", 0.4)
    )


def wide(look: Look) -> str:
    """Return a clear wide-mouth bottle with marks, half full."""
    level = 190 + round(50 * look.twist)
    marks = "".join(f"M222 {y}h18" for y in range(170, 320, 24))
    return (
        path(
            "M144 132Q144 122 156 118H244Q256 122 256 132V318Q256 340 234 340H166Q144 340 144 318Z",
            look.tint.pale,
            'opacity=".86"',
        )
        + path(
            f"M147 {level}Q174 {level - 8} 200 {level}T253 {level}V318Q253 337 234 337H166"
            f"Q147 337 147 318Z",
            WATER,
            f'opacity=".85" {BARE}',
        )
        + shade("M232 120H244Q256 122 256 132V318Q256 340 234 340H224Q240 230 232 120Z", 0.1)
        + seam(marks, look.tint.deep, 3)
        + seam("M146 134Q104 130 108 84Q112 56 150 64", look.tint.deep, 12)
        + seam("M146 134Q104 130 108 84Q112 56 150 64", look.tint.base, 7)
        + path(
            "M146 66H254Q262 66 262 74V110Q262 118 254 118H146Q138 118 138 110V74Q138 66 146 66Z",
            BODY,
        )
        + seam(
            "M156 74V110M172 74V110M188 74V110M204 74V110M220 74V110M236 74V110", look.tint.line, 3
        )
        + mountain_mark(look, 270)
        + shine("M154 142H166V322Q154 322 154 310Z", 0.6)
    )


def squeeze(look: Look) -> str:
    """Return a bicycle bottle."""
    return (
        path("M188 52H212Q218 52 218 60V84H182V60Q182 52 188 52Z", look.trim.light)
        + path("M162 104Q166 82 184 80H216Q234 82 238 104L250 128H150Z", TRIM)
        + path(
            "M148 128H252Q258 150 254 180Q240 196 254 214V320Q254 340 232 340H168"
            "Q146 340 146 320V214Q160 196 146 180Q142 150 148 128Z",
            BODY,
        )
        + shade(
            "M228 128H252Q258 150 254 180Q240 196 254 214V320Q254 340 232 340H222Q236 240 228 128Z",
            0.14,
        )
        + seam("M150 184Q200 194 250 184M150 208Q200 218 250 208", look.tint.line, 3)
        + path("M147 240L253 270V300L147 270Z", look.trim.base, BARE)
        + shine("M156 138H168V178L160 190V182ZM156 222l12 -4V326Q156 324 156 316Z", 0.4)
    )


def soft(look: Look) -> str:
    """Return a collapsible flask, a little crumpled."""
    return (
        path("M186 66H214V90H186Z", look.trim.pale)
        + path("M172 88H228V122H172Z", TRIM)
        + seam("M180 96V116M192 96V116M204 96V116M216 96V116", look.trim.line, 3)
        + path(
            "M176 122H224Q256 140 262 180Q254 214 266 246Q276 300 248 334Q200 346 152 334"
            "Q124 300 136 250Q148 214 138 180Q144 140 176 122Z",
            BODY,
            'opacity=".9"',
        )
        + path(
            "M141 236Q170 226 200 236T263 234Q272 300 246 331Q200 342 154 331Q128 296 141 236Z",
            WATER,
            f'opacity=".55" {BARE}',
        )
        + seam(
            "M150 196Q176 208 190 196M250 206Q232 220 216 212M146 292Q166 282 178 292",
            look.tint.line,
            2.5,
        )
        + mountain_mark(look, 274)
        + shine(
            "M156 150Q146 174 154 200l8 -2Q158 172 168 148ZM150 256Q142 290 152 320l8 -2"
            "Q152 288 160 258Z",
            0.45,
        )
    )


def mug(look: Look) -> str:
    """Return an insulated mug with a lid and handle."""
    return (
        seam("M252 160Q316 156 314 214T246 272", look.tint.deep, 24)
        + seam("M252 160Q316 156 314 214T246 272", look.tint.base, 16)
        + path("M136 128H264L254 316Q252 336 232 336H168Q148 336 146 316Z", BODY)
        + shade("M234 128H264L254 316Q252 336 232 336H220Q236 230 234 128Z")
        + path("M128 104H272Q280 104 280 114V130H120V114Q120 104 128 104Z", TRIM)
        + box(150, 90, 44, 15, look.trim.dark, r=6)
        + seam("M148 306H252", STEEL, 8)
        + mountain_mark(look, 220)
        + seam(
            "M184 78Q174 62 184 48T184 22M216 78Q206 62 216 48T216 26", "#fff", 5, 'opacity=".75"'
        )
        + shine("M148 142H160L166 322Q158 320 157 312Z", 0.4)
    )


def water_bottle(look: Look) -> str:
    """Draw a bottle of shape flask, wide, squeeze, soft or mug."""
    shapes = {"flask": flask, "wide": wide, "squeeze": squeeze, "soft": soft, "mug": mug}
    return shadow(204, 338, 90, 12) + shapes[look.shape](look)
