"""Watches: digital, analog, band."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    both,
    box,
    dot,
    moved,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import RUBBER, STEEL, Look

SCREEN = "#13212b"


def strap(look: Look, width: int) -> str:
    """Return a watch strap that runs from top to bottom."""
    left, right = 200 - width // 2, 200 + width // 2
    holes = "".join(f"M194 {y}h12" for y in range(314, 366, 16))
    return (
        path(f"M{left} 150L{left + 12} 30H{right - 12}L{right} 150Z", BODY)
        + path(f"M{left} 250L{left + 12} 376Q200 388 {right - 12} 376L{right} 250Z", BODY)
        + shade(
            f"M{right - 22} 150L{right - 26} 30H{right - 12}L{right} 150Z"
            f"M{right - 22} 250L{right - 26} 380L{right - 12} 376L{right} 250Z",
            0.14,
        )
        + seam(holes, look.tint.deep, 5)
        + box(left + 4, 50, width - 8, 15, look.tint.dark, r=5)
        + shine(f"M{left + 14} 120L{left + 22} 40h7L{left + 22} 120Z")
    )


def ticks(r_out: int, r_in: int) -> str:
    """Return twelve hour marks as rotated lines about (200, 200)."""
    mark = f"M200 {200 - r_out}V{200 - r_in}"
    return "".join(
        f'<path d="{mark}" transform="rotate({turn} 200 200)"/>' for turn in range(0, 360, 30)
    )


def analog(look: Look) -> str:
    """Return a field watch with hands, on a pale or a dark face."""
    face, marks = ("#f5f1e6", "#3a4046") if look.twist < 0.5 else (look.tint.deep, "#f5f1e6")
    return (
        strap(look, 96)
        + box(284, 190, 20, 22, STEEL, r=5)
        + dot(200, 200, 94, STEEL)
        + dot(200, 200, 80, face)
        + f'<g stroke="{marks}" stroke-width="5">{ticks(70, 58)}</g>'
        + seam("M200 200L168 168", look.trim.base, 9)
        + seam("M200 200L236 150", look.trim.base, 6)
        + seam("M190 214L214 142", "#e5533d", 2.5)
        + dot(200, 200, 8, look.trim.base)
        + box(224, 192, 26, 17, "#fff", r=2)
        + shine("M140 168Q160 130 200 128L156 220Q138 200 140 168Z", 0.22)
    )


def digital(look: Look) -> str:
    """Return a round outdoor watch: hills, altitude line and a heart rate."""
    return (
        strap(look, 104)
        + both(box(96, 158, 18, 26, STEEL, r=6) + box(96, 216, 18, 26, STEEL, r=6))
        + dot(200, 200, 98, RUBBER)
        + dot(200, 200, 90, TRIM)
        + f'<g stroke="{look.trim.pale}" stroke-width="4">{ticks(86, 78)}</g>'
        + dot(200, 200, 74, SCREEN)
        + path(
            "M131 226L160 192 178 212 206 170 232 206 248 190 269 226Q254 270 200 274T131 226Z",
            "#3f8f7b",
            BARE,
        )
        + path("M131 226Q200 206 269 226Q254 270 200 274T131 226Z", "#5fb391", BARE)
        + dot(236, 160, 10, "#f7c95c", BARE)
        + seam("M150 164H178M150 176H168", "#dfe9ee", 5)
        + seam("M158 248H178L184 238 192 258 198 248H242", "#fff", 3.5)
        + shine("M140 172Q158 136 200 132L150 230Q134 206 140 172Z", 0.16)
    )


def band(look: Look) -> str:
    """Return a slim fitness band."""
    return (
        strap(look, 84)
        + box(142, 106, 116, 190, RUBBER, r=34)
        + box(152, 116, 96, 170, SCREEN, r=26)
        + dot(200, 176, 34, "none", 'stroke="#33464f" stroke-width="9"')
        + seam("M200 142A34 34 0 1 1 167 184", look.trim.light, 9)
        + seam("M200 162V178L212 186", "#fff", 5)
        + seam("M168 238H182L190 224 202 252 210 238H232", "#7fe0b0", 4)
        + seam("M178 266H222", "#54707c", 5)
        + shine("M160 150Q160 124 184 122L162 200Z", 0.2)
    )


def watch(look: Look) -> str:
    """Draw a watch of shape digital, analog or band."""
    shapes = {"digital": digital, "analog": analog, "band": band}
    return shadow(200, 384, 80, 8) + moved(
        shapes[look.shape](look), "rotate(8 200 200) translate(14 14) scale(.93)"
    )
