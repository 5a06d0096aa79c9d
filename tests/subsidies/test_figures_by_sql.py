"""The figures against plain SQL written apart, in whole cents, over orders made at random: equal to the cent."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from storefront.subsidies.kpi.measures import measure_code
from storefront.subsidies.services.marks import mark_sales
from storefront.subsidies.services.rates import enter_rate
from tests.subsidies.sales import dispute, refund, sell

SEEDS = (1, 2, 3)
FIRST, LAST = datetime(2021, 6, 29, tzinfo=UTC), datetime(2022, 7, 2, tzinfo=UTC)

# Amounts in cents; EUR to USD by the parities of 30 June 2022 (7.0084 and 6.7114), in ten-thousandths of a yuan.
SQL = """
WITH back AS (
    SELECT payment_id, SUM(cents) AS cents FROM (
        SELECT payment_id, CAST(ROUND(amount * 100) AS INTEGER) AS cents FROM payments_refund
        WHERE state IN ('requested', 'pending', 'requires_action', 'succeeded')
        UNION ALL
        SELECT payment_id, CAST(ROUND(amount * 100) AS INTEGER) FROM payments_dispute
        WHERE status IN ('needs_response', 'under_review', 'lost')
    ) GROUP BY payment_id
), sold AS (
    SELECT p.id,
        strftime('%Y-%m', p.paid_at, '+8 hours') AS month,
        o.guest_email AS buyer,
        CAST(ROUND(p.amount * 100) AS INTEGER) AS captured,
        CAST(ROUND(p.amount * 100) AS INTEGER) - COALESCE(b.cents, 0) AS kept,
        CAST(ROUND(o.total_incl_tax * 100) AS INTEGER) AS total,
        CAST(ROUND(o.total_excl_tax * 100) AS INTEGER) AS net,
        CAST(ROUND(o.shipping_excl_tax * 100) AS INTEGER) AS delivery,
        CASE p.currency WHEN 'EUR' THEN 70084 ELSE 1 END AS times,
        CASE p.currency WHEN 'EUR' THEN 67114 ELSE 1 END AS by
    FROM payments_payment p
    JOIN order_order o ON o.id = p.order_id
    LEFT JOIN back b ON b.payment_id = p.id
    WHERE p.paid_at >= '2021-06-30 16:00:00' AND p.paid_at < '2022-06-30 16:00:00'
        AND p.is_live AND p.state = 'paid' AND o.status <> 'Cancelled' AND p.amount > 0
        AND o.guest_email NOT LIKE '%@marketplace.amazon.%'
        AND o.guest_email NOT LIKE '%@zellumo.example'
        AND o.guest_email NOT IN (SELECT email FROM accounts_user WHERE is_staff)
        AND p.currency IN ('USD', 'EUR')
), counted AS (
    SELECT month, buyer,
        captured * times / by AS gross,
        kept * times / by AS less,
        kept * net * times / (total * by) AS ex_tax,
        kept * (net - delivery) * times / (total * by) AS ex_delivery
    FROM sold WHERE kept > 0
)
"""


@pytest.fixture(params=SEEDS)
def shop(request, project, people, now):
    """Sell some two hundred orders of every kind, by a seed."""
    chance = random.Random(request.param)
    get_user_model().objects.create(email="clerk@example.test", is_staff=True)
    mark_sales(
        group="zellumo", field="domain", value="zellumo.example", reason="own", by=people["owner"], now=now
    )
    for currency, rate in (("EUR", "7.0084"), ("USD", "6.7114")):
        enter_rate(
            currency=currency,
            day=date(2022, 6, 30),
            cny_per_unit=Decimal(rate),
            source="PBoC",
            by=people["finance"],
            now=now,
        )
    for _ in range(200):
        _sell_something(chance)


def _sell_something(chance):
    total = chance.randint(500, 90_000)
    net = total * 100 // chance.choice((100, 107, 119))
    cents = {"amount": total, "net": net, "delivery": chance.choice((0, 0, net // 10))}
    emails = [f"buyer{chance.randint(1, 60)}@mail.test"] * 8
    emails += ["clerk@example.test", "x@marketplace.amazon.de", "boss@zellumo.example"]
    at = FIRST + timedelta(seconds=chance.randint(0, int((LAST - FIRST).total_seconds())))
    payment = sell(
        at=at,
        **{name: str(Decimal(value) / 100) for name, value in cents.items()},
        captured=chance.choice((None, None, None, str(Decimal(total // 2) / 100), "0")),
        currency=chance.choice(("USD", "USD", "EUR", "JPY")),
        email=chance.choice(emails),
        status=chance.choice(("Paid", "Shipped", "Shipped", "Cancelled")),
        state=chance.choice(("paid", "paid", "paid", "mismatch")),
        is_live=chance.random() > 0.1,
    )
    if payment.amount and chance.random() < 0.3:
        part = chance.choice((payment.amount, payment.amount / 2, payment.amount / 3))
        state = chance.choice(("succeeded", "pending", "failed"))
        refund(payment, at="2022-07-05T10:00:00+08:00", amount=str(round(part, 2)), state=state)
    if payment.amount and chance.random() < 0.1:
        dispute(
            payment, at="2022-08-01T10:00:00+08:00", status=chance.choice(("lost", "won", "under_review"))
        )


def ask(select):
    with connection.cursor() as cursor:
        cursor.execute(SQL + select)
        return cursor.fetchall()


def cents(value):
    return int(value * 100)


def test_figures_are_those_of_plain_sql_to_the_cent(shop, project, now):
    ((gross, net, ex_tax, ex_delivery, orders, buyers),) = ask(
        "SELECT SUM(gross), SUM(less), SUM(ex_tax), SUM(ex_delivery), COUNT(*), COUNT(DISTINCT buyer) FROM counted"
    )
    found = measure_code(project=project, code="K03", as_of=now)
    assert orders > 20
    assert {basis: cents(value) for basis, value in found.variants.items()} == {
        "gross": gross,
        "net": net,
        "ex_tax": ex_tax,
        "ex_delivery": ex_delivery,
    }
    figures = {
        code: measure_code(project=project, code=code, as_of=now).value
        for code in ("K01", "K06", "K07", "K09")
    }
    assert {code: cents(value) for code, value in figures.items()} == {
        "K01": net // 12,
        "K06": orders * 100,
        "K07": buyers * 100,
        "K09": net // orders,
    }


def test_months_are_those_of_plain_sql(shop, project, now):
    expected = dict(ask("SELECT month, SUM(less) FROM counted GROUP BY month"))
    found = measure_code(project=project, code="K01", as_of=now)
    assert {month: cents(value) for month, value in found.months.items() if value} == expected
