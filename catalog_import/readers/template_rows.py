"""Category Listings Reports (generation 4) and inventory file templates (generations 1 to 3), as text or workbook."""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from catalog_import.listing import Listing, ProblemKind, Role, RowProblem
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
from catalog_import.readers.known_rows import Identity, digest_layout, join_cells, split_cells
from catalog_import.readers.row_checks import (
    SAMPLE_ROWS,
    RowChecks,
    line_too_long,
    missing_sku,
    price_cells,
    row_too_long,
)
from catalog_import.readers.tabular import OVERLONG, Row, Table, first_rows, take_cells
from catalog_import.readers.template_cells import read_attributes, read_gtin, read_offer, read_pictures
from catalog_import.readers.values import (
    clean_text,
    decide_decimal_mark,
    is_asin,
    sanitise_description,
)
from catalog_import.said import say as _

_ROLES = {word: Role(name) for word, name in ROLE_BY_WORD.items()}
_IDENTITY_FIELDS = frozenset(
    ["sku", "role", "parent_sku", "amazon_id", "asin", "product_id_type", "product_id", "item_condition",
     "product_type", "item_type_keyword", "status"]
)  # fmt: skip
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
        self._names, self._take = tuple(layout.fields), take_cells(tuple(layout.fields.values()))
        identity = {name: column for name, column in layout.fields.items() if name in _IDENTITY_FIELDS}
        self._identity_names, self._take_identity = tuple(identity), take_cells(tuple(identity.values()))
        self.layout = digest_layout(file.format, marketplace.code, self._checks.decimal_mark, layout)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that listings may stand in."""
        first = self._layout.data_row
        return (row for row in self._table.rows() if row[0] >= first and any(row[1]))

    def read(self, number: int, cells: list[str]) -> Iterator[Listing | RowProblem]:
        """Yield the listing of a row, if it is one, and a problem for each cell or row that cannot be used."""
        checks, width = self._checks, len(self._blank)
        if cells is OVERLONG:
            line_too_long(checks, row=number)
        elif self._is_too_long(cells):
            row_too_long(checks, row=number, sku="", cells=len(cells), width=width)
        else:
            padded = self._pad(cells)
            cell = self._name(padded)
            if _is_listing(cell, number, self._layout.names, checks):
                yield _read_row(cell, padded, number, self._layout, checks)
        if checks.problems:
            yield from checks.take_problems()

    def pack(self, cells: list[str]) -> bytes | None:
        """Return all cells of a row, joined."""
        return None if cells is OVERLONG or self._is_too_long(cells) else join_cells(cells)

    def identify(self, cells: list[str]) -> tuple[Identity, bool]:
        """Return who a row is that was read before without a problem, and whether it has a status."""
        taken = self._take_identity(self._pad(cells))
        cell = dict(zip(self._identity_names, map(str.strip, taken), strict=True))
        return _identify(cell, 0, self._layout, self._checks), bool(cell.get("status"))

    def unpack(self, number: int, packed: bytes) -> Listing:
        """Return the listing of a packed row that was read without a problem."""
        cells = self._pad(split_cells(packed))
        return _read_row(self._name(cells), cells, number, self._layout, self._checks)

    def _pad(self, cells: list[str]) -> list[str]:
        return cells if len(cells) >= len(self._blank) else cells + self._blank[len(cells) :]

    def _is_too_long(self, cells: list[str]) -> bool:
        width = len(self._blank)
        return len(cells) > width and any(cells[width:])

    def _name(self, cells: list[str]) -> dict[str, str]:
        return dict(zip(self._names, map(str.strip, self._take(cells)), strict=True))


def _is_listing(cell: dict[str, str], number: int, names: dict[str, str], checks: RowChecks) -> bool:
    """Return whether a row is a listing at all, after reporting why not."""
    sku, action = cell["sku"], cell.get("record_action")
    if not sku:
        missing_sku(checks, row=number, column=names["sku"])
        return False
    if sku.startswith(("ABC", "EXAMPLE-")) and _EXAMPLE_SKU.fullmatch(sku):
        checks.report(
            number, sku, names["sku"], ProblemKind.EXAMPLE_ROW, _("The row is Amazon's example, not a product."),
            _("It was left out; nothing to do."),
        )  # fmt: skip
        return False
    if action and action.casefold().split(" (")[0] in DELETE_WORDS:
        checks.report(
            number, sku, names["record_action"], ProblemKind.DELETED_ROW, _("The row asks to delete the listing."),
            _("It was left out; a product the shop has already stays as it is."),
        )  # fmt: skip
        return False
    return True


def _identify(cell: dict[str, str], number: int, layout: Layout, checks: RowChecks) -> Identity:
    get = cell.get
    condition = get("item_condition", "").casefold()
    return Identity(
        sku=cell["sku"],
        role=_role(get("role", ""), get("parent_sku", "")),
        parent_sku=_shared(get("parent_sku")),
        asin=_asin(get("amazon_id")) or _asin(get("asin")),
        gtin=read_gtin(cell, number, layout.names, checks),
        condition="new" if condition in NEW_CONDITIONS else condition or None,
        product_type=_product_type(get("product_type", ""), layout),
        item_type_keyword=_shared(get("item_type_keyword")),
    )


def _read_row(
    cell: dict[str, str], cells: list[str], number: int, layout: Layout, checks: RowChecks
) -> Listing:
    get, names = cell.get, layout.names
    identity = _identify(cell, number, layout, checks)
    sku, role = identity.sku, identity.role
    title_name = "title" if get("title") else "listing_title"
    attributes, specifications = read_attributes(cells, layout)
    description, brand, status = get("description"), get("brand"), get("status")
    return Listing(
        marketplace=checks.marketplace.code,
        sku=sku,
        file=checks.file,
        row=number,
        language=layout.language,
        asin=identity.asin,
        gtin=identity.gtin,
        title=checks.title(get(title_name, ""), row=number, sku=sku, column=names.get(title_name, "")),
        description=(sanitise_description(description) or None) if description else None,
        brand=(clean_text(brand) or None) if brand else None,
        product_type=identity.product_type,
        item_type_keyword=identity.item_type_keyword,
        bullet_points=tuple([text for i in layout.bullets if cells[i] and (text := clean_text(cells[i]))]),
        specifications=specifications,
        attributes=attributes,
        pictures=read_pictures(cell, cells, number, layout, checks),
        role=role,
        parent_sku=identity.parent_sku,
        variation_theme=_shared(get("variation_theme")),
        status=checks.status(status, row=number, sku=sku, column=names["status"]) if status else None,
        condition=identity.condition,
        offer=read_offer(cell, number, sku, names, checks, role),
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
