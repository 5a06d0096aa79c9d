"""Enter bills with their papers and payments, share them out between programmes, approve them by another person."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import record_event
from storefront.subsidies.bills import BillEntry, bill_key
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import (
    Allocation,
    Expense,
    ExpenseCredit,
    ExpensePaper,
    ExpensePayment,
    Project,
)
from storefront.subsidies.models import expenses as choices
from storefront.subsidies.overlap import overlap_conflict
from storefront.subsidies.selectors.expenses import eligible_of, lines_of, share_of, stored_rate
from storefront.subsidies.services.projects import check_maker, editable_project
from storefront.subsidies.speech import say


@transaction.atomic
def enter_expense(
    *, project: Project, bill: BillEntry, line: str, by: Any, now: datetime, percent: Decimal = Decimal(100)
) -> Expense:
    """Enter a bill and claim it in a project. Raises EntryRefused where the house already holds that bill."""
    project = editable_project(project, by=by)
    key = bill_key(kind=bill.kind, code=bill.code, number=bill.number, vendor=bill.vendor)
    known = Expense.objects.filter(key=key).first()
    if known:
        raise EntryRefused(say("refused.bill_known", number=bill.number, expense=known.reference))
    _refuse_impossible(bill)
    try:
        with transaction.atomic():
            expense = Expense.objects.create(
                **asdict(bill), key=key, entity=project.entity, entered_by=by, entered_at=now
            )
    except IntegrityError as error:  # two people entered it at once
        raise EntryRefused(say("refused.bill_known", number=bill.number, expense="")) from error
    _log(project, expense, "entered", by=by, now=now, key=key, gross=str(bill.gross), currency=bill.currency)
    _allocate(expense, project, line=line, percent=percent, by=by, now=now)
    return expense


@transaction.atomic
def change_expense(*, expense: Expense, bill: BillEntry, by: Any, now: datetime) -> Expense:
    """Correct a bill; it must be approved again, and what is claimed of it is reckoned anew."""
    projects = _editable_projects(expense, by=by)
    _refuse_impossible(bill)
    key = bill_key(kind=bill.kind, code=bill.code, number=bill.number, vendor=bill.vendor)
    if Expense.objects.filter(key=key).exclude(pk=expense.pk).exists():
        raise EntryRefused(say("refused.bill_known", number=bill.number, expense=""))
    before = {name: str(getattr(expense, name)) for name in asdict(bill)}
    for name, value in asdict(bill).items():
        setattr(expense, name, value)
    expense.key, expense.rate, expense.rate_date = key, None, None
    changed = {name: [was, str(getattr(expense, name))] for name, was in before.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    _touch(expense, projects, "changed", by=by, now=now, changed=changed)
    return expense


@transaction.atomic
def add_paper(*, expense: Expense, role: str, version: EvidenceVersion, by: Any, now: datetime) -> None:
    """Lay a file beside a bill."""
    projects = _editable_projects(expense, by=by)
    _, is_new = ExpensePaper.objects.get_or_create(expense=expense, role=role, version=version)
    if is_new:
        for project in projects:
            _log(project, expense, "paper", by=by, now=now, role=role, evidence=str(version))


@transaction.atomic
def add_payment(
    *,
    expense: Expense,
    paid_on: date,
    amount: Decimal,
    payer: str,
    by: Any,
    now: datetime,
    method: str = choices.BANK,
    bank_reference: str = "",
    settled_cny: Decimal | None = None,
    slip: EvidenceVersion | None = None,
) -> ExpensePayment:
    """Record that a bill, or a part of it, was paid."""
    projects = _editable_projects(expense, by=by)
    payment = ExpensePayment.objects.create(
        expense=expense,
        paid_on=paid_on,
        amount=amount,
        payer=payer,
        method=method,
        bank_reference=bank_reference,
        settled_cny=settled_cny,
        slip=slip,
    )
    _touch(expense, projects, "payment", by=by, now=now, amount=str(amount), paid_on=paid_on.isoformat())
    return payment


@transaction.atomic
def add_credit(
    *,
    expense: Expense,
    kind: str,
    dated: date,
    gross: Decimal,
    by: Any,
    now: datetime,
    tax: Decimal = Decimal(0),
    paper: EvidenceVersion | None = None,
) -> ExpenseCredit:
    """Record that the vendor gave money back; the claim is lowered by it."""
    projects = _editable_projects(expense, by=by)
    credit = ExpenseCredit.objects.create(
        expense=expense, kind=kind, dated=dated, gross=gross, tax=tax, paper=paper
    )
    _touch(expense, projects, "credit", by=by, now=now, kind=kind, gross=str(gross))
    return credit


@transaction.atomic
def share_expense(
    *, expense: Expense, project: Project, line: str, percent: Decimal, by: Any, now: datetime
) -> Allocation:
    """Claim a part of a bill in a project too. Raises EntryRefused where a call's rule against it forbids that."""
    Expense.objects.select_for_update().get(pk=expense.pk)
    return _allocate(expense, editable_project(project, by=by), line=line, percent=percent, by=by, now=now)


