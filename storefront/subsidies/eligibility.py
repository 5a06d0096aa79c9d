"""How much of a bill counts: paid, net of tax and credits, for days in the window, in CNY, cut to cents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

NET, GROSS = "net", "gross"
SERVICE, INVOICE, PAYMENT = "service", "invoice", "payment"
FIXED_DATE, PAYMENT_DATE, INVOICE_DATE = "fixed_date_pboc_mid", "payment_date_pboc_mid", "invoice_date"
MONTH_FIRST, PERIOD_AVERAGE, BANK_SETTLEMENT = (
    "month_first_workday",
    "period_average",
    "actual_bank_settlement",
)
_ZERO = Decimal(0)
Rates = Mapping[date, Decimal]


@dataclass(frozen=True)
class Paid:
    """One payment of a bill; `settled_cny` is what the bank took for it, where it took CNY."""

    day: date
    amount: Decimal
    settled_cny: Decimal | None = None


@dataclass(frozen=True)
class Bill:
    """A bill in its own currency. `credited` and `credited_tax` are what the vendor gave back."""

    currency: str
    gross: Decimal
    tax: Decimal
    invoice_date: date
    service_from: date | None
    service_to: date | None
    payments: tuple[Paid, ...] = ()
    credited: Decimal = _ZERO
    credited_tax: Decimal = _ZERO


@dataclass(frozen=True)
class Terms:
    """What a call says about spending; days are those of Asia/Shanghai, both included."""

    cost_from: date | None
    cost_to: date | None
    fx_rule: str
    fx_date: date | None
    basis: str = NET
    judged_by: tuple[str, ...] = (SERVICE, INVOICE, PAYMENT)

    def holds(self, day: date) -> bool:
        """Say whether a day lies in the cost window."""
        return (self.cost_from is None or day >= self.cost_from) and (
            self.cost_to is None or day <= self.cost_to
        )


@dataclass(frozen=True)
class Eligible:
    """A sum in CNY, the steps that led to it, and why it is not more: keys of words."""

    amount: Decimal
    steps: tuple[tuple[str, Decimal], ...]
    reasons: tuple[str, ...] = ()
    rate: Fraction | None = None


def reckon_eligible(*, bill: Bill, terms: Terms, rates: Rates, percent: Decimal = Decimal(100)) -> Eligible:
    """Return what counts of a bill. Where a fact is missing nothing counts, and the reason says which."""
    steps = [("gross", bill.gross)]
    amount = bill.gross - bill.credited
    if terms.basis == NET:
        amount -= bill.tax - bill.credited_tax
    steps.append(("base", amount))
    part, reasons = _part_that_counts(bill, terms)
    steps.append(("part", _shown(part)))
    rate = rate_of(bill=bill, terms=terms, rates=rates)
    if rate is None:
        return Eligible(_ZERO, tuple(steps), (*reasons, "rate_missing"))
    steps.append(("rate", _shown(rate)))
    exact = Fraction(amount) * part * rate * Fraction(percent) / 100
    cut = cut_to_cents(max(exact, Fraction(0)))
    return Eligible(cut, (*steps, ("percent", percent), ("eligible", cut)), reasons, rate)


def cut_to_cents(value: Fraction) -> Decimal:
    """Return a sum cut, not rounded, to whole cents."""
    return Decimal(floor(value * 100)) / 100


def _shown(value: Fraction) -> Decimal:
    """Return a fraction with eight decimal places, for people; reckoning goes on with the exact one."""
    return Decimal(value.numerator * 10**8 // value.denominator).scaleb(-8)


def _part_that_counts(bill: Bill, terms: Terms) -> tuple[Fraction, tuple[str, ...]]:
    """Return the part between 0 and 1 that was paid and served in the window, and why it is below 1."""
    if bill.service_from is None or bill.service_to is None:
        return Fraction(0), ("no_period",)
    if INVOICE in terms.judged_by and not terms.holds(bill.invoice_date):
        return Fraction(0), ("invoice_outside",)
    reasons = []
    counted = [paid for paid in bill.payments if PAYMENT not in terms.judged_by or terms.holds(paid.day)]
    due = bill.gross - bill.credited
    received = Fraction(sum((paid.amount for paid in counted), _ZERO))
    part = min(received / Fraction(due), Fraction(1)) if due > 0 else Fraction(0)
    if part < 1:
        reasons.append("not_paid")
    if SERVICE in terms.judged_by:
        inside, total = service_days(bill=bill, terms=terms)
        part *= Fraction(inside, total)
        if inside < total:
            reasons.append("service_outside")
    return part, tuple(reasons)


def service_days(*, bill: Bill, terms: Terms) -> tuple[int, int]:
    """Return how many days of service lie in the cost window, and how many there are; (0, 1) without a period."""
    if bill.service_from is None or bill.service_to is None:
        return 0, 1
    start = max(filter(None, (bill.service_from, terms.cost_from)))
    end = min(filter(None, (bill.service_to, terms.cost_to)))
    return max((end - start).days + 1, 0), (bill.service_to - bill.service_from).days + 1


def rate_of(*, bill: Bill, terms: Terms, rates: Rates) -> Fraction | None:
    """Return CNY for one unit of the bill's currency by the call's rule, or None where no such rate is stored."""
    if bill.currency == "CNY":
        return Fraction(1)
    rule = _RULES.get(terms.fx_rule)
    return rule(bill, terms, rates) if rule else None


def rule_day(*, bill: Bill, terms: Terms) -> date | None:
    """Return the day whose rate the call's rule asks for, where it is a single day."""
    if terms.fx_rule == FIXED_DATE:
        return terms.fx_date
    if terms.fx_rule == INVOICE_DATE:
        return bill.invoice_date
    days = {paid.day for paid in bill.payments}
    return days.pop() if terms.fx_rule == PAYMENT_DATE and len(days) == 1 else None


