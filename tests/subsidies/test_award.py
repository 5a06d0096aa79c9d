"""The study's sums, to the yuan."""

from decimal import Decimal

import pytest

from storefront.subsidies.award import reckon_award, round_down

SPENT = Decimal("612345.67")


def award(call, *, rounding="", eligible=None, **facts):
    return reckon_award(
        rules=call.award,
        rounding=rounding or call.rounding,
        eligible=eligible or {"site": SPENT},
        kpis={},
        **facts,
    ).amount


def with_sales(call, sales, rounding):
    return reckon_award(
        rules=call.award, rounding=rounding, eligible={"site": SPENT}, kpis={"K03": Decimal(sales)}
    )


def test_zhongshan_above_the_step_is_capped(calls):
    found = with_sales(calls["cn-zs-2022-dlz"], "812400", "floor_10000")
    assert found.steps[0] == ("share", Decimal("306172.8350"))
    assert found.amount == Decimal(300_000)


@pytest.mark.parametrize(
    ("sales", "rounding", "amount"),
    [
        ("749999.99", "cent", "183703.70"),
        ("749999.99", "floor_10000", "180000"),
        ("750000.00", "cent", "300000"),
    ],
)
def test_zhongshan_at_the_step(calls, sales, rounding, amount):
    assert with_sales(calls["cn-zs-2022-dlz"], sales, rounding).amount == Decimal(amount)


def test_shenzhen_pays_no_more_than_was_spent_in_ten_thousands(calls):
    assert award(calls["cn-sz-2022-dlz"]) == Decimal(610_000)


@pytest.mark.parametrize(("earlier", "amount"), [(0, 2_000_000), (1, 500_000), (2, 0)])
def test_shenzhen_pays_less_the_second_time(calls, earlier, amount):
    found = award(calls["cn-sz-2022-dlz"], eligible={"site": Decimal(3_000_000)}, earlier_awards=earlier)
    assert found == Decimal(amount)


@pytest.mark.parametrize(
    ("score", "amount"),
    [
        ("129.9", 0),
        ("130", 250_000),
        ("140", 500_000),
        ("179.9", 1_000_000),
        ("180", 1_500_000),
        ("200", 2_000_000),
    ],
)
def test_dongguan_pays_by_the_band(calls, score, amount):
    assert award(calls["cn-dg-2024-score"], score=Decimal(score)) == Decimal(amount)


def test_dongguan_pays_the_difference_to_a_higher_band(calls):
    found = award(calls["cn-dg-2024-score"], score=Decimal(165), paid_before=Decimal(250_000))
    assert found == Decimal(750_000)


def test_qingdao_is_capped(calls):
    assert award(calls["cn-qd-2023-dlz"]) == Decimal(100_000)


def test_turnover_pays_one_per_cent_up_to_the_cap():
    rules = {"method": "per_unit", "kpi": "K03", "ratio": "0.01", "cap": "5000000"}
    found = reckon_award(rules=rules, rounding="cent", eligible={}, kpis={"K03": Decimal("5234567.89")})
    assert found.amount == Decimal("52345.67")


def test_call_that_names_no_sum_is_not_guessed(calls):
    call = calls["cn-dg-2022-dlz"]
    assert reckon_award(rules=call.award, rounding=call.rounding, eligible={}, kpis={}) is None


def test_money_is_cut_never_rounded_up():
    assert round_down(amount=Decimal("19999.99"), rounding="floor_10000") == Decimal(10_000)
