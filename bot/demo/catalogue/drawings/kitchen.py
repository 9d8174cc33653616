"""Stoves and water bottles."""

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
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look

METAL = "#c9d0d5"
WATER = "#7cc3de"


def flame(x: int, y: int, size: float) -> str:
    """Return a small gas flame standing at (x, y)."""
    d = "M0 0Q-16 -14 -8 -34Q-4 -24 0 -44Q6 -24 10 -34Q16 -14 0 0Z"
    return (
        f'<g transform="translate({x} {y}) scale({size:g})" {BARE}>'
        + path(d, "#4aa3e0")
        + path("M0 0Q-8 -8 -3 -22Q4 -12 6 -18Q9 -8 0 0Z", "#ffd36b")
        + "</g>"
    )


def cartridge(look: Look, top: int) -> str:
    """Return a gas cartridge whose shoulder is at `top`."""
    return (
        path(f"M128 {top + 34}Q130 {top} 180 {top - 4}H220Q270 {top} 272 {top + 34}V322Q272 340 200 340T128 322Z", BODY)
        + path(f"M128 {top + 58}Q200 {top + 74} 272 {top + 58}V{top + 82}Q200 {top + 98} 128 {top + 82}Z", TRIM)
        + box(182, top - 20, 36, 18, STEEL, r=4)
        + shine(f"M140 {top + 30}Q138 {top + 90} 142 318l12 4Q150 {top + 90} 154 {top + 22}Z", 0.34)
    )


def canister(look: Look) -> str:
    """Return a small burner screwed on a gas cartridge."""
    return (
        cartridge(look, 222)
        + path("M184 204L178 172H222L216 204Z", METAL)
        + seam("M216 196H258Q274 196 274 210V224", "#8b959c", 5)
        + both(seam("M190 176L146 140V112H122", RUBBER, 7))
        + seam("M200 170V120", RUBBER, 7)
        + flame(170, 142, 1.1)
        + flame(230, 142, 1.1)
        + flame(200, 146, 1.35)
        + path("M162 142H238L228 166Q200 174 172 166Z", METAL)
        + seam("M170 150H230", "#7f898f", 3, 'stroke-dasharray="4 5"')
    )


def system(look: Look) -> str:
    """Return an integrated cooking system: pot in a cosy on its burner."""
    tint = look.tint
    return (
        path("M152 292Q152 282 176 280H224Q248 282 248 292V326Q248 340 200 340T152 326Z", TRIM)
        + path("M176 262H224L230 282H170Z", METAL)
        + flame(186, 262, 0.7)
        + flame(214, 262, 0.7)
        + path("M140 226H260L252 262Q200 274 148 262Z", RUBBER)
        + seam("M156 242v14M176 244v16M200 246v16M224 244v16M244 242v14", METAL, 3)
        + path("M138 98H262V228Q200 242 138 228Z", BODY)
        + shade("M232 98H262V228Q250 234 232 236Z")
        + path("M132 84H268V102H132Z", METAL)
        + path("M140 84Q144 62 200 60T260 84Z", RUBBER)
        + dot(200, 58, 9, look.trim.base)
        + seam("M262 120Q304 122 302 166T262 206", tint.deep, 15)
        + seam("M262 120Q304 122 302 166T262 206", look.trim.base, 9)
        + path("M176 190L200 144 212 166 222 152 242 190Z", tint.pale, BARE)
        + shine("M148 110V222l11 3V110Z", 0.32)
        + seam("M184 44Q176 34 184 24M212 44Q204 34 212 24", "#fff", 4, 'opacity=".8"')
    )


def twin(look: Look) -> str:
    """Return a two-burner case stove, open."""
    ring = oval(0, 0, 44, 13, RUBBER) + oval(0, 0, 27, 7, METAL)
    grate = seam("M-52 0H52M-30 -11L30 11M-30 11L30 -11", "#3b444b", 4)
    burner = flame(-20, -2, 0.8) + flame(20, -2, 0.8) + flame(0, 2, 1)
    return (
        path("M78 104H322L334 224H66Z", TRIM)
        + shade("M78 104H322L324 124H76Z", 0.12)
        + path("M96 124H304L312 212H88Z", look.trim.dark, 'opacity=".5"')
        + path("M66 222H334L352 262H48Z", METAL)
        + moved(ring + burner + grate, "translate(136 240)")
        + moved(ring + burner + grate, "translate(264 240)")
        + path("M48 262H352V314Q352 326 340 326H60Q48 326 48 314Z", BODY)
        + shade("M48 308H352V314Q352 326 340 326H60Q48 326 48 314Z", 0.18)
        + dot(120, 292, 17, RUBBER) + seam("M120 292L112 280", "#fff", 4)
        + dot(280, 292, 17, RUBBER) + seam("M280 292L290 282", "#fff", 4)
        + box(172, 284, 56, 14, look.tint.deep, r=7)
        + shine("M58 270H340V278H58Z", 0.3)
    )


