"""Category Listings Reports (generation 4) and inventory file templates (generations 1 to 3), as text or workbook."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from catalog_import.listing import Listing, Offer, Picture, ProblemKind, Role, RowProblem
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.category_layout import Layout, read_layout
from catalog_import.readers.columns import (
    DELETE_WORDS,
    NEW_CONDITIONS,
    ROLE_BY_WORD,
    normalise_header,
)
from catalog_import.readers.detect import HEADER_SEARCH_ROWS, Format, RecognisedFile
from catalog_import.readers.flat_layout import read_flat_layout
from catalog_import.readers.listings_report import fulfilment_of
from catalog_import.readers.moments import parse_moment
from catalog_import.readers.row_checks import (
    SAMPLE_ROWS,
    RowChecks,
    line_too_long,
    missing_sku,
    other_currency,
    price_cells,
    row_too_long,
)
from catalog_import.readers.tabular import OVERLONG, Row, Table, first_rows
from catalog_import.readers.values import (
    clean_text,
    decide_decimal_mark,
    is_asin,
    normalise_gtin,
    sanitise_description,
)
from catalog_import.said import say as _

_ROLES = {word: Role(name) for word, name in ROLE_BY_WORD.items()}
_EXAMPLE_SKU = re.compile(r"ABC123|EXAMPLE-.*")


class Template:
    """A Category Listings Report or a template as a table to be read, row by row.

    Row numbers come from the file's own settings; where they are missing, from the row that holds the keys.
    """

    def __init__(self, file: RecognisedFile, table: Table, marketplace: Marketplace) -> None:
        self._table = table
        head = first_rows(table, HEADER_SEARCH_ROWS)
        make_layout = read_flat_layout if file.format is Format.FLAT_FILE else read_layout
        layout = make_layout(name=file.name, head=head, header_row=file.header_row, marketplace=marketplace)
        self._layout = layout
        sample = list(islice(self.rows(), SAMPLE_ROWS))
        self.is_long = len(sample) == SAMPLE_ROWS
        self._checks = RowChecks(file.name, marketplace)
        self._checks.decimal_mark = decide_decimal_mark(
            price_cells(sample, layout.fields.get("price")), default=marketplace.decimal_mark
        )
        self._blank = [""] * len(layout.header)
        self._names, self._take = tuple(layout.fields), _taker(tuple(layout.fields.values()))

    def rows(self) -> Iterator[Row]:
        """Yield the rows that listings may stand in."""
        first = self._layout.data_row
        return (row for row in self._table.rows() if row[0] >= first and any(row[1]))

    def read(self, number: int, cells: list[str]) -> Iterator[Listing | RowProblem]:
        """Yield the listing of a row, if it is one, and a problem for each cell or row that cannot be used."""
        checks, width = self._checks, len(self._blank)
        if cells is OVERLONG:
            line_too_long(checks, row=number)
        elif len(cells) > width and any(cells[width:]):
            row_too_long(checks, row=number, sku="", cells=len(cells), width=width)
        else:
            padded = cells if len(cells) >= width else cells + self._blank[len(cells) :]
            cell = dict(zip(self._names, map(str.strip, self._take(padded)), strict=True))
            listing = _read_row(cell, padded, number, self._layout, checks)
            if listing is not None:
                yield listing
        if checks.problems:
            yield from checks.take_problems()


def _taker(columns: tuple[int, ...]) -> Callable[[list[str]], Iterable[str]]:
    """Return what takes the cells of some columns out of a row."""
    if len(columns) == 1:
        return lambda cells: (cells[columns[0]],)
    return itemgetter(*columns)


def _read_row(
    cell: dict[str, str], cells: list[str], number: int, layout: Layout, checks: RowChecks
) -> Listing | None:
    get = cell.get
    names = layout.names
    sku = cell["sku"]
    if not sku:
        missing_sku(checks, row=number, column=names["sku"])
        return None
    if sku.startswith(("ABC", "EXAMPLE-")) and _EXAMPLE_SKU.fullmatch(sku):
        checks.report(
            number, sku, names["sku"], ProblemKind.EXAMPLE_ROW, _("The row is Amazon's example, not a product."),
            _("It was left out; nothing to do."),
        )  # fmt: skip
        return None
    action = get("record_action")
    if action and action.casefold().split(" (")[0] in DELETE_WORDS:
        checks.report(
            number, sku, names["record_action"], ProblemKind.DELETED_ROW, _("The row asks to delete the listing."),
            _("It was left out; a product the shop has already stays as it is."),
        )  # fmt: skip
        return None
    role = _role(get("role", ""), get("parent_sku", ""))
    condition = get("item_condition", "").casefold()
    title_name = "title" if get("title") else "listing_title"
    attributes, specifications = _read_attributes(cells, layout)
    description, brand, status = get("description"), get("brand"), get("status")
    return Listing(
        marketplace=checks.marketplace.code,
        sku=sku,
        file=checks.file,
        row=number,
        language=layout.language,
        asin=_asin(get("amazon_id")) or _asin(get("asin")),
        gtin=_read_gtin(cell, number, sku, names, checks),
        title=checks.title(get(title_name, ""), row=number, sku=sku, column=names.get(title_name, "")),
        description=(sanitise_description(description) or None) if description else None,
        brand=(clean_text(brand) or None) if brand else None,
        product_type=_product_type(get("product_type", ""), layout),
        item_type_keyword=_shared(get("item_type_keyword")),
        bullet_points=tuple([text for i in layout.bullets if cells[i] and (text := clean_text(cells[i]))]),
        specifications=specifications,
        attributes=attributes,
        pictures=_read_pictures(cell, cells, number, layout, checks),
        role=role,
        parent_sku=_shared(get("parent_sku")),
        variation_theme=_shared(get("variation_theme")),
        status=checks.status(status, row=number, sku=sku, column=names["status"]) if status else None,
        condition="new" if condition in NEW_CONDITIONS else condition or None,
        offer=_read_offer(cell, number, sku, names, checks, role),
    )


def _shared(text: str | None) -> str | None:
    """Return what many rows say as one text in memory; None where they say nothing."""
    return sys.intern(text) if text else None


def _product_type(text: str, layout: Layout) -> str | None:
    return layout.product_types.get(text.casefold()) or _shared(text.upper())


def _asin(text: str | None) -> str | None:
    return text if text and is_asin(text) else None


def _role(word: str, parent_sku: str) -> Role:
    known = _known_role(word) if word else None
    return known or (Role.CHILD if parent_sku else Role.STANDALONE)


@lru_cache(maxsize=256)
def _known_role(word: str) -> Role | None:
    return _ROLES.get(normalise_header(word))


def _read_offer(
    cell: dict[str, str], number: int, sku: str, names: dict[str, str], checks: RowChecks, role: Role
) -> Offer:
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


def _read_gtin(
    cell: dict[str, str], number: int, sku: str, names: dict[str, str], checks: RowChecks
) -> str | None:
    kind, code = cell.get("product_id_type", "").casefold(), cell.get("product_id", "")
    if not code or kind in ("asin", "gcid", "isbn") or is_asin(code):
        return None
    return normalise_gtin(code) or checks.gtin(code, row=number, sku=sku, column=names["product_id"])


def _read_pictures(
    cell: dict[str, str], cells: list[str], number: int, layout: Layout, checks: RowChecks
) -> tuple[Picture, ...]:
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


def _read_attributes(cells: list[str], layout: Layout) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
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
