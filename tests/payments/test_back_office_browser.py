"""The payments' screens in a real browser: they fit a phone and fetch nothing from elsewhere."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from storefront.payments.models import Dispute, Finding, Payment, Payout
from storefront.payments.services import reconcile
from tests.back_office.shop import PASSWORD
from tests.back_office.test_browser import signed_in_page
from tests.journeys.chromium import DESKTOP, PHONE, keep_picture
from tests.payments.merchant import make_staff, refund
from tests.payments.shopper import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server, shopper, standin):
    """Return the address of a shop with a refunded, a disputed and a paid-out order."""
    get_user_model().objects.create_superuser(email="owner@example.test", password=PASSWORD)
    orders = []
    for _ in range(2):
        shopper.add(make_product(price="19.99"))
        order = shopper.order()
        order.pay()
        order.deliver()
        orders.append(order)
    refund(orders[0], "5.00", by=make_staff("payments.add_refund"), note="The pot was broken")
    standin.pay_out()
    standin.dispute(orders[1].intent_id)
    reconcile(now=timezone.now())
    return live_server.url


def addresses() -> dict[str, str]:
    first, second = Payment.objects.order_by("pk")
    return {
        "payment": f"/admin/payments/{first.pk}/",
        "disputed": f"/admin/payments/{second.pk}/",
        "order": f"/admin/shop/orders/{first.order.number}/",
        "findings": "/admin/findings/",
        "finding": f"/admin/findings/inspect/{Finding.objects.first().pk}/",
        "dispute": f"/admin/disputes/inspect/{Dispute.objects.first().pk}/",
        "refunds": "/admin/refunds/",
        "payouts": "/admin/payouts/",
        "payout": f"/admin/payouts/inspect/{Payout.objects.first().pk}/",
        "home": "/admin/",
    }


def test_every_screen_fits_a_phone_and_fetches_nothing_from_elsewhere(browser, shop):
    problems: list[str] = []
    page = signed_in_page(browser, shop, size=PHONE, problems=problems)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for name, address in addresses().items():
            page.goto(f"{shop}{address}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            keep_picture(page, f"{name}-{size['width']}")
    page.context.close()
    assert problems == []
