"""What the cells of one row of a template say: offer, product code, pictures, attributes."""

from catalog_import.listing import Offer, Picture, Role
from catalog_import.readers.category_layout import Layout
from catalog_import.readers.listings_report import fulfilment_of
from catalog_import.readers.moments import parse_moment
from catalog_import.readers.row_checks import RowChecks, other_currency
from catalog_import.readers.values import clean_text, is_asin, normalise_gtin


def read_offer(
    cell: dict[str, str], number: int, sku: str, names: dict[str, str], checks: RowChecks, role: Role | None
) -> Offer:
    """Return the terms of sale; a parent has none."""
    currency = checks.marketplace.currency
    if role is Role.PARENT:
        return Offer(currency=currency)  # a parent is never sold, whatever its cells say

    written = cell.get("currency", "").upper()
    if written and written != currency:
        other_currency(checks, row=number, sku=sku, column=names["currency"], currency=written)
        cell = cell | {"price": "", "sale_price": ""}
    price, sale_price, quantity = cell.get("price"), cell.get("sale_price"), cell.get("quantity")
    starts, ends = cell.get("sale_starts"), cell.get("sale_ends")
    return Offer(
        currency=currency,
        price=checks.price(price, row=number, sku=sku, column=names["price"]) if price else None,
        sale_price=checks.price(sale_price, row=number, sku=sku, column=names["sale_price"])
        if sale_price
        else None,
        sale_starts=parse_moment(starts) if starts else None,
        sale_ends=parse_moment(ends) if ends else None,
        quantity=checks.quantity(quantity, row=number, sku=sku, column=names["quantity"])
        if quantity
        else None,
        fulfilment=fulfilment_of(cell.get("fulfilment_channel", "")),
    )


def read_gtin(cell: dict[str, str], number: int, names: dict[str, str], checks: RowChecks) -> str | None:
    """Return the product code, where the cell holds one, and not an ASIN."""
    kind, code = cell.get("product_id_type", "").casefold(), cell.get("product_id", "")
    if not code or kind in ("asin", "gcid", "isbn") or is_asin(code):
        return None
    return normalise_gtin(code) or checks.gtin(code, row=number, sku=cell["sku"], column=names["product_id"])


def read_pictures(
    cell: dict[str, str], cells: list[str], number: int, layout: Layout, checks: RowChecks
) -> tuple[Picture, ...]:
    """Return the addresses of a row's pictures that may be fetched, in Amazon's order."""
    found = [(url, "main", layout.names["main_picture"])] if (url := cell.get("main_picture")) else []
    found += [
        (cells[index].strip(), "other", layout.header[index]) for index in layout.pictures if cells[index]
    ]
    if swatch := cell.get("swatch_picture"):
        found.append((swatch, "swatch", layout.names["swatch_picture"]))
    return tuple(
        [
            Picture(url, role)
            for url, role, column in found
            if url and checks.picture_address(url, row=number, sku=cell["sku"], column=column)
        ]
    )


def read_attributes(cells: list[str], layout: Layout) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return a row's attributes by name, and those among them to show, by label."""
    values: dict[str, str] = {}
    specifications: list[tuple[str, str]] = []
    for attribute in layout.attributes:
        text = cells[attribute.value]
        if text and (text := clean_text(text)):
            unit = cells[attribute.unit].strip() if attribute.unit is not None else ""
            shown = f"{text} {unit}" if unit else text
            values.setdefault(attribute.name, shown)
            if attribute.is_specification:
                specifications.append((attribute.label, shown))
    return values, tuple(specifications)
