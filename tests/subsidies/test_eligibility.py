"""What of a bill counts, by hand and to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from storefront.subsidies.eligibility import Bill, Paid, Terms, reckon_eligible

YEAR = Terms(date(2021, 7, 1), date(2022, 6, 30), "fixed_date_pboc_mid", date(2022, 6, 30))


def bill(**changes):
    fields = {
        "currency": "CNY",
        "gross": Decimal("10600.00"),
        "tax": Decimal("600.00"),
        "invoice_date": date(2021, 9, 1),
        "service_from": date(2021, 9, 1),
        "service_to": date(2021, 9, 30),
        "payments": (Paid(date(2021, 9, 5), Decimal("10600.00")),),
    }
    return Bill(**fields | changes)


def eligible(found_bill, terms=YEAR, rates=None, **more):
    return reckon_eligible(bill=found_bill, terms=terms, rates=rates or {}, **more)


def test_bill_counts_net_of_tax():
    found = eligible(bill())
    assert (found.amount, found.reasons) == (Decimal("10000.00"), ())


def test_call_that_says_gross_takes_the_total():
    terms = Terms(YEAR.cost_from, YEAR.cost_to, YEAR.fx_rule, YEAR.fx_date, basis="gross")
    assert eligible(bill(), terms).amount == Decimal("10600.00")


def test_three_years_paid_ahead_count_for_the_days_in_the_window():
    # 1 July 2021 to 30 June 2024 is 1096 days (2024 is a leap year), 365 of them in the window:
    # 36,000 x 365 / 1096 = 11,989.0510...
    found = eligible(
        bill(
            gross=Decimal(36_000),
            tax=Decimal(0),
            invoice_date=date(2021, 7, 1),
            service_from=date(2021, 7, 1),
            service_to=date(2024, 6, 30),
            payments=(Paid(date(2021, 7, 1), Decimal(36_000)),),
        )
    )
    assert (found.amount, found.reasons) == (Decimal("11989.05"), ("service_outside",))


def test_third_of_a_sum_is_exact():
    found = eligible(
        bill(
            gross=Decimal(300),
            tax=Decimal(0),
            service_from=date(2022, 6, 30),
            service_to=date(2022, 7, 2),
            payments=(Paid(date(2022, 6, 30), Decimal(300)),),
        )
    )
    assert found.amount == Decimal("100.00")


@pytest.mark.parametrize(
    ("changes", "amount", "reasons"),
    [
        ({"service_from": None}, 0, ("no_period",)),
        ({"invoice_date": date(2022, 7, 1)}, 0, ("invoice_outside",)),
        ({"invoice_date": date(2022, 6, 30)}, 10_000, ()),
        ({"payments": ()}, 0, ("not_paid",)),
        ({"payments": (Paid(date(2022, 7, 1), Decimal(10_600)),)}, 0, ("not_paid",)),
        ({"payments": (Paid(date(2021, 9, 5), Decimal(5_300)),)}, 5_000, ("not_paid",)),
        ({"credited": Decimal(1_060), "credited_tax": Decimal(60)}, 9_000, ()),
    ],
)
def test_what_lowers_it(changes, amount, reasons):
    found = eligible(bill(**changes))
    assert (found.amount, found.reasons) == (Decimal(amount), reasons)


DOLLARS = {"currency": "USD", "gross": Decimal("1234.56"), "tax": Decimal(0)}
RATES = {
    date(2021, 9, 1): Decimal("6.4680"),
    date(2021, 9, 5): Decimal("6.4500"),
    date(2021, 10, 8): Decimal("6.4604"),
    date(2022, 6, 30): Decimal("6.7114"),
}


@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        ("fixed_date_pboc_mid", "8285.62"),  # 1234.56 x 6.7114 = 8285.6259...
        ("invoice_date", "7985.13"),  # x 6.4680 = 7985.1340...
        ("payment_date_pboc_mid", "7969.33"),  # (617.28 x 6.4500 + 617.28 x 6.4604) = 7969.3318...
        ("month_first_workday", "7985.13"),
        ("period_average", "8052.35"),  # x (6.4680 + 6.4500 + 6.4604 + 6.7114) / 4 = x 6.52245 = 8052.3558...
        ("actual_bank_settlement", "8000.00"),
    ],
)
def test_foreign_bill_is_converted_by_the_calls_rule(rule, amount):
    payments = (
        Paid(date(2021, 9, 5), Decimal("617.28"), Decimal(4_000)),
        Paid(date(2021, 10, 8), Decimal("617.28"), Decimal(4_000)),
    )
    terms = Terms(YEAR.cost_from, YEAR.cost_to, rule, YEAR.fx_date)
    found = eligible(bill(**DOLLARS, payments=payments), terms, RATES)
    assert found.amount == Decimal(amount)


def test_without_the_rate_nothing_counts_and_it_is_said():
    found = eligible(bill(**DOLLARS), rates={date(2022, 6, 29): Decimal("6.7000")})
    assert (found.amount, found.reasons[-1]) == (0, "rate_missing")


def test_shared_bill_counts_in_part():
    assert eligible(bill(), percent=Decimal(60)).amount == Decimal("6000.00")
