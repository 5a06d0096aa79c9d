"""What an order stores in each market: its lines, its delivery, its tax by rate, and the sum that is charged."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.markets.models import Market
from storefront.payments import gateway, stripe_intents
from storefront.payments.models import OrderTax, Payment
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Sale:
    """A basket in a market: goods as (price, quantity, tax class), and what comes of it."""

    name: str
    market: str
    goods: list[tuple[str, int, str]]
    lines: list[tuple[str, str, str]]  # net, gross, tax code
    delivery: tuple[str, str]
    total: tuple[str, str]
    rates: list[tuple[str, str]]  # rate, tax
    method: str = "standard"
    changes: dict[str, str] = field(default_factory=dict)


SALES = [
    Sale(
        "Germany, gross, delivery taxed as the goods",
        "de",
        [("20.00", 1, "")],
        [("16.81", "20.00", "DE-standard-19")],
        ("4.12", "4.90"),
        ("20.93", "24.90"),
        [("19", "3.97")],
    ),
    Sale(
        "Germany, one rounding per line, free delivery",
        "de",
        [("19.99", 3, "")],
        [("50.39", "59.97", "DE-standard-19")],
        ("0.00", "0.00"),
        ("50.39", "59.97"),
        [("19", "9.58")],
    ),
    Sale(
        "Germany, two rates: delivery shares them by value",
        "de",
        [("10.00", 1, ""), ("10.00", 1, "books")],
        [("8.40", "10.00", "DE-standard-19"), ("9.35", "10.00", "DE-books-7")],
        ("4.35", "4.90"),
        ("22.10", "24.90"),
        [("19", "1.99"), ("7", "0.81")],
    ),
    Sale(
        "France under the one-stop shop",
        "fr",
        [("30.00", 1, "")],
        [("25.00", "30.00", "FR-standard-20")],
        ("4.92", "5.90"),
        ("29.92", "35.90"),
        [("20", "5.98")],
    ),
    Sale(
        "United States: net, no nexus, no tax",
        "us",
        [("20.00", 2, "")],
        [("40.00", "40.00", "no_nexus")],
        ("5.99", "5.99"),
        ("45.99", "45.99"),
        [("0", "0.00")],
    ),
    Sale(
        "Japan: whole yen; goods come from abroad",
        "jp",
        [("1099", 3, "")],
        [("3297.00", "3297.00", "export")],
        ("600.00", "600.00"),
        ("3897.00", "3897.00"),
        [("0", "0")],
    ),
]


@pytest.mark.parametrize("sale", SALES, ids=lambda sale: sale.name)
def test_order_stores_what_was_agreed(visit, german_seller, sale):
    shopper = visit(sale.market)
    for price, quantity, tax_class in sale.goods:
        shopper.add(make_product(tax_class=tax_class, prices={sale.market: price}), quantity)
    placed = shopper.order(method=sale.method, **sale.changes)
    order = placed.payment.order
    lines = [
        (str(line.line_price_excl_tax), str(line.line_price_incl_tax), line.tax_code)
        for line in order.lines.order_by("pk")
    ]
    assert lines == sale.lines
    assert (str(order.shipping_excl_tax), str(order.shipping_incl_tax)) == sale.delivery
    assert (str(order.total_excl_tax), str(order.total_incl_tax)) == sale.total
    terms = OrderTax.objects.get(order=order)
    assert [(row["rate"], row["tax"]) for row in terms.rates] == sale.rates
    assert terms.market_code == sale.market
    assert_one_amount(placed)


def assert_one_amount(placed):
    """Lines and delivery, order, payment and the intent at Stripe agree, to the smallest unit."""
    payment, order = placed.payment, placed.payment.order
    lines = list(order.lines.all())
    assert sum(line.line_price_incl_tax for line in lines) + order.shipping_incl_tax == order.total_incl_tax
    assert sum(line.line_price_excl_tax for line in lines) + order.shipping_excl_tax == order.total_excl_tax
    assert payment.amount == order.total_incl_tax
    assert payment.currency == order.currency
    intent = stripe_intents.retrieve_intent(placed.intent_id)
    assert (intent.amount, intent.currency) == (payment.amount, payment.currency)
    assert placed.answer["amount"] == gateway.to_minor_units(amount=payment.amount, currency=payment.currency)


def test_page_shows_the_tax_in_the_price(visit, german_seller):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "15.10"}))
    page = shopper.open_checkout()
    totals = page.context["summary"].totals
    assert [str(row.amount) for row in totals.taxes] == ["3.19"]
    assert "19\u00a0%" in totals.taxes[0].label or "19 %" in totals.taxes[0].label
    assert "3,19\u00a0€" in page.content.decode()


@pytest.fixture
def euro_market(markets):
    """Let the German market deliver to France, too."""
    market = Market.objects.get(code="de")
    market.countries = ["DE", "FR"]
    market.save()
    return market


def test_business_elsewhere_in_the_eu_is_not_charged_the_tax(visit, german_seller, euro_market, vies):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "119.00"}))
    paris = {"shipping-country": "FR", "shipping-postcode": "75001", "shipping-line4": "Paris"}
    placed = shopper.order(vat_id="FR 40 303265045", **paris)
    order, terms = placed.payment.order, placed.payment.order.tax_terms
    # A price for France's 20 %: 119.00 / 1.2.
    assert (str(order.total_excl_tax), str(order.total_incl_tax)) == ("99.17", "99.17")
    assert (terms.treatment, terms.vat_id) == ("reverse_charge", "FR40303265045")
    assert terms.vat_check.answer == "valid"
    assert terms.note
    assert_one_amount(placed)


@pytest.mark.parametrize(
    ("mode", "vat_id", "reason"),
    [("up", "FR83404833048", "vat_id_invalid"), ("service_down", "FR40303265045", "vat_id_unavailable")],
)
def test_id_that_is_not_proved_is_charged_the_tax_and_told_why(
    visit, german_seller, euro_market, vies, mode, vat_id, reason
):
    vies.mode = mode
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "119.00"}))
    paris = {"shipping-country": "FR", "shipping-postcode": "75001", "shipping-line4": "Paris"}
    assert vat_id in shopper.ask_summary(vat_id=vat_id, **paris)["vat_answer"]
    terms = shopper.order(vat_id=vat_id, **paris).payment.order.tax_terms
    assert (terms.treatment, terms.reason) == ("oss", reason)
    assert terms.note


def test_malformed_vat_id_is_named_at_its_field(visit, german_seller, vies):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "20.00"}))
    answer = shopper.send(shopper.form(vat_id="12345"))
    assert [error["id"] for error in answer.json()["errors"]] == ["id_vat_id"]
    assert vies.requests == []
    assert not Payment.objects.exists()


def test_total_that_changed_is_refused(visit, german_seller):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "20.00"}))
    answer = shopper.send(shopper.form(shown_total="20.93"))
    assert answer.status_code == 409
    assert shopper.order(shown_total="24.90").payment.amount == Decimal("24.90")


def test_summary_follows_the_delivery_method(visit, german_seller):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "20.00"}))
    answer = shopper.ask_summary(method="express")
    assert (answer["shown_total"], answer["minor_total"]) == ("32.90", 3290)
    assert not Payment.objects.exists()


def test_unknown_state_is_refused_and_a_name_becomes_its_letters(visit):
    shopper = visit("us")
    shopper.add(make_product())
    errors = shopper.send(shopper.form(**{"shipping-state": "Bavaria"})).json()["errors"]
    assert [error["id"] for error in errors] == ["id_shipping-state"]
    order = shopper.order(**{"shipping-state": "new york"}).payment.order
    assert order.shipping_address.state == "NY"


def redeem(shopper, voucher):
    get_model("basket", "Basket").objects.latest("pk").vouchers.add(voucher)


@pytest.mark.parametrize(
    ("market", "prices", "kind", "value", "lines", "total"),
    [
        (
            "de", ["9.99", "10.01"], "Percentage", 10,
            [("7.55", "8.99", "9.99"), ("7.57", "9.01", "10.01")], "22.90",
        ),
        (
            "de", ["10.00", "20.00"], "Absolute", 5,
            [("7.01", "8.34", "10.00"), ("14.00", "16.66", "20.00")], "29.90",
        ),
        ("us", ["10.00"], "Percentage", 15, [("8.50", "8.50", "10.00")], "14.49"),
        ("jp", ["999"], "Percentage", 10, [("899.00", "899.00", "999.00")], "1499.00"),
    ],
)  # fmt: skip
def test_discount_is_taken_off_each_line_before_its_tax(
    visit, german_seller, voucher, market, prices, kind, value, lines, total
):
    shopper = visit(market)
    for price in prices:
        shopper.add(make_product(prices={market: price}))
    redeem(shopper, voucher(kind=kind, value=value))
    placed = shopper.order()
    stored = [
        (
            str(line.line_price_excl_tax),
            str(line.line_price_incl_tax),
            str(line.line_price_before_discounts_incl_tax),
        )
        for line in placed.payment.order.lines.order_by("pk")
    ]
    assert stored == lines
    assert str(placed.payment.order.total_incl_tax) == total
    assert_one_amount(placed)


def test_order_that_costs_nothing_is_paid_at_once(visit, german_seller, voucher):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "60.00"}))
    redeem(shopper, voucher(value=100))
    Market.objects.get(code="de").deliveries.update(price=0)
    answer = shopper.send(shopper.form())
    payment = Payment.objects.get()
    assert "redirect" in answer.json()
    assert (payment.state, payment.order.total_incl_tax, payment.intent_id) == ("paid", 0, None)


def test_mail_and_pages_print_what_is_stored(visit, german_seller, django_capture_on_commit_callbacks):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "15.10"}))
    placed = shopper.order()
    placed.pay()
    with django_capture_on_commit_callbacks(execute=True):
        placed.deliver()
    body = mail.outbox[-1].body
    assert "20,00\u00a0€" in body
    assert "3,19\u00a0€" in body
    assert f"/de/checkout/order/{placed.token}/" in body
    page = shopper.client.get(f"/de/checkout/order/{placed.token}/").content.decode()
    assert "20,00\u00a0€" in page
    assert "3,19\u00a0€" in page


def count_queries(shopper, lines):
    for _ in range(2):
        for number in range(lines):
            shopper.add(make_product(title=f"Pot {number}", prices={"de": "3.00"}))
        data = shopper.form()
        with CaptureQueriesContext(connection) as queries:
            assert shopper.send(data).status_code == 200
    return sum(not row["sql"].startswith(("SAVEPOINT", "RELEASE")) for row in queries)


def test_order_with_tax_takes_as_many_statements_for_twenty_lines_as_for_one(visit, german_seller):
    counts = [count_queries(visit("de"), lines) for lines in (1, 20)]
    assert counts[0] == counts[1] <= 40
