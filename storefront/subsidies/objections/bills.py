"""Checks of bills: entered twice, out of the window, paid by somebody else, claimed too high."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from storefront.subsidies.bills import plain
from storefront.subsidies.eligibility import GROSS, NET, Terms, cut_to_cents, reckon_eligible, service_days
from storefront.subsidies.models import Allocation, Expense
from storefront.subsidies.models import expenses as choices
from storefront.subsidies.objections.case import ERROR, WARNING, Case, Objection, money
from storefront.subsidies.overlap import overlap_conflict
from storefront.subsidies.ownership import control_percent
from storefront.subsidies.selectors.expenses import bill_of, rates_of, share_of, stored_rate

_ZERO = Decimal(0)
_NEAR_DAYS = 3
_LONG_NUMBER = 8  # shorter numbers are the same by chance


def same_bill_twice(case: Case) -> Iterator[Objection]:
    """V01: one fapiao in two expenses, or its parts exceed it or break a rule against double funding."""
    by_digits: dict[str, Expense] = {}
    for expense in case.house:
        digits = plain(expense.code) + plain(expense.number)
        other = by_digits.setdefault(f"{digits} {plain(expense.vendor)}", expense)
        if other is not expense and _is_ours(case, other, expense):
            yield Objection(
                "V01", "twice", ERROR, expense.reference, {"number": expense.number, "other": other.reference}
            )
    for allocation, eligible in case.bills:
        expense = allocation.expense
        parts = list(expense.allocations.all())
        rate = eligible.rate
        whole = expense.gross if case.terms.basis == GROSS else expense.net
        limit = cut_to_cents(Fraction(whole) * rate) if rate is not None else None
        conflict = overlap_conflict(shares=[share_of(part) for part in parts], net_cny=limit)
        if conflict:
            rule, whose, against = conflict
            yield Objection(
                "V01", rule, ERROR, expense.reference, {"whose": whose.name, "against": against.name}
            )
        claimed = sum((part.claimed for part in parts), _ZERO)
        if limit is not None and claimed > limit and len(parts) > 1:
            values = {"claimed": money(claimed), "net": money(limit)}
            yield Objection("V01", "above_net", ERROR, expense.reference, values)


def same_file_twice(case: Case) -> Iterator[Objection]:
    """V02: one file as two different invoices or payments."""
    seen: dict[str, Expense] = {}
    for expense in case.house:
        hashes = {one.version.sha256 for one in expense.papers.all() if one.role == choices.INVOICE}
        hashes |= {one.slip.sha256 for one in expense.payments.all() if one.slip}
        for sha256 in sorted(hashes):
            other = seen.setdefault(sha256, expense)
            if other is not expense and _is_ours(case, other, expense):
                values = {"other": other.reference, "sha256": sha256[:12]}
                yield Objection("V02", "file", ERROR, expense.reference, values)


def nearly_the_same(case: Case) -> Iterator[Objection]:
    """V03: the same vendor, amount and days under another number; or the same number with another amount."""
    by_sum: dict[tuple[str, str], list[Expense]] = defaultdict(list)
    by_number: dict[str, list[Expense]] = defaultdict(list)
    for expense in case.house:
        by_sum[plain(expense.vendor), f"{expense.gross} {expense.currency}"].append(expense)
        by_number[plain(expense.number)].append(expense)
    for group in by_sum.values():
        for first, second in _pairs_of_ours(case, group):
            days = abs((first.invoice_date - second.invoice_date).days)
            if days <= _NEAR_DAYS and plain(first.number) != plain(second.number):
                yield Objection(
                    "V03", "near", WARNING, second.reference, {"other": first.reference, "days": days}
                )
    for number, group in by_number.items():
        for first, second in _pairs_of_ours(case, group) if len(number) >= _LONG_NUMBER else ():
            if (first.gross, first.currency) != (second.gross, second.currency):
                yield Objection("V03", "number", WARNING, second.reference, {"other": first.reference})


def out_of_window(case: Case) -> Iterator[Objection]:
    """V04: bill, payment or service outside the cost window."""
    terms = case.terms
    window = {"start": terms.cost_from or "…", "end": terms.cost_to or "…"}
    for allocation, _ in case.bills:
        expense = allocation.expense
        if not terms.holds(expense.invoice_date):
            yield Objection(
                "V04", "invoice", ERROR, expense.reference, {"day": expense.invoice_date} | window
            )
        for payment in expense.payments.all():
            if not terms.holds(payment.paid_on):
                yield Objection("V04", "payment", ERROR, expense.reference, {"day": payment.paid_on} | window)
        if (
            expense.service_from
            and expense.service_to
            and not service_days(bill=bill_of(expense), terms=terms)[0]
        ):
            yield Objection(
                "V04", "service", ERROR, expense.reference, {"day": expense.service_from} | window
            )


def prepaid_in_full(case: Case) -> Iterator[Objection]:
    """V05: a service beyond the window claimed for more than its days in it."""
    for allocation, eligible in case.bills:
        inside, total = service_days(bill=bill_of(allocation.expense), terms=case.terms)
        if 0 < inside < total and allocation.claimed > eligible.amount:
            values = {"inside": inside, "total": total, "eligible": money(eligible.amount)}
            yield Objection(
                "V05", "prepaid", ERROR, allocation.expense.reference, values | _claimed(allocation)
            )


def other_title(case: Case) -> Iterator[Objection]:
    """V06: a bill made out to somebody who is neither the applicant nor an affiliate with a proven link."""
    for allocation, _ in case.bills:
        if not _is_applicants(case, allocation.expense.buyer):
            yield Objection(
                "V06", "buyer", ERROR, allocation.expense.reference, {"buyer": allocation.expense.buyer}
            )


def other_payer(case: Case) -> Iterator[Objection]:
    """V07: paid by somebody else, by a personal card, or in cash."""
    for allocation, _ in case.bills:
        for payment in allocation.expense.payments.all():
            if payment.method in (choices.PERSONAL_CARD, choices.CASH):
                yield Objection(
                    "V07", payment.method, ERROR, allocation.expense.reference, {"day": payment.paid_on}
                )
            elif not _is_applicants(case, payment.payer):
                yield Objection("V07", "payer", ERROR, allocation.expense.reference, {"payer": payment.payer})


def partly_paid(case: Case) -> Iterator[Objection]:
    """V08: the payments are not the total of the bill."""
    for allocation, _ in case.bills:
        bill = bill_of(allocation.expense)
        paid = sum((payment.amount for payment in bill.payments), _ZERO)
        if paid not in (bill.gross, bill.gross - bill.credited):
            values = {"paid": money(paid), "gross": money(bill.gross), "currency": bill.currency}
            yield Objection("V08", "sum", ERROR, allocation.expense.reference, values)


def claimed_with_tax(case: Case) -> Iterator[Objection]:
    """V09: the total with tax is claimed where the call counts the net sum."""
    for allocation, eligible in case.bills:
        if case.terms.basis != NET or not allocation.expense.tax or allocation.claimed <= eligible.amount:
            continue
        if allocation.claimed <= _eligible_if(allocation, replace(case.terms, basis=GROSS)):
            values = {"eligible": money(eligible.amount), "tax": money(allocation.expense.tax)}
            yield Objection("V09", "tax", ERROR, allocation.expense.reference, values | _claimed(allocation))


def given_back(case: Case) -> Iterator[Objection]:
    """V10: the vendor gave money back, and the claim was not lowered by it."""
    frozen = case.project.frozen_versions.order_by("-number").first()
    frozen_on = frozen.frozen_at.date() if frozen else None
    for allocation, eligible in case.bills:
        for credit in allocation.expense.credits.all():
            if allocation.claimed > eligible.amount or (frozen_on and credit.dated > frozen_on):
                values = {"gross": money(credit.gross), "day": credit.dated}
                yield Objection("V10", credit.kind, WARNING, allocation.expense.reference, values)


def no_period(case: Case) -> Iterator[Objection]:
    """V13: no period of service."""
    for allocation, _ in case.bills:
        if allocation.expense.service_from is None or allocation.expense.service_to is None:
            yield Objection("V13", "period", ERROR, allocation.expense.reference)


def wrong_rate(case: Case) -> Iterator[Objection]:
    """V14: the rate is missing, of another day than the rule's, or not the one stored."""
    for allocation, _ in case.bills:
        expense = allocation.expense
        if expense.currency == "CNY":
            continue
        rate, day = stored_rate(
            expense,
            case.project.call,
            rates=case.rates.setdefault(expense.currency, rates_of(expense.currency)),
        )
        values = {"currency": expense.currency, "day": day or "…"}
        if rate is None:
            yield Objection("V14", "missing", ERROR, expense.reference, values)
        elif expense.rate_date != day:
            yield Objection(
                "V14", "day", ERROR, expense.reference, values | {"used": expense.rate_date or "…"}
            )
        elif expense.rate != rate:
            yield Objection(
                "V14", "rate", ERROR, expense.reference, values | {"used": expense.rate, "stored": rate}
            )


