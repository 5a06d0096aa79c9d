"""A paid order's page is a receipt on paper: headed with the seller, without what only a screen needs."""

import pytest

from storefront.cms.branding import Branding
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db):
    Branding(company="Good Things GmbH", address="Lindenstraße 14\n 10969 Berlin\n\nDE123456789").save()


@pytest.fixture
def order(shopper):
    shopper.add(make_product(title="Watering can", price="19.99"), quantity=2)
    return shopper.order()


@pytest.fixture
def paid(order):
    order.pay()
    order.deliver()
    return order


def page_of(order):
    return " ".join(order.shopper.client.get(f"/checkout/order/{order.token}/").content.decode().split())


def test_paid_order_is_headed_with_its_seller_number_days_and_payment(paid, company):
    page = page_of(paid)
    head = page.partition('<div class="print-only')[2].partition("</div>\n")[0].partition("We are packing")[0]
    assert "<b>Good Things GmbH</b><br>Lindenstraße 14<br>10969 Berlin<br>DE123456789" in head
    for words in ("<h2>Receipt</h2>", "SK-100001", "$39.98, Visa 4242"):
        assert words in head
    for words in ("Watering can", "Quantity 2", "14 Linden Street", "Delivery address", "Subtotal", "Total"):
        assert words in page
    assert 'class="btn btn--ghost btn--small js-only" type="button" data-print' in page
    assert "<script>" not in page


def test_without_an_address_or_imprint_the_shop_alone_is_named(paid):
    assert "<p><b>Storefront</b></p>" in page_of(paid)


def test_unpaid_order_is_no_receipt(order):
    page = page_of(order)
    assert "Receipt" not in page
    assert "data-print" not in page


def test_account_has_the_same_receipt(paid, company, settings, django_user_model):
    user = django_user_model.objects.create_user(email="anna@example.test", password="correct horse")
    placed, client = paid.payment.order, paid.shopper.client
    type(placed).objects.update(user=user, guest_email="")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/account/orders/{placed.number}/").content.decode()
    for words in ("Good Things GmbH</b><br>", "<h2>Receipt</h2>", "data-print"):
        assert words in page
