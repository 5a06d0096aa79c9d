"""Money given back: from the back office and from Stripe's Dashboard, never more than was taken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from storefront.payments.errors import AmountDoesNotFit, GatewayUnreachable, RefundBlocked, RefundTooLarge
from storefront.payments.models import Refund
from storefront.payments.services import finish_refund, reconcile
from tests.payments.merchant import deliver_new, make_staff, refund, refund_in_dashboard
from tests.payments.shopper import make_product, stripe_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_staff("payments.add_refund")


@pytest.fixture
def unpaid(shopper):
    shopper.add(make_product(price="19.99"))
    return shopper.order()


@pytest.fixture
def order(unpaid):
    unpaid.pay()
    unpaid.deliver()
    return unpaid


def refunded_at_stripe(order) -> int:
    intent = stripe_client().v1.payment_intents.retrieve(order.intent_id, {"expand": ["latest_charge"]})
    return intent.latest_charge.amount_refunded


def source_of(order):
    return order.payment.order.sources.get()


def test_part_of_a_payment_is_given_back(order, clerk):
    done = refund(order, "5.00", by=clerk)
    assert (done.state, str(done.amount), done.requested_by) == ("succeeded", "5.00", clerk)
    assert refunded_at_stripe(order) == 500
    assert str(source_of(order).amount_refunded) == "5.00"
    assert source_of(order).transactions.filter(txn_type="Refund").get().reference == done.refund_id


def test_whole_payment_is_given_back_in_two_parts_and_no_cent_more(order, clerk):
    refund(order, "20.00", by=clerk)
    refund(order, "4.94", by=clerk)
    with pytest.raises(RefundTooLarge) as refused:
        refund(order, "0.01", by=clerk)
    assert refused.value.left == 0
    assert refunded_at_stripe(order) == 2494
    assert Refund.objects.count() == 2


@pytest.mark.parametrize("amount", ["0", "-1", "24.95"])
def test_amount_that_was_not_paid_is_not_given_back(order, clerk, amount):
    with pytest.raises((RefundTooLarge, AmountDoesNotFit)):
        refund(order, amount, by=clerk)
    assert (Refund.objects.count(), refunded_at_stripe(order)) == (0, 0)


def test_amount_with_more_digits_than_the_currency_is_refused(order, clerk):
    with pytest.raises(AmountDoesNotFit):
        refund(order, "1.005", by=clerk)


def test_staff_without_the_permission_give_nothing_back(order):
    with pytest.raises(PermissionDenied):
        refund(order, "5.00", by=make_staff("payments.view_refund"))
    assert (Refund.objects.count(), refunded_at_stripe(order)) == (0, 0)


def test_order_that_was_not_paid_has_nothing_to_give_back(unpaid, clerk):
    with pytest.raises(RefundTooLarge):
        refund(unpaid, "5.00", by=clerk)
    assert Refund.objects.count() == 0


def test_key_is_stored_before_stripe_is_asked(order, clerk, standin):
    standin.fail_next("drop", path="/v1/refunds", method="POST")
    asked = refund(order, "5.00", by=clerk)
    assert (asked.state, asked.refund_id) == ("requested", None)
    assert asked.key
    assert asked.attempted_at


@pytest.mark.parametrize("fault", ["drop", "lose_answer", "error_500", "error_500_after", "error_429"])
def test_refund_without_an_answer_is_finished_once_by_reconciliation(order, clerk, standin, moment, fault):
    standin.fail_next(fault, path="/v1/refunds", method="POST")
    assert refund(order, "5.00", by=clerk).state == "requested"
    reconcile(now=moment)
    assert Refund.objects.get().state == "succeeded"
    assert refunded_at_stripe(order) == 500
    reconcile(now=moment)
    assert refunded_at_stripe(order) == 500


def test_refund_that_waits_for_an_answer_counts_against_what_is_left(order, clerk, standin):
    standin.fail_next("lose_answer", path="/v1/refunds", method="POST")
    refund(order, "20.00", by=clerk)
    Refund.objects.update(refund_id=None, state="requested")
    with pytest.raises(RefundTooLarge):
        refund(order, "5.00", by=clerk)
    assert refunded_at_stripe(order) == 2000


def test_refund_older_than_stripes_memory_of_keys_is_looked_for_first(order, clerk, standin, moment):
    standin.fail_next("lose_answer", path="/v1/refunds", method="POST")
    asked = refund(order, "5.00", by=clerk)
    posts = len([r for r in standin.requests("/v1/refunds") if r["method"] == "POST"])
    assert finish_refund(refund_id=asked.pk, now=moment + timedelta(days=2)).state == "succeeded"
    assert len([r for r in standin.requests("/v1/refunds") if r["method"] == "POST"]) == posts
    assert refunded_at_stripe(order) == 500


def test_refund_needs_stripe_to_be_read_first(order, clerk, standin):
    standin.fail_next("drop", path=f"/v1/payment_intents/{order.intent_id}")
    with pytest.raises(GatewayUnreachable):
        refund(order, "5.00", by=clerk)
    assert Refund.objects.count() == 0


def test_refund_made_in_the_dashboard_is_taken_in(order, standin):
    made = refund_in_dashboard(order, 700)
    assert deliver_new(standin, "refund.created") == [200]
    found = Refund.objects.get()
    assert (found.refund_id, found.is_external, str(found.amount), found.state) == (
        made,
        True,
        "7.000",
        "succeeded",
    )
    assert str(source_of(order).amount_refunded) == "7.00"
    deliver_new(standin, "charge.refunded")
    assert Refund.objects.count() == 1


def test_dashboard_refund_nobody_told_us_of_still_counts(order, clerk):
    refund_in_dashboard(order, 2000)
    with pytest.raises(RefundTooLarge) as refused:
        refund(order, "5.00", by=clerk)
    assert refused.value.left == Decimal("4.94")


def test_dashboard_refund_is_found_by_reconciliation(order, moment):
    refund_in_dashboard(order, 700)
    reconcile(now=moment)
    assert str(Refund.objects.get().amount) == "7.000"


def test_refund_that_fails_days_later_is_shown_and_counts_no_more(shopper, clerk, standin, moment):
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay("pm_card_pendingRefund")
    order.deliver()
    done = refund(order, "24.94", by=clerk)
    assert done.state == "pending"
    standin.finish_refund(done.refund_id, status="failed")
    assert deliver_new(standin, "refund.failed") == [200]
    done.refresh_from_db()
    assert (done.state, done.failure) == ("failed", "expired_or_canceled_card")
    assert str(source_of(order).amount_refunded) == "0.00"
    assert source_of(order).transactions.get(txn_type="Refund").status == "failed"
    reconcile(now=moment)
    assert [f.kind for f in order.payment.findings.all()] == ["refund_failed"]


def test_late_news_of_an_earlier_state_changes_nothing(shopper, clerk, standin):
    from dataclasses import replace

    from django.utils import timezone

    from storefront.payments import stripe_books
    from storefront.payments.services.refunds import record_refund

    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay("pm_card_pendingRefund")
    order.deliver()
    done = refund(order, "5.00", by=clerk)
    earlier = stripe_books.retrieve_refund(done.refund_id)
    standin.finish_refund(done.refund_id, status="failed")
    deliver_new(standin, "refund.updated")
    record_refund(replace(earlier), payment_id=order.payment.pk, now=timezone.now())
    assert Refund.objects.get().state == "failed"


def test_refund_event_that_overtakes_the_payment_settles_it_first(unpaid, standin):
    unpaid.pay()
    refund_in_dashboard(unpaid, 500)
    assert deliver_new(standin, "refund.created") == [200]
    assert unpaid.payment.state == "paid"
    assert str(source_of(unpaid).amount_refunded) == "5.00"


def test_refund_heard_of_before_the_payment_is_in_oscars_books_afterwards(unpaid, standin, moment):
    from storefront.payments import stripe_books
    from storefront.payments.services.refunds import record_refund

    unpaid.pay()
    made = refund_in_dashboard(unpaid, 500)
    record_refund(stripe_books.retrieve_refund(made), payment_id=unpaid.payment.pk, now=moment)
    unpaid.deliver()
    assert str(source_of(unpaid).amount_refunded) == "5.00"
    assert source_of(unpaid).transactions.get(txn_type="Refund").reference == made


def test_refund_of_an_order_stripe_knows_to_be_paid_settles_it_first(unpaid, clerk):
    unpaid.pay()
    assert refund(unpaid, "5.00", by=clerk).state == "succeeded"
    assert unpaid.payment.state == "paid"
    assert str(source_of(unpaid).amount_refunded) == "5.00"


def test_refund_of_another_shop_is_ignored(order, standin):
    foreign = stripe_client().v1.payment_intents.create({"amount": 500, "currency": "usd"})
    stripe_client().v1.payment_intents.confirm(
        foreign.id, {"payment_method": "pm_card_visa", "return_url": "https://other.example.test/"}
    )
    stripe_client().v1.refunds.create({"payment_intent": foreign.id})
    assert deliver_new(standin, "refund.created") == [200]
    assert Refund.objects.count() == 0


def test_stripe_is_asked_to_deliver_again_when_the_refund_cannot_be_read(order, standin):
    made = refund_in_dashboard(order, 500)
    standin.fail_next("error_500", path=f"/v1/refunds/{made}")
    assert deliver_new(standin, "refund.created") == [503]
    assert Refund.objects.count() == 0
    assert deliver_new(standin, "refund.created") == [200]
    assert Refund.objects.count() == 1


def test_money_for_a_cancelled_order_can_be_given_back(unpaid, clerk, moment):
    unpaid.payment.order.set_status("Cancelled")
    unpaid.pay()
    unpaid.deliver()
    reconcile(now=moment)
    assert [f.kind for f in unpaid.payment.findings.filter(state="open")] == ["needs_refund"]
    refund(unpaid, "24.94", by=clerk)
    reconcile(now=moment + timedelta(minutes=1))
    assert [f.state for f in unpaid.payment.findings.all()] == ["resolved"]


def test_order_paid_without_stripe_has_nothing_at_stripe(order, clerk):
    payment = order.payment
    payment.amount, payment.intent_id = 0, None
    payment.save()
    with pytest.raises(RefundBlocked):
        from storefront.payments.services import request_refund

        request_refund(
            payment_id=payment.pk, amount=Decimal(1), reason="", note="", by=clerk, now=payment.paid_at
        )
