"""Small SVG marks that every drawing is made of. Units are those of the 400 × 400 view box."""

from bot.demo.catalogue.drawings.tints import Look

BODY = "url(#b)"  # the product colour, lit from the left
TRIM = "url(#t)"  # its second colour, lit from the left
BARE = 'stroke="none"'  # for `more`: no outline


def attribute(more: str) -> str:
    """Return `more` with a space before it, or nothing."""
    return f" {more}" if more else ""


def path(d: str, fill: str, more: str = "") -> str:
    """Return a filled path."""
    return f'<path d="{d}" fill="{fill}"{attribute(more)}/>'


def seam(d: str, colour: str, width: float = 2.5, more: str = "") -> str:
    """Return an open line: stitching, a zip, a lace, a pole."""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"{attribute(more)}/>'
    )


def shade(d: str, opacity: float = 0.16) -> str:
    """Return a shadow without outline."""
    return path(d, "#0b1620", f'opacity="{opacity:g}" {BARE}')


def shine(d: str, opacity: float = 0.3) -> str:
    """Return a highlight without outline."""
    return path(d, "#fff", f'opacity="{opacity:g}" {BARE}')


def dot(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    """Return a circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"{attribute(more)}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, *, more: str = "") -> str:
    """Return an ellipse."""
    return (
        f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{attribute(more)}/>'
    )


def box(x: float, y: float, w: float, h: float, fill: str, *, r: float = 0, more: str = "") -> str:
    """Return a rectangle with corners of radius `r`."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" fill="{fill}"'
        f"{attribute(more)}/>"
    )


def both(mark: str) -> str:
    """Return the mark and its mirror image about the middle, x = 200."""
    return mark + moved(mark, "matrix(-1 0 0 1 400 0)")


def moved(mark: str, transform: str) -> str:
    """Return the mark under an SVG transform such as "rotate(12 200 200)"."""
    return f'<g transform="{transform}">{mark}</g>'


def pair(mark: str, back: str, front: str) -> str:
    """Return the mark twice, each under its SVG transform; at most once in a picture."""
    return f'<g transform="{back}"><g id="o">{mark}</g></g><use href="#o" transform="{front}"/>'


def shadow(x: float = 200, y: float = 338, rx: float = 110, ry: float = 12) -> str:
    """Return the soft shadow under a product."""
    return oval(x, y, rx, ry, "url(#s)", more=BARE)


def outlined(look: Look, marks: str, width: float = 3) -> str:
    """Return marks with the product's outline around each."""
    return (
        f'<g stroke="{look.tint.deep}" stroke-width="{width:g}" stroke-linejoin="round" '
        f'stroke-linecap="round">{marks}</g>'
    )
