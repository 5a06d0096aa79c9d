"""Prices and their history: written together, exactly once, never changed afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.markets.errors import PriceRefused
from storefront.markets.models import MarketPrice, PriceChange
from storefront.markets.selectors.prices import prices_for
from storefront.markets.services.price_book import PriceToSet
from storefront.markets.services.prices import (
    end_price,
    end_temporary_price,
    record_due_changes,
    set_price,
    set_prices,
    withdraw_price,
)

DAY = timedelta(days=1)


def history(product):
    rows = PriceChange.objects.filter(product=product).order_by("at")
    return [(row.amount, row.is_reduction, row.at) for row in rows]


def price_of(product, market, now):
    return prices_for(product_ids=[product.pk], market=market, now=now).get(product.pk)


def test_a_price_and_its_history_are_written_together(product, de, now):
    assert set_price(product=product, market=de, amount=Decimal("19.99"), source="import", now=now)
    change = PriceChange.objects.get()
    assert (change.amount, change.currency, change.at, change.source) == (
        Decimal("19.99"),
        "EUR",
        now,
        "import",
    )
    assert change.product_reference == f"{product.upc} #{product.pk}"
    assert str(price_of(product, de, now).amount) == "19.99"


def test_the_same_price_set_again_writes_nothing(product, de, now):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=now)
    assert not set_price(product=product, market=de, amount=Decimal("19.990"), now=now)
    assert not set_price(product=product, market=de, amount=Decimal("19.99"), now=now + DAY)
    assert MarketPrice.objects.count() == PriceChange.objects.count() == 1


def test_another_price_ends_the_one_before(product, de, now):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=now)
    set_price(product=product, market=de, amount=Decimal("24.99"), now=now + DAY)
    first, second = MarketPrice.objects.order_by("valid_from")
    assert (first.valid_until, second.valid_until) == (now + DAY, None)
    assert history(product) == [(Decimal("19.99"), False, now), (Decimal("24.99"), False, now + DAY)]


def test_markets_have_their_own_prices(product, markets, now):
    set_price(product=product, market=markets["de"], amount=Decimal("19.99"), now=now)
    set_price(product=product, market=markets["jp"], amount=Decimal("2980"), now=now)
    assert price_of(product, markets["us"], now) is None
    assert str(price_of(product, markets["jp"], now).amount) == "2980"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": Decimal("-1")}, "less than zero"),
        ({"amount": Decimal("1.999")}, "fewer decimal places"),
        ({"list_price": Decimal("9.99")}, "must be higher"),
        ({"valid_from": -DAY}, "in the past"),
        ({"valid_until": timedelta(0)}, "end after it begins"),
    ],
)
def test_a_price_that_cannot_be_is_refused_and_nothing_is_written(product, de, now, change, words):
    moments = {name: now + value for name, value in change.items() if isinstance(value, timedelta)}
    facts = {"amount": Decimal("9.99"), **change, **moments}
    with pytest.raises(PriceRefused, match=words):
        set_price(product=product, market=de, now=now, **facts)
    assert not MarketPrice.objects.exists()
    assert not PriceChange.objects.exists()


def test_one_bad_row_refuses_the_whole_import(make_products, de, now):
    good, bad = make_products(2)
    rows = [PriceToSet(good.pk, de, Decimal("5.00")), PriceToSet(bad.pk, de, Decimal("5.001"))]
    with pytest.raises(PriceRefused, match=f"Product {bad.pk}"):
        set_prices(rows, now=now)
    assert not MarketPrice.objects.exists()


def test_two_prices_for_one_product_in_one_file_are_refused(product, de, now):
    rows = [PriceToSet(product.pk, de, Decimal("5.00")), PriceToSet(product.pk, de, Decimal("6.00"))]
    with pytest.raises(PriceRefused, match="two prices"):
        set_prices(rows, now=now)


def test_history_can_be_neither_changed_nor_deleted(product, de, now):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=now)
    change = PriceChange.objects.get()
    change.amount = Decimal("1.00")
    for attempt in (change.save, change.delete, PriceChange.objects.all().delete):
        with pytest.raises(PriceRefused):
            attempt()
    with pytest.raises(PriceRefused):
        PriceChange.objects.update(amount=1)
    assert PriceChange.objects.get().amount == Decimal("19.99")


def test_the_database_itself_refuses_to_change_history(product, de, now):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=now)
    with (
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE markets_pricechange SET amount = 1")
    assert PriceChange.objects.get().amount == Decimal("19.99")


def test_history_outlives_its_product(product, de, now):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=now)
    reference = f"{product.upc} #{product.pk}"
    product.delete()
    change = PriceChange.objects.get()
    assert (change.product_id, change.product_reference, change.amount) == (None, reference, Decimal("19.99"))


def test_an_announced_reduction_is_measured_by_the_lowest_price_before_it(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    set_price(product=product, market=de, amount=Decimal("25.00"), now=now + 50 * DAY)
    set_price(
        product=product, market=de, amount=Decimal("18.00"), list_price=Decimal("25.00"), now=now + 60 * DAY
    )
    found = price_of(product, de, now + 61 * DAY)
    assert (found.amount, found.list_price, found.reference) == (18, 25, 20)


def test_a_temporary_price_ends_by_the_clock_and_is_recorded_once(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    sale = {"amount": Decimal("15.00"), "list_price": Decimal("20.00")}
    set_price(
        product=product, market=de, valid_from=now + 5 * DAY, valid_until=now + 8 * DAY, now=now, **sale
    )
    assert price_of(product, de, now + 4 * DAY).amount == 20
    during = price_of(product, de, now + 6 * DAY)
    assert (during.amount, during.reference) == (15, 20)
    assert price_of(product, de, now + 8 * DAY).list_price is None
    assert record_due_changes(now=now + 9 * DAY) == 2
    assert record_due_changes(now=now + 9 * DAY) == 0
    assert history(product) == [(20, False, now), (15, True, now + 5 * DAY), (20, False, now + 8 * DAY)]


def test_setting_a_price_records_first_what_the_clock_has_done(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    set_price(product=product, market=de, amount=Decimal("15.00"), valid_until=now + 3 * DAY, now=now + DAY)
    set_price(product=product, market=de, amount=Decimal("22.00"), now=now + 9 * DAY)
    assert [(amount, at - now) for amount, _, at in history(product)] == [
        (20, 0 * DAY),
        (15, DAY),
        (20, 3 * DAY),
        (22, 9 * DAY),
    ]


def test_a_daily_import_does_not_end_a_sale(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    set_price(product=product, market=de, amount=Decimal("15.00"), valid_until=now + 9 * DAY, now=now + DAY)
    assert not set_price(product=product, market=de, amount=Decimal("20.00"), now=now + 2 * DAY)
    assert set_price(product=product, market=de, amount=Decimal("21.00"), now=now + 3 * DAY)
    assert price_of(product, de, now + 4 * DAY).amount == 15
    assert price_of(product, de, now + 9 * DAY).amount == 21


def test_a_sale_not_begun_can_be_changed_and_removed(product, de, now):
    later = {"valid_from": now + 5 * DAY, "valid_until": now + 8 * DAY}
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    set_price(product=product, market=de, amount=Decimal("15.00"), now=now, **later)
    assert set_price(product=product, market=de, amount=Decimal("14.00"), now=now + DAY, **later)
    assert price_of(product, de, now + 6 * DAY).amount == 14
    end_price(price=MarketPrice.objects.get(is_temporary=True), now=now + DAY)
    assert price_of(product, de, now + 6 * DAY).amount == 20


def test_a_sale_can_be_ended_early(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    set_price(product=product, market=de, amount=Decimal("15.00"), valid_until=now + 9 * DAY, now=now + DAY)
    assert end_temporary_price(product=product, market=de, now=now + 2 * DAY)
    assert not end_temporary_price(product=product, market=de, now=now + 3 * DAY)
    assert history(product)[-1] == (20, False, now + 2 * DAY)


def test_a_withdrawn_price_leaves_the_product_without_one(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    assert withdraw_price(product=product, market=de, now=now + DAY)
    assert not withdraw_price(product=product, market=de, now=now + 2 * DAY)
    assert price_of(product, de, now + DAY) is None
    assert history(product)[-1] == (None, False, now + DAY)


def test_two_prices_at_the_very_same_moment_are_refused(product, de, now):
    set_price(product=product, market=de, amount=Decimal("20.00"), now=now)
    with pytest.raises(PriceRefused, match="very same moment"):
        set_price(product=product, market=de, amount=Decimal("21.00"), now=now)


def _queries(action):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    return len(captured)


def test_setting_prices_takes_the_same_queries_for_2_and_for_20(make_products, de, now):
    products = make_products(22)
    counts = []
    for group in (products[:2], products[2:]):
        for step, amount in enumerate(["20.00", "18.00"]):
            rows = [PriceToSet(product.pk, de, Decimal(amount)) for product in group]
            counts.append(_queries(lambda rows=rows, step=step: set_prices(rows, now=now + step * DAY)))
    assert counts[:2] == counts[2:]
    assert PriceChange.objects.count() == 44


def test_reading_prices_takes_the_same_queries_for_2_and_for_20(make_products, de, now):
    products = make_products(20)
    set_prices([PriceToSet(p.pk, de, Decimal("20.00")) for p in products], now=now)
    set_prices([PriceToSet(p.pk, de, Decimal("15.00"), Decimal("20.00")) for p in products], now=now + DAY)
    counts = [
        _queries(lambda ids=ids: prices_for(product_ids=ids, market=de, now=now + 2 * DAY))
        for ids in ([p.pk for p in products[:2]], [p.pk for p in products])
    ]
    assert counts == [2, 2]
