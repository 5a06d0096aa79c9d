"""The days an order arrives, as promised when it was placed: kept with it and never reckoned anew."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from storefront.payments.arrival import write_days
from storefront.payments.models import BankTransferSetup, CaptureTime, Payment, PaymentPage, PaymentSetup
from storefront.payments.services import confirm_transfer, send_confirmation
from storefront.shop.shipping.methods import DELIVERIES
from storefront.tender.services import give_store_credit
from tests.payments.merchant import make_staff
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)
WRITTEN = "Tue,\xa0Dec\xa01 – Thu,\xa0Dec\xa03"


@pytest.fixture
def ready(shopper):
    shopper.add(make_product(price="19.99"))
    return shopper


@pytest.fixture
def paid(ready):
    """A paid order that was promised for two days of December, whenever this runs."""
    order = ready.order()
    Payment.objects.update(arrives_from=FIRST, arrives_by=LAST)
    order.pay()
    order.deliver()
    return order


def kept():
    payment = Payment.objects.get()
    return payment.arrives_from, payment.arrives_by


def promised(method=DELIVERIES[0]):
    return method.arrival_days(today=timezone.localdate(Payment.objects.get().created_at))


def text_of(client, address):
    return client.get(address).content.decode()


def test_card_order_keeps_the_days_of_its_own_method(ready):
    ready.order(method="express")
    assert kept() == promised(DELIVERIES[1]) != promised(DELIVERIES[0])


def test_order_paid_on_a_page_of_stripes_keeps_them(ready):
    PaymentSetup.objects.create(page=PaymentPage.AT_STRIPE)
    ready.send(ready.form())
    assert kept() == promised()


def test_order_whose_money_is_reserved_says_them(ready):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    order = ready.order()
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    days = write_days(*promised())
    assert f"Arrives {days}" in text_of(ready.client, f"/checkout/thank-you/{order.token}/")


def test_order_paid_with_credit_alone_keeps_them_whatever_way_it_names(ready, django_user_model):
    BankTransferSetup.objects.create(is_offered=True, account_holder="G", iban="DE89370400440532013000")
    user = django_user_model.objects.create_user(email="anna@example.test", password="correct horse")
    give_store_credit(customer=user, amount=Decimal("99.00"), currency="USD", now=timezone.now())
    ready.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    ready.client.post("/checkout/credit/", ready.form(credit="use"))
    assert ready.send(ready.form(way="bank_transfer")).status_code == 200
    assert Payment.objects.get().is_paid
    assert kept() == promised()


def test_transfer_has_no_days_before_its_money_and_says_when_they_count_from(
    ready, mailoutbox, django_capture_on_commit_callbacks
):
    BankTransferSetup.objects.create(is_offered=True, account_holder="G", iban="DE89370400440532013000")
    with django_capture_on_commit_callbacks(execute=True):
        answer = ready.send(ready.form(way="bank_transfer"))
    assert kept() == (None, None)
    [(html, _kind)] = mailoutbox[0].alternatives
    for text in (text_of(ready.client, answer.json()["redirect"]), mailoutbox[0].body, html):
        assert "The days of delivery shown at checkout count from then." in text
    payment, moment = Payment.objects.get(), timezone.now()
    confirm_transfer(
        payment_id=payment.pk,
        amount=payment.amount,
        received_on=moment.date(),
        statement="A LIND",
        by=make_staff("payments.confirm_transfer"),
        now=moment,
    )
    page = text_of(ready.client, answer.json()["redirect"])
    assert "Standard delivery" in page
    assert "Arrives" not in page


def test_pages_and_mail_say_what_was_kept(paid, mailoutbox):
    send_confirmation.call(paid.payment.pk)
    [(html, _kind)] = mailoutbox[0].alternatives
    thanks = text_of(paid.shopper.client, f"/checkout/thank-you/{paid.token}/")
    for text in (thanks, mailoutbox[0].body, html):
        assert f"Arrives {WRITTEN}" in text
    assert f"<dt>Arrival as promised</dt><dd>{WRITTEN}</dd>" in text_of(
        paid.shopper.client, f"/checkout/order/{paid.token}/"
    )


def test_days_are_written_in_the_language_of_the_reader():
    with override("de"):
        assert write_days(FIRST, LAST) == "Di,\xa01.\xa0Dez. – Do,\xa03.\xa0Dez."
    with override("fr"):
        assert write_days(FIRST, FIRST) == "mar\xa01\xa0déc."
    assert write_days(None, None) == ""


@pytest.mark.parametrize("state", ["cancelled", "awaiting", "processing", "mismatch"])
def test_order_that_is_not_accepted_promises_nothing(paid, state):
    payment = paid.payment
    payment.state = state
    assert payment.promised_days == ""


def test_cancelled_order_promises_nothing(paid):
    payment = paid.payment
    payment.order.set_status("Cancelled")
    assert payment.promised_days == ""


def test_account_lists_an_arrival_until_it_is_over_and_its_order_for_good(paid, django_user_model):
    user = django_user_model.objects.create_user(email="anna@example.test", password="correct horse")
    paid.shopper.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    order, today = paid.payment.order, timezone.localdate()
    type(order).objects.update(user=user, guest_email="")
    for last, is_listed in ((today, True), (today - timedelta(days=1), False)):
        Payment.objects.update(arrives_from=last, arrives_by=last)
        days = write_days(last, last)
        page = text_of(paid.shopper.client, "/account/orders/")
        assert (f"<dt>Arrives</dt><dd>{days}</dd>" in page) == is_listed
        page = text_of(paid.shopper.client, f"/account/orders/{order.number}/")
        assert f"<dt>Arrival as promised</dt><dd>{days}</dd>" in page


def test_merchant_sees_what_was_promised(paid, admin_client):
    number = paid.payment.order.number
    assert WRITTEN in text_of(admin_client, f"/admin/shop/orders/{number}/")


@pytest.mark.parametrize("days", [(FIRST, None), (None, LAST), (LAST, FIRST)])
def test_database_refuses_half_a_span(paid, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(arrives_from=days[0], arrives_by=days[1])
    assert kept() == (FIRST, LAST)
