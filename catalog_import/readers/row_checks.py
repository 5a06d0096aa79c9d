"""What every reader does with a cell it cannot use: name the row and column, say what happens instead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog_import.listing import ProblemKind, RowProblem, Status
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.columns import STATUS_BY_WORD, normalise_header
from catalog_import.readers.moments import parse_local_moment
from catalog_import.readers.tabular import MAX_LINE_CHARACTERS
from catalog_import.readers.values import (
    clean_text,
    drop_lost_characters,
    find_address_fault,
    has_lost_character,
    is_ambiguous_price,
    is_scientific,
    normalise_gtin,
    parse_price,
    parse_quantity,
)
from catalog_import.said import say as _
from storefront.core.money import currency_digits

MAX_TITLE_CHARACTERS = 255
SAMPLE_ROWS = 2000  # by which a file's way of writing prices is told


@dataclass(slots=True)
class RowChecks:
    """Turns the cells of one file into values and collects a problem for each it cannot use."""

    file: str
    marketplace: Marketplace
    decimal_mark: str = "."
    problems: list[RowProblem] = field(default_factory=list)

    def report(self, row: int, sku: str, column: str, kind: ProblemKind, message: str, action: str) -> None:
        """Remember a problem of one row."""
        self.problems.append(
            RowProblem(
                file=self.file, row=row, column=column, kind=kind, sku=sku, message=message, action=action
            )
        )

    def take_problems(self) -> Iterator[RowProblem]:
        """Yield the problems collected so far and forget them."""
        problems, self.problems = self.problems, []
        yield from problems

    def price(self, text: str, *, row: int, sku: str, column: str) -> Decimal | None:
        """Return a price above zero, or None after reporting why not."""
        if not text:
            return None
        amount = parse_price(text, decimal_mark=self.decimal_mark)
        digits = currency_digits(self.marketplace.currency)
        if amount is None or amount <= 0 or round(amount, digits) != amount:
            self.report(
                row, sku, column, ProblemKind.BAD_PRICE,
                _("'%(text)s' is not a price.", text=text)
                if amount is None
                else _("'%(text)s' cannot be a price in %(currency)s.", text=text, currency=self.marketplace.currency),
                _(
                    "The price was left out; a new product is not shown until it has one. "
                    "Correct it, or remove the row."
                ),
            )  # fmt: skip
            return None
        if is_ambiguous_price(text):
            self.report(
                row, sku, column, ProblemKind.AMBIGUOUS_PRICE,
                _("'%(text)s' was read as %(amount)s.", text=text, amount=amount),
                _("Check the price; the file does not say whether the mark separates thousands or decimals."),
            )  # fmt: skip
        return amount

    def quantity(self, text: str, *, row: int, sku: str, column: str) -> int | None:
        """Return a quantity, or None where the cell is blank or, after reporting, not a number."""
        if not text:
            return None
        number = parse_quantity(text)
        if number is None:
            self.report(
                row, sku, column, ProblemKind.BAD_QUANTITY, _("'%(text)s' is not a quantity.", text=text),
                _("The stock was left as it is in the shop; a new product starts at 0. Correct it, or remove the row."),
            )  # fmt: skip
        return number

    def gtin(self, text: str, *, row: int, sku: str, column: str) -> str | None:
        """Return a normalised GTIN, or None after reporting a damaged or mistyped one."""
        number = normalise_gtin(text)
        if number is None:
            self.report(
                row, sku, column, ProblemKind.BAD_GTIN,
                _("'%(text)s' is not a product code (EAN, UPC): a spreadsheet cut off its digits.", text=text)
                if is_scientific(text)
                else _("'%(text)s' is not a product code (EAN, UPC): its check digit does not fit.", text=text),
                _("It was imported without its code. Download the file from Amazon again, or correct the code there."),
            )  # fmt: skip
        return number

    def title(self, text: str, *, row: int, sku: str, column: str) -> str | None:
        """Return the title as one line of at most 255 characters; report lost letters and what was cut."""
        title = clean_text(text)
        if has_lost_character(title):
            self.report(
                row, sku, column, ProblemKind.LOST_CHARACTER,
                _("A letter is missing in the title '%(title)s'.", title=title[:80]),
                _("Download the report in Seller Central instead of by a programme, or correct the title in the shop."),
            )  # fmt: skip
            title = drop_lost_characters(title)
        if len(title) > MAX_TITLE_CHARACTERS:
            self.report(
                row, sku, column, ProblemKind.LONG_TITLE, _("The title has %(count)d characters.", count=len(title)),
                _("It was cut to %(count)d. Shorten it in the shop.", count=MAX_TITLE_CHARACTERS),
            )  # fmt: skip
            title = title[:MAX_TITLE_CHARACTERS].rstrip()
        return title or None

    def picture_address(self, url: str, *, row: int, sku: str, column: str) -> bool:
        """Return whether a picture's address is one to fetch: http(s), and not inside a private network."""
        reason = find_address_fault(url)
        if reason:
            self.report(
                row, sku, column, ProblemKind.BAD_PICTURE_ADDRESS, _(reason, address=url[:200]),
                _("The product was imported without this picture. Upload the picture in the shop."),
            )  # fmt: skip
        return not reason

    def moment(self, text: str, *, row: int, sku: str, column: str) -> datetime | None:
        """Return a moment in UTC, or None after reporting a date that is none."""
        if not text:
            return None
        moment = parse_local_moment(text, marketplace=self.marketplace.code)
        if moment is None:
            self.report(
                row, sku, column, ProblemKind.BAD_DATE, _("'%(text)s' is not a date.", text=text[:60]),
                _("It was imported without the date. Download the file from Amazon again if you need it."),
            )  # fmt: skip
        return moment

    def status(self, text: str, *, row: int, sku: str, column: str) -> Status | None:
        """Return the listing status; an unknown word counts as inactive and is reported."""
        if not text:
            return None
        word = STATUS_BY_WORD.get(normalise_header(text))
        if word is None:
            self.report(
                row, sku, column, ProblemKind.UNKNOWN_STATUS,
                _("'%(text)s' is not a status the import knows.", text=text),
                _(
                    "It was imported but is not shown. "
                    "If it is on sale, make it public and give it a price in the shop."
                ),
            )  # fmt: skip
            return Status.INACTIVE
        return Status(word)


