"""The lowest price of the 30 days before a reduction: ten histories worked out by hand (Directive 98/6/EC, Art. 6a)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storefront.markets.price_history import (
    Change,
    Period,
    due_changes,
    find_reduction,
    lowest_price_before_reduction,
    price_at,
)

DAY_0 = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAY_0 + timedelta(days=number)


def change(number: float, amount: str | None, is_reduction: bool = False) -> Change:
    return Change(day(number), Decimal(amount) if amount is not None else None, is_reduction)


@dataclass(frozen=True)
class History:
    """Changes as (day, price, announced), the day shoppers look, and what the reduction must be measured by."""

    name: str
    changes: list[tuple]
    looked_at: float
    began: float | None
    reference: str | None


HISTORIES = [
    # One price, then a sale: the price before the sale, never the sale's own 80.
    History("plain sale", [(0, "100"), (60, "80", True)], 61, 60, "100"),
    # The window opens on day 70. The 90 of day 20 was still in force then, although it is older than 30 days.
    History(
        "older price still in force at opening",
        [(0, "70"), (20, "90"), (80, "95"), (100, "85", True)],
        101,
        100,
        "90",
    ),
    # The 70 ended on day 60, before the window [70, 100) opened: it does not count.
    History(
        "price that ended before the window", [(0, "70"), (60, "100"), (100, "80", True)], 101, 100, "100"
    ),
    # The 70 ended on day 71, inside the window: it counts, and the "reduction" to 80 is none.
    History(
        "price that ended inside the window", [(0, "70"), (71, "100"), (100, "80", True)], 101, 100, "70"
    ),
    # A sale ten days before counts as a price applied: raising the price for ten days does not help.
    History(
        "earlier sale in the window",
        [(0, "100"), (80, "75", True), (90, "100"), (100, "80", True)],
        101,
        100,
        "75",
    ),
    # Raised just before the sale: the lower price before counts.
    History("raised before the sale", [(0, "100"), (95, "130"), (100, "110", True)], 101, 100, "100"),
    # Step by step without interruption (Art. 6a(5)): the price before the first step.
    History("progressive", [(0, "100"), (50, "90", True), (55, "80", True), (60, "70", True)], 61, 50, "100"),
    # Up again while announced: no longer growing; a new reduction begins on day 55 and 80 counts.
    History("announced price rises", [(0, "100"), (50, "80", True), (55, "90", True)], 56, 55, "80"),
    # On sale for 12 days only: the lowest since it was first offered (Art. 6a(4)).
    History("new product", [(0, "50"), (5, "45"), (12, "40", True)], 12, 12, "45"),
    # Announced on the first day: nothing to measure it by.
    History("reduced from the start", [(0, "40", True)], 3, 0, None),
    # Not offered from day 10 to 95; offered again at 100 for five days.
    History("pause in the offer", [(0, "60"), (10, None), (95, "100"), (100, "80", True)], 101, 100, "100"),
    # The sale is over.
    History("ended sale", [(0, "100"), (50, "80", True), (60, "100")], 61, None, None),
]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_a_reduction_is_measured_by_the_lowest_price_of_the_30_days_before_it(history):
    changes = [change(*entry) for entry in history.changes]
    reduction = find_reduction(changes, at=day(history.looked_at))
    if history.began is None:
        assert reduction is None
        return
    assert reduction.began == day(history.began)
    assert reduction.reference == (Decimal(history.reference) if history.reference else None)
    assert lowest_price_before_reduction(changes, reduction_began=day(history.began)) == reduction.reference


def test_the_order_in_which_changes_are_given_does_not_matter():
    changes = [change(60, "80", True), change(0, "100"), change(40, "90")]
    assert lowest_price_before_reduction(changes, reduction_began=day(60)) == Decimal(90)


def test_a_price_replaced_at_the_very_opening_of_the_window_does_not_count():
    changes = [change(0, "70"), change(30, "100"), change(60, "80", True)]
    assert lowest_price_before_reduction(changes, reduction_began=day(60)) == Decimal(100)


def test_later_changes_do_not_alter_the_reference():
    changes = [change(0, "100"), change(60, "80", True), change(70, "10")]
    assert find_reduction(changes, at=day(61)).reference == Decimal(100)


BASE = Period(day(0), None, Decimal(100))
SALE = Period(day(10), day(20), Decimal(80), is_reduction=True, is_temporary=True)


@pytest.mark.parametrize(("number", "amount"), [(0, 100), (9.99, 100), (10, 80), (19.99, 80), (20, 100)])
def test_a_temporary_price_lies_over_the_lasting_one(number, amount):
    assert price_at([SALE, BASE], at=day(number)).amount == amount


def test_a_lasting_price_set_during_a_sale_waits_for_its_end():
    later = Period(day(12), None, Decimal(95))
    base = Period(day(0), day(12), Decimal(100))
    assert [(c.at, c.amount) for c in due_changes([base, SALE, later], after=None, until=day(30))] == [
        (day(0), 100),
        (day(10), 80),
        (day(20), 95),
    ]


def test_the_clock_makes_changes_once():
    assert due_changes([BASE, SALE], after=day(0), until=day(25)) == [
        Change(day(10), Decimal(80), True),
        Change(day(20), Decimal(100), False),
    ]
    assert due_changes([BASE, SALE], after=day(20), until=day(25)) == []


def test_a_price_that_ends_without_another_leaves_no_price():
    assert due_changes([Period(day(0), day(5), Decimal(9))], after=day(0), until=day(6)) == [
        Change(day(5), None)
    ]
