"""The figures, worked out by hand, and the verdict on each."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from storefront.subsidies.eligibility import (
    FIXED_DATE,
    INVOICE_DATE,
    MONTH_FIRST,
    PAYMENT_DATE,
    PERIOD_AVERAGE,
)
from storefront.subsidies.facts.shapes import MoneyBack, SaleFact
from storefront.subsidies.facts.windows import Window
from storefront.subsidies.kpi.amounts import Exchange, SalesTerms, count_sale
from storefront.subsidies.kpi.formulas import FORMULAS
from storefront.subsidies.kpi.measures import measure, measure_all, measure_code
from storefront.subsidies.kpi.verdicts import gap_of, judge
from storefront.subsidies.models import Ownership, Site
from storefront.subsidies.services.marks import set_own_brand
from storefront.subsidies.services.projects import attach_document
from storefront.subsidies.services.rates import enter_rate
from storefront.subsidies.words import all_words
from tests.subsidies.sales import sell

YEAR = Window(date(2021, 7, 1), date(2022, 6, 30))
NOON = datetime(2021, 9, 1, 4, 0, tzinfo=UTC)


def sale(captured="119.00", total="119.00", net="100.00", delivery="10.00", currency="EUR", back=(), at=NOON):
    money = {"captured": captured, "total": total, "total_net": net, "delivery_net": delivery}
    return SaleFact(
        key=1,
        number="T-1",
        paid_at=at,
        currency=currency,
        **{name: Decimal(value) for name, value in money.items()},
        country="DE",
        buyer="b",
        address="a",
        is_shipped=True,
        tracking="1Z",
        is_delivered=True,
        back=tuple(MoneyBack("refund", moment, Decimal(amount)) for moment, amount in back),
    )


def counted(fact, rates=None, **terms):
    terms = SalesTerms(
        window=YEAR, fx_date=date(2022, 6, 30), **{"unit": "EUR", "fx_rule": FIXED_DATE} | terms
    )
    return count_sale(sale=fact, terms=terms, exchange=Exchange(terms, rates or {}))


def test_every_formula_has_a_name_in_both_languages():
    assert sorted(FORMULAS) == [f"K{number:02d}" for number in range(1, 24)]
    assert all(all_words()[f"kpi.{code}"].keys() == {"zh", "en"} for code in FORMULAS)


def test_four_ways_of_counting_each_at_most_the_one_before():
    found = counted(sale(back=[(NOON, "19.00")]))
    # 100.00 left; without tax 100 x 100/119 = 84.0336...; without delivery 100 x 90/119 = 75.6302...
    assert (found.gross, found.net, found.ex_tax, found.ex_delivery) == tuple(
        map(Decimal, ("119.00", "100.00", "84.03", "75.63"))
    )


def test_part_paid_by_gift_card_was_not_captured():
    found = counted(sale(captured="59.50"))
    assert (found.gross, found.ex_tax, found.ex_delivery) == tuple(map(Decimal, ("59.50", "50.00", "45.00")))


RATES = {
    "EUR": {
        date(2021, 9, 1): Decimal("7.6300"),
        date(2021, 9, 2): Decimal("7.6400"),
        date(2022, 6, 30): Decimal("7.0084"),
        date(2022, 7, 1): Decimal("9.0000"),
    },
    "USD": {
        date(2021, 9, 1): Decimal("6.4680"),
        date(2021, 9, 2): Decimal("6.4594"),
        date(2022, 6, 30): Decimal("6.7114"),
        date(2022, 7, 1): Decimal("9.0000"),
    },
}


@pytest.mark.parametrize(
    ("rule", "unit", "expected"),
    [
        (FIXED_DATE, "CNY", "833.99"),  # 119 x 7.0084 = 833.9996
        (FIXED_DATE, "USD", "124.26"),  # 119 x 7.0084 / 6.7114 = 124.2661...
        (PAYMENT_DATE, "USD", "140.37"),  # 119 x 7.6300 / 6.4680 = 140.3788...
        (INVOICE_DATE, "CNY", "907.97"),  # 119 x 7.6300
        (MONTH_FIRST, "CNY", "907.97"),
        (PERIOD_AVERAGE, "CNY", "883.70"),  # x (7.6300 + 7.6400 + 7.0084) / 3 = x 7.42613... = 883.7099...
    ],
)
def test_sale_is_converted_by_the_calls_rule(rule, unit, expected):
    assert counted(sale(), RATES, fx_rule=rule, unit=unit).gross == Decimal(expected)


def test_sale_in_the_calls_own_currency_needs_no_rate():
    assert counted(sale(currency="USD"), unit="USD").gross == Decimal("119.00")


def test_without_the_rate_the_order_is_left_out_and_says_so():
    found = counted(sale(), {"EUR": RATES["EUR"]}, unit="USD")
    assert (found.excluded_as, found.gross) == ("no_rate", 0)


NEXT_WINDOW = datetime(2022, 7, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "moment", "net"),
    [
        ("order", NEXT_WINDOW, "100.00"),  # lowers the order it belongs to
        ("refund_date", NEXT_WINDOW, "119.00"),  # lowers the window in which it was made
        ("refund_date", NOON, "100.00"),
    ],
)
def test_refund_in_the_next_window_goes_by_the_calls_rule(policy, moment, net):
    assert counted(sale(back=[(moment, "19.00")]), refunds=policy).net == Decimal(net)


def test_order_refunded_in_full_does_not_count():
    found = counted(sale(back=[(NEXT_WINDOW, "119.00")]))
    assert (found.excluded_as, found.gross) == ("refunded", 0)


@pytest.mark.parametrize(
    ("value", "sign", "threshold", "verdict", "gap"),
    [
        ("300000", ">=", "300000", "met", "0"),
        ("299999.99", ">=", "300000", "near", "0.01"),
        ("270000", ">=", "300000", "near", "30000"),
        ("269999.99", ">=", "300000", "missed", "30000.01"),
        ("300000", ">", "300000", "near", "0"),
        ("5", "<=", "5", "met", "0"),
        ("5.5", "<=", "5", "near", "0.5"),
        ("6", "<=", "5", "missed", "1"),
    ],
)
def test_verdict_and_gap(value, sign, threshold, verdict, gap):
    given = {"value": Decimal(value), "sign": sign, "threshold": Decimal(threshold)}
    assert (judge(**given), gap_of(**given)) == (verdict, Decimal(gap))


def test_what_meets_its_threshold_without_proof_is_not_met():
    given = {"value": date(2019, 11, 3), "sign": "<", "threshold": date(2020, 1, 1)}
    assert (judge(**given), judge(**given, is_proven=False)) == ("met", "unproven")


@pytest.fixture
def sales(db):
    """Sell 12,000 dollars in September and 100 euros in June to known buyers, and some that do not count."""
    sell(
        at="2021-09-01T10:00:00+08:00", amount="8000.00", email="ann@mail.test", goods=(("Zellumo", "6000"),)
    )
    sell(at="2021-09-30T23:59:59+08:00", amount="4000.00", email="ann@mail.test", goods=(("Other", "2000"),))
    sell(at="2022-06-30T23:59:59+08:00", amount="100.00", currency="EUR", country="DE", email="bob@mail.test")
    sell(at="2022-07-01T00:00:00+08:00", amount="7777.00")
    sell(at="2022-01-01T00:00:00+08:00", amount="5555.00", is_live=False)


@pytest.fixture
def rates(people, now):
    for currency, rate in (("EUR", "7.0084"), ("USD", "6.7114")):
        enter_rate(
            currency=currency,
            day=date(2022, 6, 30),
            cny_per_unit=Decimal(rate),
            source="PBoC",
            by=people["finance"],
            now=now,
        )


def reckon(project, code, now, **more):
    return measure_code(project=project, code=code, as_of=now, **more)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("K01", "1008.70"),  # 12,104.42 / 12 = 1,008.7016...
        ("K02", "0.00"),
        ("K03", "12104.42"),  # 12,000 + 100 x 7.0084 / 6.7114 = 104.4253...
        ("K06", "3"),
        ("K07", "2"),
        ("K08", "50.00"),
        ("K09", "4034.80"),  # 12,104.42 / 3 = 4,034.8066...
        ("K10", "2"),
        ("K11", "99.13"),  # 12,000 / 12,104.42 = 99.1373... %
        ("K12", "2"),
        ("K13", "0"),
        ("K15", "0"),
        ("K18", "0"),
    ],
)
def test_figure_by_hand(code, value, project, sales, rates, now):
    assert reckon(project, code, now).value == Decimal(value)


def test_months_are_side_by_side_with_empty_ones(project, sales, rates, now):
    found = reckon(project, "K01", now)
    assert len(found.months) == 12
    assert {month: value for month, value in found.months.items() if value} == {
        "2021-09": Decimal("12000.00"),
        "2022-06": Decimal("104.42"),
    }
    assert found.excluded == {"test": 1}


def test_missing_rate_lowers_the_figure_and_is_noted(project, sales, now):
    found = reckon(project, "K03", now)
    assert (found.value, found.excluded["no_rate"]) == (Decimal("12000.00"), 1)
    assert "1 order(s)" in found.notes[0]


def test_rows_add_up_to_the_figure(project, sales, rates, now):
    found = reckon(project, "K03", now)
    rows = [dict(zip(found.header, row, strict=True)) for row in found.rows()]
    assert sum(Decimal(row["net_in_unit"]) for row in rows) == found.value
    assert [row["excluded_as"] for row in rows] == ["", "", "test", ""]


def test_growth_is_over_the_same_days_a_year_earlier(project, sales, rates, now):
    sell(at="2020-09-01T10:00:00+08:00", amount="10000.00")
    assert reckon(project, "K22", now).value == Decimal("21.04")  # 12,104.42 / 10,000


def test_growth_over_nothing_is_unknown(project, sales, rates, now):
    assert reckon(project, "K22", now).value is None


def test_country_sold_to_before_is_not_new(project, sales, rates, now):
    sell(at="2020-09-01T10:00:00+08:00", country="DE")
    assert reckon(project, "K12", now).value == 1


def test_brand_counts_with_its_trademark_alone(project, sales, paper, people, now):
    entry = {"group": "zellumo", "name": "zellumo", "owned_from": date(2019, 1, 1), "by": people["owner"]}
    set_own_brand(**entry, trademark=None, now=now)
    unproven = reckon(project, "K05", now)
    assert (unproven.value, bool(unproven.needs)) == (0, True)
    set_own_brand(**entry, trademark=paper("Trademark", kind="trademark"), now=now)
    assert (reckon(project, "K05", now).value, reckon(project, "K05", now).needs) == (Decimal("75.00"), ())


def test_brand_counts_from_the_day_it_is_owned(project, sales, paper, people, now):
    set_own_brand(
        group="zellumo",
        name="Zellumo",
        owned_from=date(2021, 9, 2),
        trademark=paper("Trademark"),
        by=people["owner"],
        now=now,
    )
    assert reckon(project, "K05", now).value == 0


def test_spend_is_at_most_what_is_eligible(project, enter, now):
    enter()
    assert (reckon(project, "K20", now).value, reckon(project, "K20", now).unit) == (
        Decimal("10000.00"),
        "CNY",
    )


def test_control_goes_along_proven_links_alone(project, entity, paper, now):
    from storefront.subsidies.models import LegalEntity

    assert reckon(project, "K21", now).value == 100
    affiliate = LegalEntity.objects.create(name_zh="香港", registration_number="HK1", group="zellumo")
    Site.objects.filter(pk=project.site_id).update(owner=affiliate)
    project.refresh_from_db()
    link = Ownership.objects.create(parent=entity, child=affiliate, percent=60, valid_from=date(2019, 1, 1))
    assert (reckon(project, "K21", now).value, len(reckon(project, "K21", now).needs)) == (0, 1)
    link.evidence = paper("Register")
    link.save()
    assert (reckon(project, "K21", now).value, reckon(project, "K21", now).needs) == (60, ())


def test_launch_is_the_first_order_until_a_paper_proves_more(project, sales, paper, people, now):
    found = reckon(project, "K04", now)
    assert (found.value, len(found.needs)) == (date(2021, 9, 1), 1)
    attach_document(
        project=project,
        requirement=project.call.documents.get(code="operation"),
        version=paper("Traffic"),
        by=people["owner"],
        now=now,
    )
    assert (reckon(project, "K04", now).value, reckon(project, "K04", now).needs) == (date(2019, 11, 3), ())


def test_conditions_of_a_call_are_judged_in_its_order(project, sales, rates, now):
    found = measure_all(project=project, as_of=now)
    assert [(code, one.verdict) for code, one in found.items()] == [
        ("live", "missed"),
        ("sales", "missed"),
        ("domain", "met"),
        ("brand", "missed"),
    ]
    criterion = project.call.criteria.get(code="sales")
    one = measure(project=project, criterion=criterion, as_of=now)
    assert (one.value, one.gap, one.unit) == (Decimal("1008.70"), Decimal("298991.30"), "USD")


def test_attested_condition_has_no_figure(project, now):
    with pytest.raises(ValueError, match="attested"):
        measure(project=project, criterion=project.call.criteria.get(code="once"), as_of=now)


@pytest.mark.parametrize("code", ["K16", "K17", "K19"])
def test_what_the_shop_cannot_know_says_which_paper_is_needed(code, project, now):
    found = reckon(project, code, now)
    assert found.value is None
    assert len(found.needs[0]) > 20