def wood(look: Look) -> str:
    """Return a twig stove with fire in it."""
    holes = "".join(dot(x, y, 7, "#ff9b3d") for y in (252, 282) for x in (146, 173, 200, 227, 254))
    return (
        seam("M150 150L128 92M186 140L198 76M240 150L262 96M216 146L240 84", "#8a6a46", 9)
        + f'<g {BARE}>'
        + path("M200 176Q128 160 152 92Q166 112 176 116Q172 70 206 44Q204 84 226 98Q238 90 236 74Q270 120 248 152Q236 176 200 176Z", "#f5882f")
        + path("M200 176Q158 166 172 124Q184 136 190 130Q190 106 206 92Q208 118 222 126Q244 156 200 176Z", "#ffd467")
        + "</g>"
        + path("M122 164H278L268 324Q200 340 132 324Z", BODY)
        + path("M116 154H284V176H116Z", TRIM)
        + shade("M240 176H277L268 324L240 331Z")
        + path("M170 190H230V226H170Z", look.tint.deep)
        + path("M178 226Q184 200 200 198T222 226Z", "#ff9b3d", BARE)
        + holes
        + seam("M134 308Q200 322 266 308", look.tint.line, 3)
        + shine("M132 184L138 316l11 2L145 184Z", 0.3)
    )


def stove(look: Look) -> str:
    """Draw a stove of shape canister, system, twin or wood."""
    shapes = {"canister": canister, "system": system, "twin": twin, "wood": wood}
    return shadow(200, 336, 130, 13) + shapes[look.shape](look)


def mountain_mark(look: Look, y: int) -> str:
    """Return a small printed mountain about `y`."""
    return path(f"M166 {y + 26}L192 {y - 18} 206 {y + 4} 216 {y - 10} 236 {y + 26}Z", look.trim.light, BARE)


def flask(look: Look) -> str:
    """Return a steel vacuum bottle with a loop cap."""
    return (
        seam("M172 78Q172 48 200 48T228 78", look.trim.deep, 13)
        + seam("M172 78Q172 48 200 48T228 78", look.trim.base, 7)
        + box(162, 72, 76, 36, TRIM, r=8)
        + path("M168 108H232V120Q256 128 256 160V318Q256 340 234 340H166Q144 340 144 318V160Q144 128 168 120Z", BODY)
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
        path("M144 132Q144 122 156 118H244Q256 122 256 132V318Q256 340 234 340H166Q144 340 144 318Z", look.tint.pale, 'opacity=".86"')
        + path(f"M147 {level}Q174 {level - 8} 200 {level}T253 {level}V318Q253 337 234 337H166Q147 337 147 318Z", WATER, f'opacity=".85" {BARE}')
        + shade("M232 120H244Q256 122 256 132V318Q256 340 234 340H224Q240 230 232 120Z", 0.1)
        + seam(marks, look.tint.deep, 3)
        + seam("M146 134Q104 130 108 84Q112 56 150 64", look.tint.deep, 12)
        + seam("M146 134Q104 130 108 84Q112 56 150 64", look.tint.base, 7)
        + path("M146 66H254Q262 66 262 74V110Q262 118 254 118H146Q138 118 138 110V74Q138 66 146 66Z", BODY)
        + seam("M156 74V110M172 74V110M188 74V110M204 74V110M220 74V110M236 74V110", look.tint.line, 3)
        + mountain_mark(look, 270)
        + shine("M154 142H166V322Q154 322 154 310Z", 0.6)
    )


def squeeze(look: Look) -> str:
    """Return a bicycle bottle."""
    return (
        path("M188 52H212Q218 52 218 60V84H182V60Q182 52 188 52Z", look.trim.light)
        + path("M162 104Q166 82 184 80H216Q234 82 238 104L250 128H150Z", TRIM)
        + path("M148 128H252Q258 150 254 180Q240 196 254 214V320Q254 340 232 340H168Q146 340 146 320V214Q160 196 146 180Q142 150 148 128Z", BODY)
        + shade("M228 128H252Q258 150 254 180Q240 196 254 214V320Q254 340 232 340H222Q236 240 228 128Z", 0.14)
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
        + path("M176 122H224Q256 140 262 180Q254 214 266 246Q276 300 248 334Q200 346 152 334Q124 300 136 250Q148 214 138 180Q144 140 176 122Z", BODY, 'opacity=".9"')
        + path("M141 236Q170 226 200 236T263 234Q272 300 246 331Q200 342 154 331Q128 296 141 236Z", WATER, f'opacity=".55" {BARE}')
        + seam("M150 196Q176 208 190 196M250 206Q232 220 216 212M146 292Q166 282 178 292", look.tint.line, 2.5)
        + mountain_mark(look, 274)
        + shine("M156 150Q146 174 154 200l8 -2Q158 172 168 148ZM150 256Q142 290 152 320l8 -2Q152 288 160 258Z", 0.45)
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
        + seam("M184 78Q174 62 184 48T184 22M216 78Q206 62 216 48T216 26", "#fff", 5, 'opacity=".75"')
        + shine("M148 142H160L166 322Q158 320 157 312Z", 0.4)
    )


def water_bottle(look: Look) -> str:
    """Draw a bottle of shape flask, wide, squeeze, soft or mug."""
    shapes = {"flask": flask, "wide": wide, "squeeze": squeeze, "soft": soft, "mug": mug}
    return shadow(204, 338, 90, 12) + shapes[look.shape](look)
