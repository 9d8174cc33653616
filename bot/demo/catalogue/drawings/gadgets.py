"""Cameras, watches and chargers."""

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

SCREEN = "#13212b"


def lens(x: float, y: float, r: float, look: Look) -> str:
    """Return a camera lens with reflections."""
    return (
        dot(x, y, r, RUBBER)
        + dot(x, y, r * 0.84, look.trim.base)
        + dot(x, y, r * 0.74, "#1a2229")
        + dot(x, y, r * 0.52, "#2c4a63", BARE)
        + dot(x, y, r * 0.3, "#0f1b26", BARE)
        + oval(x - r * 0.24, y - r * 0.26, r * 0.17, r * 0.12, "#fff", more=f'opacity=".85" {BARE}')
        + dot(x + r * 0.22, y + r * 0.24, r * 0.08, "#8ed0f0", BARE)
    )


def mirrorless(look: Look) -> str:
    """Return a camera with a large lens and a viewfinder."""
    strap = "M78 168Q20 90 110 62T300 66Q374 96 322 168"
    return (
        seam(strap, look.tint.deep, 13)
        + seam(strap, look.trim.base, 8)
        + path("M156 138L168 106H232L244 138Z", BODY)
        + path("M70 156Q70 138 90 138H310Q330 138 330 156V290Q330 310 310 310H90Q70 310 70 290Z", BODY)
        + path("M70 180H330V266H70Z", RUBBER)
        + path("M70 156Q70 138 90 138H118V310H90Q70 310 70 290Z", look.tint.dark)
        + box(84, 124, 36, 16, RUBBER, r=6)
        + box(262, 122, 44, 18, STEEL, r=6)
        + seam("M272 124V138M284 124V138M296 124V138", "#6d777e", 2)
        + box(282, 152, 32, 18, "#e9f2f6", r=4)
        + lens(206, 228, 78, look)
        + dot(140, 158, 6, "#e5533d")
        + shine("M124 146H250V152H124Z", 0.4)
    )


def compact(look: Look) -> str:
    """Return a slim, tough camera with a wrist loop."""
    return (
        seam("M330 190Q380 220 352 290T300 330", look.tint.deep, 11)
        + seam("M330 190Q380 220 352 290T300 330", look.trim.base, 7)
        + path("M64 170Q64 140 94 140H306Q336 140 336 170V280Q336 310 306 310H94Q64 310 64 280Z", BODY)
        + path("M64 268V280Q64 310 94 310H306Q336 310 336 280V268Z", TRIM)
        + box(100, 124, 54, 18, RUBBER, r=7)
        + box(172, 128, 26, 14, STEEL, r=5)
        + lens(226, 222, 66, look)
        + box(90, 168, 44, 22, "#f4f7f8", r=6)
        + dot(104, 226, 7, look.trim.light)
        + both(dot(80, 156, 4, STEEL) + dot(80, 294, 4, STEEL))
        + shine("M84 150H310V157H84Z", 0.4)
    )


def action(look: Look) -> str:
    """Return an action camera on a small mount."""
    return (
        path("M176 304H224L236 336H164Z", RUBBER)
        + dot(200, 314, 11, STEEL)
        + box(90, 116, 220, 190, BODY, r=28)
        + box(104, 130, 192, 162, RUBBER, r=18)
        + box(122, 196, 74, 60, SCREEN, r=8)
        + path("M128 248L146 220 158 234 170 214 190 248Z", "#8fc7b2", BARE)
        + dot(180, 210, 5, "#f7d678", BARE)
        + lens(244, 190, 48, look)
        + dot(136, 158, 7, "#e5533d")
        + box(160, 104, 50, 14, look.trim.base, r=6)
        + box(226, 258, 50, 14, look.trim.base, r=6)
        + shine("M112 124H280V130H112Z", 0.4)
    )


