"""Bills as rows of a workbook: the template, the export, and the reading of what people filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from storefront.subsidies.bills import BillEntry
from storefront.subsidies.errors import SubsidiesError
from storefront.subsidies.models.expenses import BANK, BILL_KINDS, PAYMENT_METHODS
from storefront.subsidies.speech import say
from storefront.subsidies.words import all_words

MOST_ROWS = 5_000
_FIRST_ROW = 3  # two rows of headings: Chinese and English
TEXT, DAY, SUM = "text", "day", "sum"


@dataclass(frozen=True)
class Column:
    """A column: the name of its value, the key of its heading, what it holds, whether a row may leave it empty."""

    name: str
    word: str
    holds: str = TEXT
    is_wanted: bool = False
    choices: tuple[str, ...] = ()
    prefix: str = ""  # of the choices' words
    otherwise: Any = None


COLUMNS = (
    Column("kind", "field.bill_kind", is_wanted=True, choices=BILL_KINDS, prefix="kind"),
    Column("code", "field.bill_code"),
    Column("number", "field.number", is_wanted=True),
    Column("vendor", "field.vendor", is_wanted=True),
    Column("vendor_country", "field.vendor_country", otherwise="CN"),
    Column("buyer", "field.buyer", is_wanted=True),
    Column("subject", "field.subject", is_wanted=True),
    Column("invoice_date", "field.invoice_date", DAY, is_wanted=True),
    Column("service_from", "field.service_from", DAY),
    Column("service_to", "field.service_to", DAY),
    Column("currency", "field.currency", otherwise="CNY"),
    Column("gross", "field.gross", SUM, is_wanted=True),
    Column("tax", "field.tax", SUM, otherwise=Decimal(0)),
    Column("sites_named", "field.sites_named"),
    Column("line", "field.line"),
    Column("percent", "field.share", SUM, otherwise=Decimal(100)),
    Column("paid_on", "field.paid_on", DAY),
    Column("paid_amount", "field.paid_amount", SUM),
    Column("payer", "field.payer"),
    Column("method", "field.method", choices=PAYMENT_METHODS, prefix="method", otherwise=BANK),
    Column("bank_reference", "field.bank_reference"),
)
_OF_THE_BILL = (
    *("kind", "number", "vendor", "buyer", "subject", "invoice_date", "gross", "tax", "currency", "code"),
    *("vendor_country", "sites_named", "service_from", "service_to"),
)


class SheetRefused(SubsidiesError):
    """A workbook of bills that was not taken; `mistakes` names each of them, and nothing was entered."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__(" ".join(mistakes[:3]))
        self.mistakes = mistakes


@dataclass(frozen=True)
class BillRow:
    """A bill of a workbook: its row, what is printed on it, the line and share claimed, and one payment or none."""

    row: int
    bill: BillEntry
    line: str
    percent: Decimal
    paid: dict[str, Any] | None


def read_bills(file: IO[bytes], *, name: str, lines: list[str]) -> list[BillRow]:
    """Return the bills of a filled template; `lines` are those of the call, the first where a row names none.

    Raises SheetRefused with every mistake of every row.
    """
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise SheetRefused(say("sheets.unreadable", name=name)) from error
    rows = book.worksheets[0].iter_rows(values_only=True, max_row=_FIRST_ROW + MOST_ROWS)
    order = _order_of(next(rows, ()))
    next(rows, None)
    found: list[BillRow] = []
    mistakes: list[str] = []
    for number, cells in enumerate(rows, start=_FIRST_ROW):
        if not any(_text(cell) for cell in cells):
            continue
        if len(found) + len(mistakes) >= MOST_ROWS:
            raise SheetRefused(say("sheets.too_many", count=MOST_ROWS))
        values, wrong = _values(number, cells, order=order, lines=lines)
        mistakes += wrong
        if not wrong:
            found.append(_row_of(number, values, lines=lines))
    if mistakes:
        raise SheetRefused(*mistakes)
    if not found:
        raise SheetRefused(say("sheets.empty"))
    return found


def _order_of(heads: tuple[Any, ...]) -> dict[str, int]:
    places = {_text(head): place for place, head in enumerate(heads)}
    order = {}
    for column in COLUMNS:
        known = [places[word] for word in all_words()[column.word].values() if word in places]
        if known:
            order[column.name] = known[0]
        elif column.is_wanted:
            raise SheetRefused(say("sheets.no_head", column=say(column.word)))
    return order


def _values(
    row: int, cells: tuple[Any, ...], *, order: dict[str, int], lines: list[str]
) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    mistakes = []
    for column in COLUMNS:
        place = order.get(column.name, len(cells))
        cell = cells[place] if place < len(cells) else None
        try:
            values[column.name] = _value(column, cell, lines=lines)
        except ValueError as wrong:
            mistakes.append(say("sheets.mistake", row=row, column=say(column.word), problem=wrong))
    return values, mistakes


def _value(column: Column, cell: Any, *, lines: list[str]) -> Any:
    text = _text(cell)
    if not text:
        if column.is_wanted:
            raise ValueError(say("sheets.wanted"))
        return column.otherwise if column.otherwise is not None else ("" if column.holds == TEXT else None)
    if column.holds == DAY:
        return _day(cell, text)
    if column.holds == SUM:
        return _sum(text)
    if column.choices:
        return _choice(text, dict(_named(column)))
    if column.name == "line":
        return _choice(text, {line: f"line.{line}" for line in lines})
    return text.upper() if column.name in ("currency", "vendor_country") else text


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _day(cell: Any, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(say("sheets.not_a_day", text=text))


def _sum(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").lstrip("¥￥$"))
    except InvalidOperation:
        raise ValueError(say("sheets.not_a_sum", text=text)) from None
    if not amount.is_finite() or amount != round(amount, 2) or amount < 0:
        raise ValueError(say("sheets.not_a_sum", text=text))
    return amount


def _named(column: Column) -> Iterator[tuple[str, str]]:
    return ((code, f"{column.prefix}.{code}") for code in column.choices)


def _choice(text: str, words: dict[str, str]) -> str:
    for code, word in words.items():
        if text in (code, *all_words().get(word, {}).values()):
            return code
    names = [say(word) if word in all_words() else code for code, word in words.items()]
    raise ValueError(say("sheets.not_a_choice", text=text, choices=", ".join(names)))


def _row_of(row: int, values: dict[str, Any], *, lines: list[str]) -> BillRow:
    bill = BillEntry(**{name: values[name] for name in _OF_THE_BILL})
    paid = None
    if values["paid_on"]:
        paid = {
            "paid_on": values["paid_on"],
            "amount": values["paid_amount"] or bill.gross,
            "payer": values["payer"] or bill.buyer,
            "method": values["method"],
            "bank_reference": values["bank_reference"],
        }
    return BillRow(row, bill, values["line"] or lines[0], values["percent"], paid)
