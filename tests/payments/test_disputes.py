"""Disputes and fraud warnings: recorded, dated, and no money given back twice."""

from datetime import timedelta

import pytest

from storefront.payments.errors import RefundBlocked
from storefront.payments.models import Dispute, EarlyFraudWarning, Refund
from storefront.payments.services import reconcile
from tests.payments.merchant import deliver_new, make_staff, refund
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


def test_dispute_is_recorded_with_its_deadline(order, standin):
    made = standin.dispute(order.intent_id)
    assert deliver_new(standin, "charge.dispute.created") == [200]
    dispute = Dispute.objects.get()
    assert (dispute.dispute_id, dispute.status, str(dispute.amount)) == (
        made["id"],
        "needs_response",
        "24.940",
    )
    assert dispute.answer_by.timestamp() == made["evidence_details"]["due_by"]
    assert order.payment.state == "paid"


def test_refunds_are_blocked_while_the_bank_has_the_money(order, standin, clerk):
    standin.dispute(order.intent_id)
    with pytest.raises(RefundBlocked):
        refund(order, "5.00", by=clerk)
    assert Refund.objects.count() == 0


def test_refunds_are_open_again_when_the_dispute_is_won(order, standin, clerk):
    made = standin.dispute(order.intent_id)
    standin.move_dispute(made["id"], status="won")
    assert deliver_new(standin, "charge.dispute.closed") == [200]
    assert refund(order, "5.00", by=clerk).state == "succeeded"


def test_refunds_stay_blocked_when_the_dispute_is_lost(order, standin, clerk):
    made = standin.dispute(order.intent_id)
    standin.move_dispute(made["id"], status="lost")
    deliver_new(standin, "charge.dispute.closed")
    with pytest.raises(RefundBlocked):
        refund(order, "5.00", by=clerk)


def test_inquiry_does_not_block_a_refund(order, standin, clerk):
    standin.dispute(order.intent_id, status="warning_needs_response")
    assert refund(order, "24.94", by=clerk).state == "succeeded"


def test_late_news_of_an_earlier_status_changes_nothing(order, standin, moment):
    from storefront.payments import stripe_books
    from storefront.payments.services import record_dispute

    made = standin.dispute(order.intent_id)
    earlier = stripe_books.retrieve_dispute(made["id"])
    standin.move_dispute(made["id"], status="lost")
    deliver_new(standin, "charge.dispute.closed")
    record_dispute(earlier, payment_id=order.payment.pk, now=moment)
    assert Dispute.objects.get().status == "lost"


def test_dispute_nobody_told_us_of_is_found_and_waits_for_an_answer(order, standin, moment):
    made = standin.dispute(order.intent_id)
    reconcile(now=moment)
    finding = order.payment.findings.get()
    assert (finding.kind, finding.object_id, finding.state) == ("dispute", made["id"], "open")
    assert finding.due_at == Dispute.objects.get().answer_by
    standin.move_dispute(made["id"], status="under_review")
    reconcile(now=moment + timedelta(minutes=10))
    finding.refresh_from_db()
    assert finding.state == "resolved"


def test_dispute_of_another_shop_is_ignored(order, standin):
    from tests.payments.shopper import stripe_client

    foreign = stripe_client().v1.payment_intents.create({"amount": 500, "currency": "usd"})
    stripe_client().v1.payment_intents.confirm(
        foreign.id, {"payment_method": "pm_card_visa", "return_url": "https://other.example.test/"}
    )
    standin.dispute(foreign.id)
    assert deliver_new(standin, "charge.dispute.created") == [200]
    assert Dispute.objects.count() == 0


def test_fraud_warning_is_recorded_and_gone_once_the_money_is_given_back(order, standin, clerk, moment):
    standin.warn_of_fraud(order.intent_id, fraud_type="made_with_stolen_card")
    assert deliver_new(standin, "radar.early_fraud_warning.created") == [200]
    assert EarlyFraudWarning.objects.get().fraud_type == "made_with_stolen_card"
    reconcile(now=moment)
    assert order.payment.findings.get(state="open").kind == "fraud_warning"
    refund(order, "24.94", by=clerk)
    reconcile(now=moment + timedelta(minutes=10))
    assert not order.payment.findings.filter(state="open").exists()
