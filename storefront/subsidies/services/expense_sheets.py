"""Enter the bills of a workbook, all or none, and write those of a project into one."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction

from storefront.subsidies.bills import bill_key
from storefront.subsidies.dossier.sheets import Sheet
from storefront.subsidies.dossier.workbook import write_workbook
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.expense_sheet import COLUMNS, BillRow, SheetRefused, read_bills
from storefront.subsidies.models import Allocation, Expense, Project
from storefront.subsidies.selectors.expenses import allocations_of, lines_of
from storefront.subsidies.services.expenses import add_payment, enter_expense
from storefront.subsidies.speech import say
from storefront.subsidies.words import say_in

_COMPARED = ("gross", "tax", "currency", "invoice_date", "service_from", "service_to")


def enter_sheet(*, project: Project, file: IO[bytes], name: str, by: Any, now: datetime) -> tuple[int, int]:
    """Enter every bill of a filled template and return how many were new and how many known.

    Raises SheetRefused with every mistake; then nothing was entered.
    """
    rows = read_bills(file, name=name, lines=lines_of(project.call))
    mistakes: list[str] = []
    entered = 0
    with transaction.atomic():
        known = _known_bills(rows)
        for row in rows:
            expense = known.get(_key(row))
            problem = _difference(expense, row) if expense else _enter(project, row, by=by, now=now)
            if problem:
                mistakes.append(say("sheets.row_mistake", row=row.row, problem=problem))
            entered += expense is None
        if mistakes:
            raise SheetRefused(*mistakes)
    return entered, len(rows) - entered


def write_sheet(*, project: Project, is_template: bool, now: datetime) -> IO[bytes]:
    """Return the project's bills as a workbook, or the empty template, open at its start."""
    rows = [] if is_template else [_cells(allocation) for allocation in allocations_of(project)]
    sheet = Sheet("sheet.bills", [column.word for column in COLUMNS], rows)
    target = TemporaryFile()  # noqa: SIM115 - the download closes it
    write_workbook([sheet], target, title=project.title, dated=now)
    target.seek(0)
    return target


def _key(row: BillRow) -> str:
    bill = row.bill
    return bill_key(kind=bill.kind, code=bill.code, number=bill.number, vendor=bill.vendor)


def _known_bills(rows: list[BillRow]) -> dict[str, Expense]:
    return {one.key: one for one in Expense.objects.filter(key__in=[_key(row) for row in rows])}


def _difference(expense: Expense, row: BillRow) -> str:
    for column in COLUMNS:
        name = column.name
        if name in _COMPARED and getattr(expense, name) != getattr(row.bill, name):
            return say(
                "sheets.differs", number=expense.number, bill=expense.reference, column=say(column.word)
            )
    return ""


def _enter(project: Project, row: BillRow, *, by: Any, now: datetime) -> str:
    """Enter one bill and return why it cannot be, or nothing."""
    try:
        with transaction.atomic():
            expense = enter_expense(
                project=project, bill=row.bill, line=row.line, percent=row.percent, by=by, now=now
            )
            if row.paid:
                add_payment(expense=expense, **row.paid, by=by, now=now)
    except EntryRefused as refusal:
        return str(refusal)
    return ""


def _cells(allocation: Allocation) -> list[Any]:
    expense = allocation.expense
    paid = next(iter(expense.payments.all()), None)
    values = {
        "kind": say_in("zh", f"kind.{expense.kind}"),
        "line": allocation.line,
        "percent": allocation.percent.normalize()
        if allocation.percent % 1
        else allocation.percent.to_integral(),
        "paid_on": paid and paid.paid_on,
        "paid_amount": paid and paid.amount,
        "payer": paid and paid.payer,
        "method": paid and say_in("zh", f"method.{paid.method}"),
        "bank_reference": paid and paid.bank_reference,
    }
    return [values.get(column.name, getattr(expense, column.name, None)) for column in COLUMNS]
