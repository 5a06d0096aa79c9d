"""Every call to Stripe fails in every way once: what was meant still happens, once, and nothing else."""

import contextlib
from datetime import timedelta

import pytest
import requests
from django.db import connection
from django.utils import timezone

from storefront.payments.errors import PaymentError
from storefront.payments.models import Payment, Refund
from storefront.payments.services import open_intent, reconcile
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import deliver_new, make_staff, refund, refund_in_dashboard
from tests.payments.shopper import make_product, stripe_client
from tests.servers.stripe.faults import KINDS

pytestmark = pytest.mark.django_db

SITES = {
    "create an intent": ("POST", "/v1/payment_intents"),
    "read an intent": ("GET", "/v1/payment_intents/pi_*"),
    "cancel an intent": ("POST", "/v1/payment_intents/*/cancel"),
    "list intents": ("GET", "/v1/payment_intents"),
    "make a refund": ("POST", "/v1/refunds"),
    "read a refund": ("GET", "/v1/refunds/*"),
    "list refunds": ("GET", "/v1/refunds"),
    "read a charge": ("GET", "/v1/charges/*"),
    "read a dispute": ("GET", "/v1/disputes/*"),
    "list disputes": ("GET", "/v1/disputes"),
    "read a warning": ("GET", "/v1/radar/early_fraud_warnings/*"),
    "list warnings": ("GET", "/v1/radar/early_fraud_warnings"),
    "list balance transactions": ("GET", "/v1/balance_transactions"),
    "read a payout": ("GET", "/v1/payouts/*"),
    "list payouts": ("GET", "/v1/payouts"),
    "list events": ("GET", "/v1/events"),
}


def live_a_life(shopper, standin, clerk) -> None:
    """Order twice, pay one, refund it here and there, dispute and pay out; let every call be answered as it may."""
    shopper.add(make_product(price="19.99", stock=5))
    shopper.send(shopper.form())
    paid = Payment.objects.get()
    with contextlib.suppress(PaymentError):
        open_intent(payment_id=paid.pk, now=timezone.now())
    with contextlib.suppress(PaymentError):
        open_intent(payment_id=paid.pk, now=timezone.now())
    paid.refresh_from_db()
    stripe_client().v1.payment_intents.confirm(
        paid.intent_id, {"payment_method": "pm_card_visa", "return_url": "https://shop.example.test/"}
    )
    deliver_new(standin, "payment_intent.succeeded")
    deliver_new(standin, "payment_intent.succeeded")
    shopper.add(make_product(price="5.00", stock=5))
    shopper.send(shopper.form())
    order = _Order(paid.intent_id, paid)
    for _ in range(2):
        with contextlib.suppress(PaymentError):
            if not Refund.objects.filter(key__isnull=False).exists():
                refund(order, "5.00", by=clerk)
    refund_in_dashboard(order, 300)
    standin.warn_of_fraud(paid.intent_id)
    dispute = standin.dispute(paid.intent_id)
    standin.move_dispute(dispute["id"], status="won")
    standin.pay_out()
    for type_ in (
        "refund.created",
        "charge.refunded",
        "charge.dispute.created",
        "radar.early_fraud_warning.created",
        "payout.reconciliation_completed",
    ):
        deliver_new(standin, type_)


class _Order:
    """What `refund` and `refund_in_dashboard` need of an order."""

    def __init__(self, intent_id, payment):
        self.intent_id, self.payment = intent_id, payment


def come_to_rest(now) -> None:
    for minutes in (0, 10, 20, 130, 140):
        reconcile(now=now + timedelta(minutes=minutes))


def assert_meant_happened_once(standin) -> None:
    assert_books_agree(standin)
    ours = Refund.objects.filter(key__isnull=False)
    assert [str(r.amount) for r in ours.filter(state="succeeded")] == ["5.000"]
    assert sorted(r["amount"] for r in standin.every("refund")) == [300, 500]
    paid, unpaid = Payment.objects.order_by("pk")
    assert paid.state == "paid"
    assert unpaid.state in ("expired", "cancelled")  # cancelled when the answer to expiry was lost
    assert paid.disputes.get().status == "won"
    assert paid.fraud_warnings.count() == 1
    assert paid.balance_transactions.count() == 5
    # A refund that was first refused came after the payout.
    assert paid.balance_transactions.filter(payout_line=None).count() <= 1


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("site", SITES)
def test_call_that_fails_once_changes_nothing_in_the_end(shopper, standin, settings, moment, site, kind):
    if kind == "timeout":
        settings.STRIPE_TIMEOUT_SECONDS = 1
    method, path = SITES[site]
    standin.fail_next(kind, path=path, method=method, seconds=0.1 if kind == "delay" else 1.3)
    live_a_life(shopper, standin, make_staff("payments.add_refund"))
    come_to_rest(moment)
    assert standin.faults.listed() == [], "the call under test was never made"
    assert_meant_happened_once(standin)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_stripe_is_asked(shopper, standin, moment, monkeypatch):
    asked: list[tuple[str, bool]] = []
    send = requests.Session.send

    def noted(self, request, **more):
        asked.append((request.path_url, connection.in_atomic_block))
        return send(self, request, **more)

    monkeypatch.setattr(requests.Session, "send", noted)
    live_a_life(shopper, standin, make_staff("payments.add_refund"))
    come_to_rest(moment)
    assert [path for path, is_locked in asked if is_locked] == []
    assert len(asked) > 40
    assert_meant_happened_once(standin)