def trail(look: Look) -> str:
    """Return a wildlife camera strapped to a trunk."""
    patches = "M132 130q24 -8 30 12q-10 20 -32 6zM236 150q30 -6 26 22q-22 10 -30 -6zM150 296q20 -16 36 0q0 18 -30 16zM230 262q24 0 28 20q-20 12 -34 -4z"
    grid = "".join(f"M{x} {y}h0" for y in (144, 156, 168) for x in range(172, 232, 11))
    return (
        path("M150 0H262L272 400H136Z", "#8a7056", BARE)
        + seam("M168 0Q176 120 164 200T176 400M244 20Q234 140 248 220T238 400M206 0V110M204 330V400", "#6c563f", 5)
        + seam("M110 222H290", look.trim.dark, 26)
        + path("M124 118Q124 104 140 104H260Q276 104 276 118V316Q276 332 260 332H140Q124 332 124 316Z", BODY)
        + path(patches, look.tint.dark, BARE)
        + box(158, 132, 84, 48, SCREEN, r=8)
        + seam(grid, "#d5655a", 5)
        + lens(200, 220, 36, look)
        + oval(200, 286, 34, 19, "#e8e6dd")
        + seam("M178 286H222M200 270V302", "#b3b0a4", 2)
        + shine("M132 120V310h8V120Z", 0.26)
    )


def camera(look: Look) -> str:
    """Draw a camera of shape mirrorless, compact, action or trail."""
    shapes = {"mirrorless": mirrorless, "compact": compact, "action": action, "trail": trail}
    ground = "" if look.shape == "trail" else shadow(200, 324, 140, 12)
    return ground + shapes[look.shape](look)


def strap(look: Look, width: int) -> str:
    """Return a watch strap that runs from top to bottom."""
    left, right = 200 - width // 2, 200 + width // 2
    holes = "".join(f"M194 {y}h12" for y in range(314, 366, 16))
    return (
        path(f"M{left} 150L{left + 12} 30H{right - 12}L{right} 150Z", BODY)
        + path(f"M{left} 250L{left + 12} 376Q200 388 {right - 12} 376L{right} 250Z", BODY)
        + shade(f"M{right - 22} 150L{right - 26} 30H{right - 12}L{right} 150ZM{right - 22} 250L{right - 26} 380L{right - 12} 376L{right} 250Z", 0.14)
        + seam(holes, look.tint.deep, 5)
        + box(left + 4, 50, width - 8, 15, look.tint.dark, r=5)
        + shine(f"M{left + 14} 120L{left + 22} 40h7L{left + 22} 120Z")
    )


def ticks(r_out: int, r_in: int) -> str:
    """Return twelve hour marks as rotated lines about (200, 200)."""
    mark = f"M200 {200 - r_out}V{200 - r_in}"
    return "".join(f'<path d="{mark}" transform="rotate({turn} 200 200)"/>' for turn in range(0, 360, 30))