def related_vendor(case: Case) -> Iterator[Objection]:
    """V27: bought from a company of the same group, and not said so."""
    for allocation, _ in case.bills:
        expense = allocation.expense
        if plain(expense.vendor) in case.names and not expense.is_related_vendor:
            yield Objection("V27", "vendor", ERROR, expense.reference, {"vendor": expense.vendor})


def other_site(case: Case) -> Iterator[Objection]:
    """V28: the bill names another site, and is claimed whole."""
    for allocation, _ in case.bills:
        named = {
            name.strip().lower() for name in allocation.expense.sites_named.replace("，", ",").split(",")
        }
        others = sorted(named - {"", case.project.site.domain.lower()})
        if others and allocation.percent == 100:
            yield Objection(
                "V28", "site", WARNING, allocation.expense.reference, {"sites": ", ".join(others)}
            )


def own_check(case: Case) -> Iterator[Objection]:
    """V31: a bill approved by whoever entered it."""
    for allocation, _ in case.bills:
        expense = allocation.expense
        if expense.approved_by_id and expense.approved_by_id == expense.entered_by_id:
            yield Objection("V31", "expense", ERROR, expense.reference, {"who": expense.approved_by})


def _pairs_of_ours(case: Case, group: list[Expense]) -> Iterator[tuple[Expense, Expense]]:
    return ((first, second) for first, second in combinations(group, 2) if _is_ours(case, first, second))


