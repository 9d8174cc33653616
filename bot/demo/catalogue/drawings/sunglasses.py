"""Sunglasses: classic, wrap, round, aviator, glacier."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    moved,
    path,
    seam,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look


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
        shield = (
            "M44 168Q48 146 96 142Q200 132 304 142Q352 146 356 168Q352 250 282 254"
            "Q226 252 214 216Q200 200 186 216Q174 252 118 254Q48 250 44 168Z"
        )
        front = (
            path(shield, "url(#g)")
            + path(
                "M60 232L110 176 134 202 156 180 184 214Q174 252 118 254Q78 252 60 232ZM220 226"
                "L266 172 292 202 312 184 342 226Q320 252 282 254Q236 252 220 226Z",
                "#fff",
                f'opacity=".16" {BARE}',
            )
            + path(
                "M40 170Q40 138 96 134Q200 122 304 134Q360 138 360 170L352 164Q336 152 300 150"
                "Q200 140 100 150Q64 152 48 164Z",
                BODY,
            )
            + shine(
                "M70 172Q84 160 120 160L84 226Q66 204 70 172ZM236 166L264 162 232 222"
                "Q222 210 218 206Z",
                0.4,
            )
        )
    else:
        d = outlines[look.shape]
        thick = 5 if look.shape == "aviator" else 13
        eye = (
            path(d, "url(#g)", f'stroke="{tint.deep}" stroke-width="{thick + 6}"')
            + path(d, "url(#g)", f'stroke="{tint.base}" stroke-width="{thick}"')
            + path(
                "M80 222L112 178 130 200 144 186 172 220Q156 242 126 242T80 222Z",
                "#fff",
                f'opacity=".17" {BARE}',
            )
            + shine("M88 176Q98 164 122 164L94 216Q82 198 88 176Z", 0.45)
        )
        leather = path("M52 160Q40 200 56 240Q70 250 76 240Q64 200 74 162Q66 150 52 160Z", TRIM)
        bar = seam("M172 152Q200 142 228 152", tint.deep, 10) + seam(
            "M172 152Q200 142 228 152", tint.base, 5
        )
        bridge = seam("M180 186Q200 164 220 186", tint.deep, 15) + seam(
            "M180 186Q200 164 220 186", tint.base, 9
        )
        front = both(eye + (leather if look.shape == "glacier" else "")) + bridge
        front += bar if look.shape == "aviator" else ""
    cord = ""
    if look.shape in ("wrap", "glacier"):
        cord = seam("M122 54Q160 4 200 22T278 54", trim.dark, 4)
    return (
        glass
        + shadow(200, 320, 150, 12)
        + moved(cord + arms + front, "translate(-20 22) scale(1.1)")
    )