def analog(look: Look) -> str:
    """Return a field watch with hands."""
    return (
        strap(look, 96)
        + box(284, 190, 20, 22, STEEL, r=5)
        + dot(200, 200, 94, STEEL)
        + dot(200, 200, 80, "#f5f1e6" if look.twist < 0.5 else look.tint.deep)
        + f'<g stroke="{"#3a4046" if look.twist < 0.5 else "#f5f1e6"}" stroke-width="5">{ticks(70, 58)}</g>'
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
        + path("M131 226L160 192 178 212 206 170 232 206 248 190 269 226Q254 270 200 274T131 226Z", "#3f8f7b", BARE)
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
    return shadow(200, 384, 80, 8) + moved(shapes[look.shape](look), "rotate(8 200 200) translate(14 14) scale(.93)")


def bank(look: Look) -> str:
    """Return a power bank with its cable."""
    cord = "M206 92Q206 40 262 48T330 130Q340 190 318 232"
    lamps = "".join(dot(164 + 24 * i, 292, 6, "#8fe3a6" if i < 3 else look.tint.dark) for i in range(4))
    return (
        seam(cord, look.tint.deep, 10)
        + seam(cord, look.trim.base, 6)
        + box(300, 228, 36, 46, RUBBER, r=7)
        + box(308, 272, 20, 26, STEEL, r=3)
        + box(124, 92, 152, 240, BODY, r=24)
        + shade("M236 92H252Q276 92 276 116V308Q276 332 252 332H226Q246 210 236 92Z", 0.14)
        + path("M124 116Q124 92 148 92H252Q276 92 276 116V130H124Z", TRIM)
        + box(154, 100, 30, 14, RUBBER, r=5)
        + box(196, 98, 24, 18, RUBBER, r=3)
        + path("M208 158L172 224H196L188 268 230 198H204Z", look.trim.light)
        + lamps
        + shine("M136 138V310h9V138Z", 0.36)
    )


def solar(look: Look) -> str:
    """Return a folding panel in three leaves."""
    cells = "M8 38H92M8 72H92M8 106H92M36 8V136M64 8V136"
    leaf = (
        path("M0 0H100V144H0Z", BODY)
        + path("M8 8H92V136H8Z", "#24405f")
        + seam(cells, "#7fa3c4", 2)
        + path("M8 8H52L20 136H8Z", "#fff", f'opacity=".16" {BARE}')
    )
    return (
        moved(leaf, "matrix(.92 .14 0 1.1 50 126)")
        + moved(leaf, "matrix(1.06 -.02 0 1.14 146 140)")
        + moved(leaf, "matrix(.92 -.16 0 1.1 256 138)")
        + path("M152 306H246V336H152Z", TRIM)
        + box(170, 314, 24, 12, RUBBER, r=3)
        + box(206, 314, 24, 12, RUBBER, r=3)
        + seam("M50 126Q34 112 46 100Q62 98 58 122", STEEL, 5)
    )


def plug(look: Look) -> str:
    """Return a wall charger with several ports."""
    ports = "".join(box(182, y, 56, 20, RUBBER, r=9) for y in (164, 200)[: 1 + look.pockets // 2])
    return (
        box(66, 168, 52, 16, STEEL, r=3)
        + box(66, 226, 52, 16, STEEL, r=3)
        + path("M108 140Q108 116 132 116H160V300H132Q108 300 108 276Z", look.tint.dark)
        + path("M146 104H276Q304 104 304 132V284Q304 312 276 312H146Q132 312 132 298V118Q132 104 146 104Z", BODY)
        + path("M132 258H304V284Q304 312 276 312H146Q132 312 132 298Z", TRIM)
        + ports
        + box(188, 236, 44, 12, RUBBER, r=3)
        + dot(276, 132, 6, "#8fe3a6")
        + path("M222 268L202 292H216L210 308 236 280H220Z", look.trim.pale, BARE)
        + shine("M144 120V290h10V120Z", 0.36)
    )


def pad(look: Look) -> str:
    """Return a wireless pad with a phone on it."""
    return (
        seam("M300 322Q350 330 380 300", look.trim.dark, 7)
        + oval(196, 316, 124, 26, look.tint.dark)
        + oval(196, 306, 124, 26, BODY)
        + oval(196, 306, 92, 17, TRIM)
        + moved(
            box(134, 74, 124, 228, RUBBER, r=20)
            + box(142, 82, 108, 212, SCREEN, r=14)
            + path("M142 240L170 196 192 222 214 184 250 236V280Q250 294 236 294H156Q142 294 142 280Z", "#3f8f7b", BARE)
            + dot(196, 152, 30, "none", 'stroke="#8fe3a6" stroke-width="6"')
            + path("M200 132L184 156H195L191 172 208 148H197Z", "#8fe3a6", BARE)
            + shine("M152 96H190L152 200Z", 0.14),
            "rotate(4 196 200)",
        )
    )


def charger(look: Look) -> str:
    """Draw a charger of shape bank, solar, plug or pad."""
    shapes = {"bank": bank, "solar": solar, "plug": plug, "pad": pad}
    return shadow(200, 338, 140, 12) + shapes[look.shape](look)
