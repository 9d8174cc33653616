"""Put scene and drawing together into one SVG."""

from collections.abc import Callable, Mapping
from random import Random
from xml.sax.saxutils import escape

from bot.demo.catalogue.drawings.backpacks import backpack
from bot.demo.catalogue.drawings.boots import boots
from bot.demo.catalogue.drawings.bottles import water_bottle
from bot.demo.catalogue.drawings.cameras import camera
from bot.demo.catalogue.drawings.chairs import camping_chair
from bot.demo.catalogue.drawings.chargers import charger
from bot.demo.catalogue.drawings.gloves import gloves
from bot.demo.catalogue.drawings.hats import hat
from bot.demo.catalogue.drawings.jackets import jacket
from bot.demo.catalogue.drawings.lights import headlamp, lamp
from bot.demo.catalogue.drawings.marks import BODY, TRIM, outlined
from bot.demo.catalogue.drawings.poles import trekking_poles
from bot.demo.catalogue.drawings.rainwear import raincoat
from bot.demo.catalogue.drawings.scenes import scene
from bot.demo.catalogue.drawings.shirts import shirt
from bot.demo.catalogue.drawings.shoes import shoes
from bot.demo.catalogue.drawings.sleeping_bags import sleeping_bag
from bot.demo.catalogue.drawings.socks import socks
from bot.demo.catalogue.drawings.stoves import stove
from bot.demo.catalogue.drawings.sunglasses import sunglasses
from bot.demo.catalogue.drawings.tents import tent
from bot.demo.catalogue.drawings.tints import SNOW, Look, Tint, luminance, mix, tint
from bot.demo.catalogue.drawings.trousers import trousers
from bot.demo.catalogue.drawings.watches import watch
from bot.demo.catalogue.model import Product

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
SHADOW = (
    '<radialGradient id="s"><stop stop-color="#0b1620" stop-opacity=".42"/>'
    '<stop offset="1" stop-color="#0b1620" stop-opacity="0"/></radialGradient>'
)


def gradient(name: str, shades: Tint) -> str:
    """Return a colour gradient lit from the left."""
    return (
        f'<linearGradient id="{name}"><stop stop-color="{shades.light}"/>'
        f'<stop offset=".5" stop-color="{shades.base}"/>'
        f'<stop offset="1" stop-color="{shades.dark}"/></linearGradient>'
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
        f"<title>{escape(title)}</title><defs>{shades}{SHADOW}</defs>"
        f"{scene(setting, look.tint.base, Random(seed))}{drawing}</svg>\n"
    )


def product_picture(product: Product) -> str:
    """Return the picture of a product.

    Shapes vary with the model, scenes with the product: two colours of one tent differ in
    colour and in the place where they stand.
    """
    model, colour = product.model, product.colour
    setting = product.category.scenes[
        int(Random(product.id).random() * len(product.category.scenes))
    ]
    base, trim = colour.value, colour.trim
    if setting == "night" and luminance(base) < 0.3:  # or it would sink into the dark
        base, trim = mix(base, SNOW, 0.16), mix(trim, SNOW, 0.1)
    look = Look(
        shape=model.shape,
        tint=tint(base),
        trim=tint(trim),
        parts=model.parts,
        hood=model.hood,
        twist=Random(product.item_group_id).random(),
    )
    return picture(product.title, product.category.name, look, setting=setting, seed=product.id)
