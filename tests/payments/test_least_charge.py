"""Stripe charges no amount below a least one: who orders for less is told before the order is written."""

from decimal import Decimal

import pytest
from oscar.core.loading import get_model

from storefront.payments.charge_limits import least_charge
from storefront.payments.models import BankTransferSetup, Payment
from tests.payments.shopper import make_product, stock_of
from tests.servers.stripe.currencies import MINIMUM_MINOR_UNITS, ZERO_DECIMAL

pytestmark = pytest.mark.django_db
SENTENCE = "¥34 is too little to be paid by card or wallet: that needs at least ¥50."


@pytest.fixture
def cheap():
    product = make_product(price="17")
    product.stockrecords.update(price_currency="JPY")
    product.product_class.__class__.objects.update(requires_shipping=False)
    return product


@pytest.fixture
def transfers():
    BankTransferSetup(is_offered=True, account_holder="Good Things", iban="DE89370400440532013000").save()


def test_least_amounts_are_those_the_stand_in_refuses_below():
    for currency, units in MINIMUM_MINOR_UNITS.items():
        digits = 0 if currency in ZERO_DECIMAL else 2
        assert least_charge(currency.upper()) == Decimal(units).scaleb(-digits)
    assert least_charge("KWD") == 0


def test_too_small_an_order_is_refused_before_it_is_placed(shopper, standin, cheap):
    shopper.add(cheap, quantity=2)
    page = shopper.open_checkout()
    assert SENTENCE in page.content.decode()
    assert 'id="too-small">' in page.content.decode()
    answer = shopper.send(shopper.form(method="no-shipping-required"))
    assert answer.status_code == 400
    assert answer.json()["problem"] == (
        f"{SENTENCE} Add something to your cart, then order again. Nothing was charged."
    )
    assert not get_model("order", "Order").objects.exists()
    assert not Payment.objects.exists()
    assert stock_of(cheap) == (10, 0)
    assert standin.requests("/v1/payment_intents") == []


def test_least_amount_itself_can_be_ordered(shopper, cheap):
    cheap.stockrecords.update(price="25")
    shopper.add(cheap, quantity=2)
    assert 'id="too-small" hidden>' in shopper.open_checkout().content.decode()
    assert shopper.order(method="no-shipping-required").answer["amount"] == 50


def test_summary_tells_the_pages_script(shopper, cheap):
    shopper.add(cheap, quantity=2)
    answer = shopper.client.post("/checkout/summary/", shopper.form(method="no-shipping-required")).json()
    assert answer["too_small"].startswith(SENTENCE)


def test_small_order_can_be_paid_by_transfer(shopper, cheap, transfers):
    shopper.add(cheap, quantity=2)
    page = shopper.open_checkout()
    assert f"{SENTENCE} Add something to your cart, or pay by bank transfer." in page.content.decode()
    answer = shopper.send(shopper.form(method="no-shipping-required", way="bank_transfer"))
    assert answer.status_code == 200
    assert (Payment.objects.get().amount, Payment.objects.get().way) == (34, "bank_transfer")
