"""What boots and shoes share. Both are seen from the side, toe to the right."""

from bot.demo.catalogue.drawings.marks import moved, path, seam, shade
from bot.demo.catalogue.drawings.tints import RUBBER, Look

FLAT_SOLE = "M90 288H320Q332 294 326 316Q200 324 96 316Q86 300 90 288Z"

MIDSOLE = "#ece8de"


def laces(look: Look, points: tuple[tuple[int, int], ...], reach: int) -> str:
    """Return laces that run from the front edge at `points` back into the upper."""
    d = "".join(f"M{x - reach} {y + 8}L{x - 3} {y}" for x, y in points)
    eyes = "".join(f"M{x - reach} {y + 8}h0" for x, y in points)
    return seam(d, look.tint.deep, 8) + seam(d, look.trim.pale, 4.5) + seam(eyes, look.tint.deep, 8)


def bow(x: int, y: int, look: Look) -> str:
    """Return the knot of the laces."""
    d = f"M{x} {y}q-20 -16 -24 0q2 10 24 0q20 -14 24 2q-4 10 -24 -2M{x} {y}l-8 20M{x} {y}l10 18"
    return seam(d, look.tint.deep, 7) + seam(d, look.trim.pale, 3.5)


def behind(d: str, look: Look, sole: str = "") -> str:
    """Return the other one of the pair, a little behind."""
    other = path(d, look.tint.dark) + shade(d, 0.22) + (path(sole, RUBBER) if sole else "")
    return moved(other, "translate(34 -14)")
