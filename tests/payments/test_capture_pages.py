"""Reserved money in the back office: seen with its deadline, taken, released, by those who may."""

import pytest
from wagtail.models import ModelLogEntry

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS
from storefront.payments.models import Capture, CaptureTime, PaymentSetup
from tests.payments.shopper import make_product
from tests.payments.test_back_office import address_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return signed_in(SHOP_MANAGERS)


@pytest.fixture
def order(shopper):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    return order


def test_order_shows_until_when_its_money_is_reserved(manager, order):
    page = text_of(manager.get(f"/admin/shop/orders/{order.payment.order.number}/"))
    assert "Reserved until" in page
    page = text_of(manager.get(address_of(order)))
    assert "$24.94 are reserved until" in page
    assert 'value="24.94"' in page


def test_manager_takes_a_part_and_the_audit_log_says_who(manager, order):
    answer = manager.post(f"{address_of(order)}capture/", {"amount": "10.00"}, follow=True)
    assert "The money is taken." in text_of(answer)
    assert (order.payment.state, str(order.payment.taken)) == ("paid", "10.000")
    entry = ModelLogEntry.objects.get(action="payments.capture")
    assert (entry.user.email, entry.data["amount"]) == ("shop@example.test", "10.000 USD")


def test_too_much_is_refused_in_the_form(manager, order):
    answer = manager.post(f"{address_of(order)}capture/", {"amount": "25.00"})
    assert answer.status_code == 422
    assert "Between 0 and 24.94 USD can be taken." in text_of(answer)
    assert not Capture.objects.exists()


def test_manager_releases_it(manager, order):
    answer = manager.post(f"{address_of(order)}release/", follow=True)
    assert "The money is released" in text_of(answer)
    assert (order.payment.state, order.payment.order.status) == ("cancelled", "Cancelled")


def test_release_without_an_answer_goes_on_by_itself(manager, order, standin):
    standin.fail_next("drop", path="/v1/payment_intents/*/cancel", method="POST")
    answer = manager.post(f"{address_of(order)}release/", follow=True)
    assert "the shop releases the money by itself" in text_of(answer)
    assert order.payment.order.status == "Cancelled"


def test_without_an_answer_nobody_is_told_to_ask_again(manager, order, standin):
    standin.fail_next("lose_answer", path="/v1/payment_intents/*/capture", method="POST")
    answer = manager.post(f"{address_of(order)}capture/", {"amount": "24.94"}, follow=True)
    assert "you need not ask again" in text_of(answer)
    assert "Take the money</button>" not in text_of(answer)


@pytest.mark.parametrize("what", ["capture", "release"])
def test_packer_neither_takes_nor_releases(order, what):
    packer = signed_in(FULFILMENT)
    packer.post(f"{address_of(order)}{what}/", {"amount": "5.00"})
    assert order.payment.state == "authorised"


def test_merchant_chooses_when_in_the_settings(manager, order):
    address = f"/admin/settings/payments/paymentsetup/{PaymentSetup.objects.get().pk}/"
    assert "Card payments" in text_of(manager.get(address))
    assert manager.post(address, {"capture": "at_once", "page": "here"}).status_code == 302
    assert not PaymentSetup.load().captures_later