def missing_sku(checks: RowChecks, *, row: int, column: str) -> None:
    """Report a row without a SKU, which nothing can be attached to."""
    checks.report(
        row, "", column, ProblemKind.MISSING_SKU, _("The row has no SKU."),
        _("It was left out. Give the listing a SKU in Seller Central and export again."),
    )  # fmt: skip


def row_too_long(checks: RowChecks, *, row: int, sku: str, cells: int, width: int) -> None:
    """Report a row with more cells than the header, whose values may stand in the wrong columns."""
    checks.report(
        row, sku, "", ProblemKind.ROW_TOO_LONG,
        _("The row has %(cells)d cells, the header %(width)d.", cells=cells, width=width),
        _("It was left out, because its values may stand in the wrong columns. Remove the extra tab."),
    )  # fmt: skip


def line_too_long(checks: RowChecks, *, row: int) -> None:
    """Report a line longer than any listing."""
    checks.report(
        row, "", "", ProblemKind.LINE_TOO_LONG,
        _("The line has more than %(count)d characters.", count=MAX_LINE_CHARACTERS),
        _("It was left out. Download the file from Amazon again."),
    )  # fmt: skip


def other_currency(checks: RowChecks, *, row: int, sku: str, column: str, currency: str) -> None:
    """Report a price in another currency than its marketplace's."""
    checks.report(
        row, sku, column, ProblemKind.OTHER_CURRENCY,
        _("The price is in %(found)s, not in %(wanted)s.", found=currency[:10], wanted=checks.marketplace.currency),
        _("The price was left out; a new product is not shown until it has one. Import the file of that marketplace."),
    )  # fmt: skip


def price_cells(rows: Iterable[tuple[int, list[str]]], index: int | None) -> Iterator[str]:
    """Yield the filled cells of the price column."""
    if index is None:
        return
    for _number, cells in rows:
        if index < len(cells) and cells[index].strip():
            yield cells[index].strip()