@transaction.atomic
def set_claim_of(*, allocation: Allocation, claimed: Decimal, by: Any, now: datetime) -> None:
    """Claim less of a bill than is eligible. Raises EntryRefused for more."""
    project = editable_project(allocation.project, by=by)
    eligible = eligible_of(allocation).amount
    if not 0 <= claimed <= eligible:
        raise EntryRefused(
            say("refused.above_eligible", claimed=f"{claimed:.2f}", eligible=f"{eligible:.2f}")
        )
    Allocation.objects.filter(pk=allocation.pk).update(claimed=claimed)
    _log(project, allocation.expense, "claimed", by=by, now=now, claimed=str(claimed))


@transaction.atomic
def drop_allocation(*, allocation: Allocation, reason: str, by: Any, now: datetime) -> None:
    """Claim a bill no longer in a project; the bill and its papers stay."""
    project = editable_project(allocation.project, by=by)
    _log(
        project, allocation.expense, "dropped", by=by, now=now, reason=reason, claimed=str(allocation.claimed)
    )
    allocation.delete()


@transaction.atomic
def approve_expense(*, expense: Expense, project: Project, by: Any, now: datetime) -> None:
    """Record that a checker compared a bill with its papers. Raises EntryRefused for whoever entered it."""
    expense = Expense.objects.select_for_update().get(pk=expense.pk)
    if not project.members.filter(user=by, role="checker").exists():
        raise EntryRefused(say("refused.only_checker"))
    if expense.entered_by_id == by.pk:
        raise EntryRefused(say("blocked.maker"))
    expense.approved_by, expense.approved_at = by, now
    expense.save(update_fields=["approved_by", "approved_at"])
    record_event(
        verb="project.expense_approved", subject=project.subject, by=by, now=now, expense=expense.reference
    )


def _allocate(
    expense: Expense, project: Project, *, line: str, percent: Decimal, by: Any, now: datetime
) -> Allocation:
    if line not in lines_of(project.call):
        raise EntryRefused(say("refused.line", line=line, lines=", ".join(lines_of(project.call))))
    if not 0 < percent <= 100:
        raise EntryRefused(say("refused.percent"))
    allocation = Allocation(expense=expense, project=project, line=line, percent=percent, claimed=Decimal(0))
    others = expense.allocations.exclude(project=project).select_related("project__call")
    shares = [share_of(one) for one in (*others, allocation)]
    conflict = overlap_conflict(shares=shares)
    if conflict:
        rule, whose, against = conflict
        raise EntryRefused(say(f"refused.overlap.{rule}", whose=whose.name, against=against.name))
    allocation.claimed = _reckon(expense, allocation)
    allocation, _ = Allocation.objects.update_or_create(
        expense=expense,
        project=project,
        defaults={"line": line, "percent": percent, "claimed": allocation.claimed},
    )
    _log(project, expense, "allocated", by=by, now=now, line=line, percent=str(percent))
    return allocation


def _reckon(expense: Expense, allocation: Allocation) -> Decimal:
    rate, day = stored_rate(expense, allocation.project.call)
    if (rate, day) != (expense.rate, expense.rate_date):
        expense.rate, expense.rate_date = rate, day
        expense.save(update_fields=["rate", "rate_date"])
    return eligible_of(allocation).amount


def _touch(
    expense: Expense, projects: Iterable[Project], what: str, *, by: Any, now: datetime, **details: Any
) -> None:
    """After a change: approve again, claim what is eligible now, and log it in every project."""
    expense.approved_by = expense.approved_at = None
    expense.save()
    expense.refresh_from_db()  # forgets the payments and credits a page had read with it
    for allocation in expense.allocations.select_related("project__call"):
        allocation.expense = expense
        allocation.claimed = _reckon(expense, allocation)
        allocation.save(update_fields=["claimed"])
    for project in projects:
        _log(project, expense, what, by=by, now=now, **details)


def _editable_projects(expense: Expense, *, by: Any) -> list[Project]:
    Expense.objects.select_for_update().get(pk=expense.pk)
    allocations = list(expense.allocations.select_related("project").order_by("project_id"))
    if not allocations:
        check_maker(group=expense.entity.group, by=by)
    return [editable_project(allocation.project, by=by) for allocation in allocations]


def _refuse_impossible(bill: BillEntry) -> None:
    if bill.kind not in choices.BILL_KINDS:
        raise EntryRefused(say("refused.kind", kind=bill.kind))
    if not bill.number.strip():
        raise EntryRefused(say("refused.number"))
    if bill.gross <= 0 or not 0 <= bill.tax < bill.gross:
        raise EntryRefused(say("refused.amounts", gross=bill.gross, tax=bill.tax))
    if bill.service_from and bill.service_to and bill.service_to < bill.service_from:
        raise EntryRefused(say("refused.period"))


def _log(project: Project, expense: Expense, what: str, *, by: Any, now: datetime, **details: Any) -> None:
    record_event(
        verb="project.expense",
        subject=project.subject,
        by=by,
        now=now,
        expense=expense.reference,
        what=what,
        **details,
    )
