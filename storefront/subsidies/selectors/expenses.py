"""Read bills and reckon what of them counts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from storefront.subsidies.eligibility import (
    GROSS,
    INVOICE,
    NET,
    PAYMENT,
    SERVICE,
    Bill,
    Eligible,
    Paid,
    Rates,
    Terms,
    rate_of,
    reckon_eligible,
    rule_day,
)
from storefront.subsidies.models import Allocation, Call, ExchangeRate, Expense, Project
from storefront.subsidies.overlap import Share

DEFAULT_LINE = "site"


def lines_of(call: Call) -> list[str]:
    """Return the lines a call pays for; one for all where it does not tell them apart."""
    return [line["code"] for line in call.award.get("lines", ())] or [DEFAULT_LINE]


def terms_of(call: Call) -> Terms:
    """Return what a call says about spending."""
    return Terms(
        cost_from=call.cost_from,
        cost_to=call.cost_to,
        fx_rule=call.fx_rule,
        fx_date=call.fx_date,
        basis=GROSS if call.award.get("basis") == GROSS else NET,
        judged_by=tuple(call.award.get("judged_by", (SERVICE, INVOICE, PAYMENT))),
    )


def bill_of(expense: Expense) -> Bill:
    """Return a bill as plain data, with its payments and credits."""
    credits = list(expense.credits.all())
    return Bill(
        currency=expense.currency,
        gross=expense.gross,
        tax=expense.tax,
        invoice_date=expense.invoice_date,
        service_from=expense.service_from,
        service_to=expense.service_to,
        payments=tuple(Paid(paid.paid_on, paid.amount, paid.settled_cny) for paid in expense.payments.all()),
        credited=sum((credit.gross for credit in credits), Decimal(0)),
        credited_tax=sum((credit.tax for credit in credits), Decimal(0)),
    )


def rates_of(currency: str) -> Rates:
    """Return every stored rate of a currency by day."""
    return dict(ExchangeRate.objects.filter(currency=currency).values_list("day", "cny_per_unit"))


def stored_rate(
    expense: Expense, call: Call, *, rates: Rates | None = None
) -> tuple[Decimal | None, date | None]:
    """Return the rate the call's rule gives a bill, and its day where the rule means a single one."""
    if expense.currency == "CNY":
        return None, None
    bill, terms = bill_of(expense), terms_of(call)
    rate = rate_of(bill=bill, terms=terms, rates=rates_of(expense.currency) if rates is None else rates)
    shown = round(Decimal(rate.numerator) / rate.denominator, 8) if rate is not None else None
    return shown, rule_day(bill=bill, terms=terms)


def eligible_of(allocation: Allocation, *, rates: Rates | None = None) -> Eligible:
    """Return what counts of a bill in a project, step by step."""
    expense = allocation.expense
    if rates is None:
        rates = {} if expense.currency == "CNY" else rates_of(expense.currency)
    return reckon_eligible(
        bill=bill_of(expense),
        terms=terms_of(allocation.project.call),
        rates=rates,
        percent=allocation.percent,
    )


def share_of(allocation: Allocation) -> Share:
    """Return an allocation as the rules against double funding see it."""
    call = allocation.project.call
    cap = call.award.get("combined_ratio_cap")
    return Share(
        name=f"{call.code} #{allocation.project_id or ''}",
        level=call.level,
        policy=call.overlap_policy,
        percent=allocation.percent,
        claimed=allocation.claimed,
        ratio_cap=Decimal(str(cap)) if cap is not None else None,
    )


def allocations_of(project: Project) -> QuerySet[Allocation]:
    """Return what is claimed in a project, with the bills and everything beside them, in a fixed number of queries."""
    return (
        project.allocations.select_related(
            "expense__entity", "expense__entered_by", "expense__approved_by", "project__call"
        )
        .prefetch_related(
            "expense__payments__slip__evidence",
            "expense__credits__paper__evidence",
            "expense__papers__version__evidence",
            "expense__allocations__project__call",
        )
        .order_by("expense__invoice_date", "pk")
    )


def eligible_by_line(project: Project) -> dict[str, Decimal]:
    """Return what is claimed in a project by line of the call, never more than what is eligible (K20)."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for allocation, eligible in with_eligible(allocations_of(project)):
        sums[allocation.line] += min(allocation.claimed, eligible.amount)
    return dict(sums)


def with_eligible(allocations: Iterable[Allocation]) -> list[tuple[Allocation, Eligible]]:
    """Return each allocation with what counts of it; rates are read once for each currency."""
    rates: dict[str, Rates] = {"CNY": {}}
    found = []
    for allocation in allocations:
        currency = allocation.expense.currency
        if currency not in rates:
            rates[currency] = rates_of(currency)
        found.append((allocation, eligible_of(allocation, rates=rates[currency])))
    return found
