"""Socks: crew, ankle, knee."""

from bot.demo.catalogue.drawings.marks import (
    BARE,
    BODY,
    TRIM,
    pair,
    path,
    seam,
    shade,
    shadow,
    shine,
)
from bot.demo.catalogue.drawings.tints import Look

CREW = (
    "M148 70H226L222 196Q222 214 240 226L296 262Q322 284 306 312Q288 336 254 324"
    "L172 284Q142 262 144 214Z"
)

ANKLE = (
    "M144 166H226L224 200Q224 216 242 228L298 262Q324 284 308 312Q290 336 256 324"
    "L174 284Q144 264 144 220Z"
)

KNEE = (
    "M150 34H228L222 200Q222 216 240 226L296 262Q322 284 306 312Q288 336 254 324"
    "L172 286Q142 264 144 218Z"
)


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
        pattern = (
            path(f"M156 {y + 40}L180 {y} 192 {y + 20} 202 {y + 8} 216 {y + 40}Z", trim.light, BARE)
            if room > 80
            else ""
        )
    ribs = "".join(f"M{x} {top + 4}V{top + 26}" for x in range(160, 222, 10))
    return (
        path(outline, BODY)
        + shade(
            "M224 214Q230 222 242 230L298 262Q324 284 308 312Q298 328 278 328"
            "Q286 290 250 266Q222 250 210 226Z",
            0.12,
        )
        + path("M144 214Q142 264 174 285L190 292Q210 262 192 236Q172 216 144 214Z", TRIM)
        + path(
            "M276 250L296 262Q322 284 306 312Q288 336 254 324Q246 320 240 316Q250 272 276 250Z",
            TRIM,
        )
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
