"""Put scene and drawing together into one SVG."""

from xml.sax.saxutils import escape

from random import Random
from collections.abc import Callable, Mapping

from bot.demo.catalogue.drawings.bags import backpack, sleeping_bag
from bot.demo.catalogue.drawings.clothes import shirt, trousers
from bot.demo.catalogue.drawings.footwear import boots, shoes
from bot.demo.catalogue.drawings.gadgets import camera, charger, watch
from bot.demo.catalogue.drawings.jackets import jacket
from bot.demo.catalogue.drawings.kitchen import stove, water_bottle
from bot.demo.catalogue.drawings.knitwear import gloves, hat, socks
from bot.demo.catalogue.drawings.lights import headlamp, lamp
from bot.demo.catalogue.drawings.marks import BODY, TRIM, outlined
from bot.demo.catalogue.drawings.rainwear import raincoat
from bot.demo.catalogue.drawings.scenes import scene
from bot.demo.catalogue.drawings.tents import tent
from bot.demo.catalogue.drawings.tints import Look, Tint
from bot.demo.catalogue.drawings.trailgear import camping_chair, sunglasses, trekking_poles

DRAWINGS: Mapping[str, Callable[[Look], str]] = {
    "jacket": jacket,
    "raincoat": raincoat,
    "boots": boots,
    "shoes": shoes,
    "tent": tent,
    "backpack": backpack,
    "sleeping bag": sleeping_bag,
    "headlamp": headlamp,
    "lamp": lamp,
    "stove": stove,
    "water bottle": water_bottle,
    "gloves": gloves,
    "socks": socks,
    "hat": hat,
    "shirt": shirt,
    "trousers": trousers,
    "camera": camera,
    "watch": watch,
    "charger": charger,
    "trekking poles": trekking_poles,
    "camping chair": camping_chair,
    "sunglasses": sunglasses,
}


def gradient(name: str, tint: Tint) -> str:
    """Return a colour gradient lit from the left."""
    return (
        f'<linearGradient id="{name}"><stop stop-color="{tint.light}"/>'
        f'<stop offset=".5" stop-color="{tint.base}"/><stop offset="1" stop-color="{tint.dark}"/>'
        "</linearGradient>"
    )


def picture(title: str, category: str, look: Look, *, setting: str, seed: str) -> str:
    """Return a standalone square SVG of one product.

    Args:
        title: for the `<title>`, read out by screen readers.
        category: product type, a key of DRAWINGS.
        look: shape, colours and details of the product.
        setting: the kind of scene behind it.
        seed: chooses the variety of the scene.
    """
    drawing = outlined(look, DRAWINGS[category](look))
    shades = gradient("b", look.tint) if BODY in drawing else ""
    shades += gradient("t", look.trim) if TRIM in drawing else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">'
        f"<title>{escape(title)}</title>"
        f"<defs>{shades}"
        '<radialGradient id="s"><stop stop-color="#0b1620" stop-opacity=".42"/>'
        '<stop offset="1" stop-color="#0b1620" stop-opacity="0"/></radialGradient></defs>'
        + scene(setting, look.tint.base, Random(seed))
        + drawing
        + "</svg>\n"
    )
