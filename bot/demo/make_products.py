"""Rewrite the demo shop's product feed and pictures: `python -m bot.demo.make_products`.

The output depends only on catalogue/: two runs write the same bytes.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.demo.catalogue.drawings.picture import product_picture
from bot.demo.catalogue.feed import feed
from bot.demo.catalogue.products import products
from bot.demo.catalogue.reading import read_ranges

SHOP = Path(__file__).parent


def shop_files() -> Mapping[str, str]:
    """Return the text of every file this module writes, by its path in the shop folder."""
    catalogue = tuple(products(read_ranges()))
    pictures = {f"pictures/{product.id}.svg": product_picture(product) for product in catalogue}
    return {"knowledge/products.csv": feed(catalogue), **pictures}


def write(folder: Path) -> int:
    """Write all files under `folder`, drop pictures of products that are gone, return the count."""
    files = shop_files()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for picture in (folder / "pictures").glob("*.svg"):
        if f"pictures/{picture.name}" not in files:
            picture.unlink()
    return len(files)


if __name__ == "__main__":
    print(f"{write(SHOP)} files written below {SHOP}")
