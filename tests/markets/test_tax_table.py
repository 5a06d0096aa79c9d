"""The tax table: every row of the matrix, what is refused, and the rates themselves."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from storefront.markets.errors import SalesTaxUnavailable, TaxRateMissing
from storefront.markets.tax.assessment import Destination, TaxedLine, Treatment, discount_lines
from storefront.markets.tax.rates import load_rates
from storefront.markets.tax.table import TableTax
from tests.markets import cases
from tests.markets.cases import EUR, USD, line
from tests.markets.tax_matrix import MATRIX

DE, US_TX = Destination("DE"), Destination("US", "TX", "78701")
TABLE = TableTax(load_rates())


def figures(lines: tuple[TaxedLine, ...]) -> list[tuple[str, str, str, str]]:
    return [(str(part.net), str(part.tax), str(part.gross), str(part.rate)) for part in lines]


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: case.name)
def test_a_sale_is_taxed_as_the_law_says(case):
    assessment = TABLE.assess(
        lines=case.lines,
        delivery=case.delivery,
        pricing=case.pricing,
        seller=case.seller,
        destination=case.to,
        customer=case.customer,
        on=case.on,
    )
    assert figures(assessment.lines) == case.expected, case.source
    assert figures(assessment.delivery) == case.delivery_expected, case.source
    assert {part.treatment for part in assessment.all_lines} == {case.treatment}
    assert {part.reason for part in assessment.all_lines} == {case.reason}
    assert assessment.gross == sum(Decimal(part[2]) for part in case.expected + case.delivery_expected)


def assess(lines, *, seller=cases.GERMAN_OSS, to=DE, pricing=EUR, on=cases.TODAY, provider=TABLE):
    return provider.assess(
        lines=lines,
        delivery=None,
        pricing=pricing,
        seller=seller,
        destination=to,
        customer=cases.CONSUMER,
        on=on,
    )


def test_a_voucher_is_taken_off_every_line_before_tax():
    # 10.00 on 119.00 + 10.70: 9.17502… and 0.82497…, so 9.18 and 0.82; 109.82 × 19/119 = 17.53, 9.88 × 7/107 = 0.65.
    lines = discount_lines(
        lines=[line("119.00"), line("10.70", "books")], discount=Decimal("10.00"), currency="EUR"
    )
    assessment = assess(lines)
    assert figures(assessment.lines) == [("92.29", "17.53", "109.82", "19"), ("9.23", "0.65", "9.88", "7")]
    assert assessment.gross == Decimal("119.70")


def test_a_voucher_worth_more_than_the_goods_makes_them_free():
    lines = discount_lines(lines=[line("5.00"), line("7.00")], discount=Decimal("20.00"), currency="EUR")
    assert [str(part.amount) for part in lines] == ["0.00", "0.00"]


def test_net_prices_have_tax_added_once_per_line():
    # 3 lines of 0.13 at 10 %: 0.013 rounds to 0.01 on each, and the order to their sum, not to 0.04.
    seller = cases.JAPANESE_STOCK
    net = replace(USD, currency="USD")
    assessment = assess(
        [line("0.13", key=str(n)) for n in range(3)], seller=seller, to=Destination("JP"), pricing=net
    )
    assert (assessment.net, assessment.tax, assessment.gross) == (
        Decimal("0.39"),
        Decimal("0.03"),
        Decimal("0.42"),
    )


def test_sales_tax_with_nexus_is_another_providers_work():
    with pytest.raises(SalesTaxUnavailable, match="TAX_PROVIDER=stripe"):
        assess([line("100.00")], seller=cases.TEXAS_NEXUS, to=US_TX, pricing=USD)


def test_a_registration_counts_on_its_days_only():
    texas = cases.Registration("US", "TX", valid_from=date(2026, 1, 1), valid_until=date(2026, 7, 1))
    seller = cases.Seller("CN", "US", registrations=(texas,))
    for on, covers in [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 7, 1), False)]:
        assert seller.is_registered(country="US", region="TX", on=on) is covers


STANDARD_RATES_2026 = {
    "AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24", "ES": "21",
    "FI": "25.5", "FR": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17",
    "LV": "21", "MT": "18", "NL": "21", "PL": "23", "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
}  # fmt: skip


def test_the_standard_rates_are_those_of_all_27_member_states_in_2026():
    rates = load_rates()
    on = date(2026, 11, 22)
    states = [country for country, regime in rates.regimes.items() if regime == "eu_vat"]
    assert {
        country: str(rates.rate(country=country, tax_class="standard", on=on)) for country in states
    } == STANDARD_RATES_2026


@pytest.mark.parametrize(
    ("country", "last_day", "before", "after"),
    [
        ("EE", date(2025, 6, 30), "22", "24"),
        ("SK", date(2024, 12, 31), "20", "23"),
        ("RO", date(2025, 7, 31), "19", "21"),
        ("FI", date(2024, 8, 31), "24", "25.5"),
        ("CH", date(2023, 12, 31), "7.7", "8.1"),
    ],
)
def test_a_rate_changes_on_its_day(country, last_day, before, after):
    rates = load_rates()
    next_day = date.fromordinal(last_day.toordinal() + 1)
    assert str(rates.rate(country=country, tax_class="standard", on=last_day)) == before
    assert str(rates.rate(country=country, tax_class="standard", on=next_day)) == after


def test_no_reduced_rate_is_above_the_standard_one():
    rates = load_rates()
    for (country, tax_class), entries in rates.rates.items():
        for begins, percent in entries:
            assert percent <= rates.rate(country=country, tax_class="standard", on=begins), (
                country,
                tax_class,
            )


def test_a_day_before_the_table_begins_has_no_rate():
    with pytest.raises(TaxRateMissing, match="2020-01-01"):
        assess([line("119.00")], on=date(2020, 1, 1))


def test_lines_whose_parts_do_not_add_up_cannot_be_made():
    with pytest.raises(ValueError, match="is not"):
        TaxedLine("a", Decimal(1), Decimal(1), Decimal(3), Decimal(19), Treatment.DOMESTIC)
