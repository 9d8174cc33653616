"""Products and an uploaded feed, as safe HTML. Pure."""

from bot.publishing.values import FeedReport, ProductPage, ProductRow
from ui.markup import escape
from ui.studio.elements import button, count, empty, notice, pager, pill, problem_list

_MOST = 500
_STOCK = {"in_stock": ("in stock", "good"), "out_of_stock": ("out of stock", "bad"),
          "preorder": ("preorder", "new"), "backorder": ("backorder", "warn")}


def render_products(page: ProductPage) -> str:
    """One page of products. Sends `turn`."""
    if not page.total:
        return empty("No product fits", "Use fewer words, or upload a feed above.")
    head = "".join(f'<th scope="col">{t}</th>' for t in (
        "Product", "Price", "Availability", "Type", "Brand", "File"))
    rows = "".join(_row(row) for row in page.rows)
    return (f'<table class="list products"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
            f'</table>{pager(page.page, page.pages, page.total, what="product")}')


def _row(row: ProductRow) -> str:
    word, look = _STOCK.get(row.availability, (row.availability, ""))
    price = escape(row.price) if not row.sale_price else (
        f"<s>{escape(row.price)}</s> <strong>{escape(row.sale_price)}</strong>")
    return (
        f"<tr><td><strong>{escape(row.title)}</strong><p><code>{escape(row.id)}</code></p></td>"
        f'<td class="number">{price}</td><td>{pill(word, look)}</td>'
        f"<td>{escape(row.product_type)}</td><td>{escape(row.brand)}</td>"
        f"<td><code>{escape(f'{row.file}:{row.line}')}</code></td></tr>"
    )


def render_feed(report: FeedReport, *, kept: bool) -> str:
    """An uploaded feed, row by row. Sends `use` and `drop` until it is `kept`."""
    errors = [p for p in report.problems if not p.warning]
    read = count(report.rows, "product")
    if kept:
        return notice(f"{report.file} with {read} is in your draft. Check and publish it there.",
                      "good", button("Go to the draft", "draft"))
    drop = button("Close", "drop")
    if errors:
        verdict = notice(f"{count(len(errors), 'mistake')} in {report.file}; {read} could be read. "
                         "Mend the file and upload it again.", "bad", drop)
    else:
        use = button("Use it", "use", look="solid")
        verdict = notice(f"{report.file}: {read}, no mistakes.", "good", use + drop)
    more = len(report.problems) - _MOST
    rest = f'<p class="soft">and {more:,} more</p>' if more > 0 else ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in report.changes)
    changes = f'<ul class="plain">{lines}</ul>' if lines else (
        '<p class="soft">Nothing changes for shoppers.</p>')
    # Rows with mistakes are missing: that their products go would be untrue.
    told = "" if errors else f"<h3>What would change</h3>{changes}"
    return f"{verdict}{problem_list(report.problems[:_MOST])}{rest}{told}"
