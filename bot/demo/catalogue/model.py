"""The values of the catalogue: colours, models, categories and finished products."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Availability = Literal["in_stock", "out_of_stock", "preorder"]


@dataclass(frozen=True)
class Colour:
    """A named colour of the range."""

    name: str
    name_zh: str
    plain: str  # what shoppers call it: the word that `color` filters on
    value: str  # "#rrggbb"
    trim: str  # "#rrggbb", the second colour of things in this colour


@dataclass(frozen=True)
class Model:
    """One product line, sold in one or more colours. Texts may contain "{weight}"."""

    brand: str
    name: str
    name_zh: str
    text: str
    text_zh: str
    price: Decimal  # USD
    weight_g: int
    waterproof: str  # yes, water-resistant or no
    materials: tuple[str, ...]
    size: str  # comma list
    gender: str  # unisex, female or male
    colours: tuple[str, ...]
    uses: tuple[str, ...]
    shape: str  # which variant of the category's drawing
    parts: int  # for the drawing, as in `Look`
    hood: bool  # for the drawing, as in `Look`


@dataclass(frozen=True)
class Category:
    """One product type with its models."""

    name: str
    name_zh: str
    code: str  # two letters that start every product id
    google_product_category: str
    scenes: tuple[str, ...]
    models: tuple[Model, ...]


@dataclass(frozen=True)
class Product:
    """One model in one colour, as it is sold."""

    id: str
    item_group_id: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    category: Category
    model: Model
    colour: Colour
    sale_price: Decimal | None
    availability: Availability
    stock: int
    rating: Decimal
    review_count: int