def _on(day: date | None, rates: Rates) -> Fraction | None:
    return Fraction(rates[day]) if day is not None and day in rates else None


def _by_payments(bill: Bill, terms: Terms, rates: Rates) -> Fraction | None:
    if not bill.payments or any(paid.day not in rates for paid in bill.payments):
        return None
    worth = sum(Fraction(paid.amount) * Fraction(rates[paid.day]) for paid in bill.payments)
    return Fraction(worth) / _paid(bill)


def _first_of_month(bill: Bill, terms: Terms, rates: Rates) -> Fraction | None:
    of_invoice = (bill.invoice_date.year, bill.invoice_date.month)
    month = [day for day in rates if (day.year, day.month) == of_invoice]
    return Fraction(rates[min(month)]) if month else None


def _average(bill: Bill, terms: Terms, rates: Rates) -> Fraction | None:
    found = [Fraction(rate) for day, rate in rates.items() if terms.holds(day)]
    return Fraction(sum(found)) / len(found) if found else None


def _by_settlement(bill: Bill, terms: Terms, rates: Rates) -> Fraction | None:
    settled = [Fraction(paid.settled_cny) for paid in bill.payments if paid.settled_cny is not None]
    if not settled or len(settled) < len(bill.payments):
        return None
    return Fraction(sum(settled)) / _paid(bill)


def _paid(bill: Bill) -> Fraction:
    return Fraction(sum((paid.amount for paid in bill.payments), _ZERO))


_RULES: dict[str, Callable[[Bill, Terms, Rates], Fraction | None]] = {
    FIXED_DATE: lambda bill, terms, rates: _on(terms.fx_date, rates),
    INVOICE_DATE: lambda bill, terms, rates: _on(bill.invoice_date, rates),
    PAYMENT_DATE: _by_payments,
    MONTH_FIRST: _first_of_month,
    PERIOD_AVERAGE: _average,
    BANK_SETTLEMENT: _by_settlement,
}
