"""Whoever gets money back is told so once, in their language, and never of money that did not go."""

from decimal import Decimal

import pytest
from django.utils import translation

from storefront.payments.models import Refund
from storefront.payments.services import reconcile
from tests.payments.merchant import deliver_new, make_staff, refund, refund_in_dashboard
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_staff("payments.add_refund")


@pytest.fixture
def order(shopper):
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay()
    order.deliver()
    return order


def test_refund_is_told_once(order, standin, clerk, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        refund(order, "5.00", by=clerk, note="The pot was broken")
        deliver_new(standin, "refund.created")
        deliver_new(standin, "charge.refunded")
    (mail,) = mailoutbox
    assert mail.to == ["anna@example.test"]
    assert order.payment.order.number in mail.subject
    assert "$5.00" in mail.body
    assert "broken" not in mail.body
    assert Refund.objects.get().told_at is not None


def test_refund_made_in_stripes_dashboard_is_told_too(
    order, standin, mailoutbox, django_capture_on_commit_callbacks
):
    refund_in_dashboard(order, 300)
    with django_capture_on_commit_callbacks(execute=True):
        deliver_new(standin, "refund.created")
    assert ["$3.00" in mail.body for mail in mailoutbox] == [True]


def test_refund_without_an_answer_is_told_when_it_is_known(
    order, standin, clerk, moment, mailoutbox, django_capture_on_commit_callbacks
):
    standin.fail_next("drop", path="/v1/refunds", method="POST")
    with django_capture_on_commit_callbacks(execute=True):
        refund(order, "5.00", by=clerk)
    assert mailoutbox == []
    with django_capture_on_commit_callbacks(execute=True):
        reconcile(now=moment)
    assert len(mailoutbox) == 1


def test_refused_refund_is_told_to_nobody(
    order, standin, clerk, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = refund(order, "5.00", by=clerk)
        Refund.objects.filter(pk=made.pk).update(state="failed", told_at=None)
    assert mailoutbox == []


def test_mail_that_was_not_sent_is_sent_by_reconciliation(order, clerk, moment, mailoutbox):
    from datetime import timedelta

    made = refund(order, "5.00", by=clerk)
    assert mailoutbox == []  # its commit never came, as when the process dies right after it
    reconcile(now=moment + timedelta(minutes=20))
    reconcile(now=moment + timedelta(minutes=30))
    assert sum("$5.00" in mail.body for mail in mailoutbox) == 1
    made.refresh_from_db()
    assert (made.amount, made.told_at is None) == (Decimal("5.00"), False)


def test_german_order_is_told_in_german(order, clerk, mailoutbox, django_capture_on_commit_callbacks):
    payment = order.payment
    payment.language = "de"
    payment.save()
    with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
        refund(order, "5.00", by=clerk)
    assert "Banken brauchen" in mailoutbox[0].body
