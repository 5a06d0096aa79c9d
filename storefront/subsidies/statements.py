"""Read bank statements and customs lists as CSV, whatever the bank calls its columns; a bad row is data, no stop."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MAX_ROWS = 500_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%d.%m.%Y")

BANK_COLUMNS = {
    "booked_on": (
        "booked_on",
        "date",
        "booking date",
        "value date",
        "日期",
        "交易日期",
        "入账日期",
        "记账日期",
    ),
    "amount": ("amount", "金额", "交易金额", "发生额"),
    "credit": ("credit", "收入", "贷方", "贷方发生额", "收入金额"),
    "debit": ("debit", "支出", "借方", "借方发生额", "支出金额"),
    "currency": ("currency", "币种", "币别", "货币"),
    "reference": ("reference", "description", "details", "摘要", "附言", "用途", "备注"),
    "counterparty": ("counterparty", "name", "对方户名", "对方名称", "付款人", "付款人名称"),
}
CUSTOMS_COLUMNS = {
    "declaration": ("declaration", "declaration no", "报关单号", "清单编号", "清单号"),
    "mode": ("mode", "customs mode", "监管方式", "监管代码", "监管方式代码"),
    "declared_on": ("declared_on", "date", "申报日期", "出口日期"),
    "declarant": ("declarant", "exporter", "经营单位", "境内发货人", "收发货人", "电商企业"),
    "reference": (
        "reference",
        "order",
        "order no",
        "tracking",
        "订单编号",
        "订单号",
        "运单号",
        "物流运单编号",
    ),
    "quantity": ("quantity", "qty", "数量", "件数"),
    "fob": ("fob", "value", "总价", "fob总价", "离岸价", "申报总价"),
    "currency": ("currency", "币种", "币制"),
}
_NEEDED = {"bank": ("booked_on",), "customs": ("declaration", "mode", "declared_on", "reference", "fob")}


@dataclass(frozen=True)
class RowProblem:
    """A row that was left out: its number in the file, the column, and the key of the sentence that says why."""

    line: int
    column: str
    why: str
    value: str = ""


@dataclass(frozen=True)
class BankRow:
    """A line of a statement."""

    line: int
    booked_on: date
    amount: Decimal
    currency: str
    reference: str
    counterparty: str
    fingerprint: str


@dataclass(frozen=True)
class CustomsRow:
    """A line of a customs list."""

    line: int
    declaration: str
    mode: str
    declared_on: date
    declarant: str
    reference: str
    quantity: int
    fob: Decimal
    currency: str
    fingerprint: str


def read_bank_rows(content: bytes, *, currency: str) -> Iterator[BankRow | RowProblem]:
    """Yield the lines of a statement; `currency` is that of the account where the file has no such column.

    Raises ValueError with the key of a sentence for a file without the columns that are needed.
    """
    seen: Counter[str] = Counter()
    for line, row in _rows(
        content, columns=BANK_COLUMNS, needed=_NEEDED["bank"], either=("amount", "credit")
    ):
        day, amount = _day(row.get("booked_on", "")), _bank_amount(row)
        if day is None:
            yield RowProblem(line, "booked_on", "no_day", row.get("booked_on", ""))
        elif amount is None or not amount:
            yield RowProblem(line, "amount", "no_amount", row.get("amount") or row.get("credit", ""))
        else:
            code = _currency(row.get("currency", "")) or currency
            parts = (
                day.isoformat(),
                f"{amount:.2f}",
                code,
                row.get("reference", ""),
                row.get("counterparty", ""),
            )
            yield BankRow(
                line=line,
                booked_on=day,
                amount=amount,
                currency=code,
                reference=row.get("reference", "")[:300],
                counterparty=row.get("counterparty", "")[:200],
                fingerprint=_fingerprint(parts, seen),
            )


def read_customs_rows(content: bytes) -> Iterator[CustomsRow | RowProblem]:
    """Yield the lines of a customs list (清单 or 报关单). Raises ValueError like `read_bank_rows`."""
    seen: Counter[str] = Counter()
    for line, row in _rows(content, columns=CUSTOMS_COLUMNS, needed=_NEEDED["customs"]):
        day, fob = _day(row["declared_on"]), _amount(row["fob"])
        quantity = _amount(row.get("quantity", "") or "1")
        if day is None:
            yield RowProblem(line, "declared_on", "no_day", row["declared_on"])
        elif fob is None or fob <= 0:
            yield RowProblem(line, "fob", "no_amount", row["fob"])
        elif not row["reference"]:
            yield RowProblem(line, "reference", "no_reference")
        else:
            code = _currency(row.get("currency", "")) or "USD"
            parts = (row["declaration"], day.isoformat(), row["reference"], f"{fob:.2f}", code)
            yield CustomsRow(
                line=line,
                declaration=row["declaration"][:40],
                mode=row["mode"][:8],
                declared_on=day,
                declarant=row.get("declarant", "")[:200],
                reference=row["reference"][:100],
                quantity=max(int(quantity or 1), 0),
                fob=fob,
                currency=code,
                fingerprint=_fingerprint(parts, seen),
            )


def _rows(
    content: bytes,
    *,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    either: Sequence[str] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    text = _decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [cell.strip().lower() for cell in next(reader, [])]
    places = {
        name: header.index(found)
        for name, known in columns.items()
        if (found := next((one for one in known if one in header), None)) is not None
    }
    missing = [name for name in needed if name not in places]
    if missing or (either and not any(name in places for name in either)):
        raise ValueError(", ".join(missing or either))
    for row in reader:
        if reader.line_num > MAX_ROWS:
            raise ValueError(f"> {MAX_ROWS}")
        if any(cell.strip() for cell in row):
            yield (
                reader.line_num,
                {name: row[place].strip() if place < len(row) else "" for name, place in places.items()},
            )


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("encoding")


def _bank_amount(row: Mapping[str, str]) -> Decimal | None:
    if row.get("amount"):
        return _amount(row["amount"])
    credit, debit = _amount(row.get("credit", "") or "0"), _amount(row.get("debit", "") or "0")
    return None if credit is None or debit is None else credit - abs(debit)


def _amount(text: str) -> Decimal | None:
    """Return an amount written as 1,234.56, 1.234,56, ¥1234.56 or (12.00); None for anything else."""
    plain = "".join(sign for sign in text if sign not in " \u00a0¥￥$€'")
    is_negative = plain.startswith("(") and plain.endswith(")")
    plain = plain.strip("()")
    if "," in plain and "." in plain:
        decimal = max(plain.rfind(","), plain.rfind("."))
        plain = plain[:decimal].replace(",", "").replace(".", "") + "." + plain[decimal + 1 :]
    elif "," in plain:
        head, _, tail = plain.rpartition(",")
        plain = f"{head.replace(',', '')}.{tail}" if len(tail) == 2 else plain.replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 13 or amount != round(amount, 2):
        return None
    return -amount if is_negative else amount


def _day(text: str) -> date | None:
    plain = text.strip().split(" ")[0].split("T")[0]
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None


def _currency(text: str) -> str:
    names = {
        "人民币": "CNY",
        "RMB": "CNY",
        "美元": "USD",
        "港币": "HKD",
        "欧元": "EUR",
        "英镑": "GBP",
        "日元": "JPY",
    }
    code = names.get(text.strip().upper(), text.strip().upper())
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def _fingerprint(parts: Sequence[str], seen: Counter[str]) -> str:
    """Return what tells a line from all others; of equal lines in one file the second is another than the first."""
    text = "\x1f".join(parts)
    seen[text] += 1
    return hashlib.sha256(f"{text}\x1f{seen[text]}".encode()).hexdigest()