def _is_ours(case: Case, *expenses: Expense) -> bool:
    return any(expense.pk in case.claimed_bills for expense in expenses)


def _is_applicants(case: Case, name: str) -> bool:
    """Say whether a name is the applicant's, or that of a company with a proven link to it."""
    entity, home = case.names.get(plain(name)), case.project.entity
    if entity is None or entity.pk == home.pk:
        return entity is not None
    proven = [one for one, link in zip(case.holdings, case.ownerships, strict=True) if link.evidence_id]
    pairs = ((home.pk, entity.pk), (entity.pk, home.pk))
    return any(
        control_percent(parent=parent, child=child, holdings=proven, day=case.today) > 0
        for parent, child in pairs
    )


def _eligible_if(allocation: Allocation, terms: Terms) -> Decimal:
    expense = allocation.expense
    rates = {} if expense.currency == "CNY" else rates_of(expense.currency)
    return reckon_eligible(bill=bill_of(expense), terms=terms, rates=rates, percent=allocation.percent).amount


def _claimed(allocation: Allocation) -> dict[str, str]:
    return {"claimed": money(allocation.claimed)}


CHECKS = (
    *(
        same_bill_twice,
        same_file_twice,
        nearly_the_same,
        out_of_window,
        prepaid_in_full,
        other_title,
        other_payer,
    ),
    *(
        partly_paid,
        claimed_with_tax,
        given_back,
        no_period,
        wrong_rate,
        related_vendor,
        other_site,
        own_check,
    ),
)
