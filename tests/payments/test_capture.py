"""Money reserved when it is ordered and taken when it is sent: once, all or a part, or let go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from oscar.apps.payment.exceptions import PaymentError as ShippingRefused
from oscar.core.loading import get_class, get_model

from storefront.payments.errors import CaptureRefused, RefundTooLarge
from storefront.payments.models import Capture, CaptureTime, Finding, PaymentSetup, Refund
from storefront.payments.services import capture_payment, finish_capture, reconcile, release_payment
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import deliver_new, make_staff, refund
from tests.payments.shopper import make_product, stock_of, stripe_client

pytestmark = pytest.mark.django_db
EventHandler = get_class("order.processing", "EventHandler")
ShippingEventType = get_model("order", "ShippingEventType")


@pytest.fixture(autouse=True)
def _when_sent():
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)


@pytest.fixture
def clerk():
    return make_staff("payments.capture_payment", "payments.add_refund")


@pytest.fixture
def product():
    return make_product(price="20.00", stock=5)


@pytest.fixture
def order(shopper, product):
    """Two pieces, delivery included, paid with a card that only reserves the money."""
    shopper.add(product, quantity=2)
    order = shopper.order()
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    return order


def ship(order, clerk=None, django_capture=None):
    with django_capture(execute=True):
        EventHandler(clerk).handle_order_status_change(order.payment.order, "Shipped")


def at_stripe(order):
    return stripe_client().v1.payment_intents.retrieve(order.intent_id)


def test_order_is_accepted_with_its_stock_and_nothing_taken(order, product, standin):
    payment = order.payment
    assert (payment.state, payment.paid_at, payment.taken) == ("authorised", None, None)
    assert payment.order.status == "Authorised"
    assert stock_of(product) == (5, 2)
    assert payment.capture_before - payment.authorised_at > timedelta(days=6)
    source = payment.order.sources.get()
    assert (source.amount_allocated, source.amount_debited) == (payment.amount, 0)
    assert [t.txn_type for t in source.transactions.all()] == ["Authorise"]
    assert standin.every("balance_transaction") == []


def test_customer_is_told_that_nothing_is_taken_yet(shopper, product, django_capture_on_commit_callbacks):
    shopper.add(product)
    order = shopper.order()
    order.pay()
    with django_capture_on_commit_callbacks(execute=True):
        page = shopper.client.get(shopper.come_back(order).url).content.decode()
    assert "reserved and taken only when we send it" in page
    assert [message.to for message in mail.outbox] == [["anna@example.test"]]
    assert "reserved and taken only when we send it" in mail.outbox[0].body
    assert "is paid" not in mail.outbox[0].body


def test_shipping_takes_the_money_once(order, clerk, standin, moment, django_capture_on_commit_callbacks):
    ship(order, clerk, django_capture_on_commit_callbacks)
    payment = order.payment
    assert (payment.state, payment.taken_amount, payment.order.status) == ("paid", payment.amount, "Shipped")
    order.deliver("payment_intent.succeeded")
    reconcile(now=moment)
    assert len(standin.requests(f"/v1/payment_intents/{order.intent_id}/capture")) == 1
    capture = Capture.objects.get()
    assert (capture.state, capture.requested_by) == ("done", clerk)
    source = payment.order.sources.get()
    assert [t.txn_type for t in source.transactions.order_by("pk")] == ["Authorise", "Debit"]
    assert_books_agree(standin)


def test_nothing_is_asked_of_stripe_before_the_shipment_is_committed(order, clerk, standin):
    EventHandler(clerk).handle_order_status_change(order.payment.order, "Shipped")
    assert standin.requests(f"/v1/payment_intents/{order.intent_id}/capture") == []
    assert Capture.objects.get().state == "requested"


def test_shipment_whose_process_died_is_taken_by_reconciliation(order, clerk, standin, moment):
    EventHandler(clerk).handle_order_status_change(order.payment.order, "Shipped")
    reconcile(now=moment)
    reconcile(now=moment)
    assert (order.payment.state, order.payment.order.status) == ("paid", "Shipped")
    assert len(standin.requests(f"/v1/payment_intents/{order.intent_id}/capture")) == 1
    assert_books_agree(standin)


@pytest.mark.parametrize("kind", ["drop", "lose_answer", "error_500", "error_500_after", "error_429"])
def test_capture_without_an_answer_is_found_or_asked_again(
    order, clerk, standin, moment, kind, django_capture_on_commit_callbacks
):
    standin.fail_next(kind, path="/v1/payment_intents/*/capture", method="POST")
    ship(order, clerk, django_capture_on_commit_callbacks)
    reconcile(now=moment)
    assert standin.faults.listed() == []
    assert (order.payment.state, Capture.objects.get().state) == ("paid", "done")
    assert len(standin.events("charge.captured")) == 1
    assert_books_agree(standin)


def test_parcels_for_every_piece_take_the_money(order, clerk, standin, django_capture_on_commit_callbacks):
    shipped, _ = ShippingEventType.objects.get_or_create(name="Shipped", code="shipped")
    placed = order.payment.order
    with django_capture_on_commit_callbacks(execute=True):
        EventHandler(clerk).handle_shipping_event(placed, shipped, list(placed.lines.all()), [1])
    assert order.payment.state == "authorised"
    with django_capture_on_commit_callbacks(execute=True):
        EventHandler(clerk).handle_shipping_event(placed, shipped, list(placed.lines.all()), [1])
    assert order.payment.state == "paid"


def test_of_a_part_sent_the_rest_is_released(
    order, clerk, standin, moment, django_capture_on_commit_callbacks
):
    shipped, _ = ShippingEventType.objects.get_or_create(name="Shipped", code="shipped")
    placed = order.payment.order
    EventHandler(clerk).handle_shipping_event(placed, shipped, list(placed.lines.all()), [1])
    ship(order, clerk, django_capture_on_commit_callbacks)
    payment = order.payment
    assert (payment.state, payment.taken) == ("paid", payment.amount - Decimal("20.00"))
    reconcile(now=moment)
    reconcile(now=moment + timedelta(days=2))
    assert_books_agree(standin)
    assert not Finding.objects.filter(state="open").exists()


def test_of_a_part_taken_no_more_than_it_is_given_back(order, clerk, standin, moment):
    capture_payment(payment_id=order.payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    refund(order, "10.00", by=clerk)
    assert Refund.objects.get().state == "succeeded"
    with pytest.raises(RefundTooLarge, match="Between 0 and 0"):
        refund(order, "0.01", by=clerk)
    assert_books_agree(standin)


@pytest.mark.parametrize("amount", ["0", "-1", "1000"])
def test_more_than_is_reserved_is_refused(order, clerk, moment, amount):
    with pytest.raises(CaptureRefused):
        capture_payment(payment_id=order.payment.pk, amount=Decimal(amount), by=clerk, now=moment)
    assert not Capture.objects.exists()


def test_second_capture_is_refused(order, clerk, moment, standin):
    standin.fail_next("drop", path="/v1/payment_intents/*/capture", method="POST")
    capture_payment(payment_id=order.payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    with pytest.raises(CaptureRefused, match="being taken already"):
        capture_payment(payment_id=order.payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    reconcile(now=moment)
    assert at_stripe(order).amount_received == 1000


def test_capture_in_stripes_dashboard_is_taken_in(order, standin):
    stripe_client().v1.payment_intents.capture(order.intent_id, {"amount_to_capture": 500})
    order.deliver("payment_intent.succeeded")
    assert (order.payment.state, order.payment.taken) == ("paid", Decimal("5.00"))
    assert_books_agree(standin)


def test_released_money_frees_the_stock_and_cancels_the_order(order, product, clerk, standin, moment):
    payment = release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
    assert (payment.state, payment.order.status) == ("cancelled", "Cancelled")
    assert at_stripe(order).status == "canceled"
    assert stock_of(product) == (5, 0)
    assert payment.order.sources.get().amount_allocated == 0
    deliver_new(standin, "payment_intent.canceled")
    assert_books_agree(standin)


def test_order_cancelled_in_the_back_office_releases_the_money(order, product, standin, moment):
    EventHandler().handle_order_status_change(order.payment.order, "Cancelled")
    reconcile(now=moment)
    assert (order.payment.state, at_stripe(order).status) == ("cancelled", "canceled")
    assert stock_of(product) == (5, 0)


def test_released_order_cannot_be_sent_though_stripe_has_not_answered(order, product, clerk, standin, moment):
    standin.fail_next("drop", path="/v1/payment_intents/*/cancel", method="POST")
    payment = release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
    assert (payment.state, payment.order.status) == ("authorised", "Cancelled")
    placed, (shipped, _) = order.payment.order, ShippingEventType.objects.get_or_create(code="shipped")
    with pytest.raises(ShippingRefused, match="its money not taken"):
        EventHandler(clerk).handle_order_status_change(placed, "Shipped")
    with pytest.raises(ShippingRefused, match="its money not taken"):
        EventHandler(clerk).handle_shipping_event(placed, shipped, list(placed.lines.all()), [1])
    with pytest.raises(CaptureRefused, match="its reserved money released"):
        capture_payment(payment_id=payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    with pytest.raises(CaptureRefused, match="its reserved money released"):
        release_payment(payment_id=payment.pk, by=clerk, now=moment)
    reconcile(now=moment)
    assert (order.payment.state, at_stripe(order).status) == ("cancelled", "canceled")
    assert stock_of(product) == (5, 0)
    assert not Finding.objects.filter(state="open").exists()


def test_what_is_sent_in_part_is_neither_released_nor_cancelled(order, clerk, moment):
    shipped, _ = ShippingEventType.objects.get_or_create(name="Shipped", code="shipped")
    placed = order.payment.order
    EventHandler(clerk).handle_shipping_event(placed, shipped, list(placed.lines.all()), [1])
    with pytest.raises(CaptureRefused, match="is sent, or a part of it"):
        release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
    with pytest.raises(ShippingRefused, match="is sent, or a part of it"):
        EventHandler(clerk).handle_order_status_change(placed, "Cancelled")
    assert (order.payment.state, order.payment.order.status) == ("authorised", "Authorised")


def test_order_whose_money_is_being_taken_is_neither_released_nor_cancelled(order, clerk, standin, moment):
    standin.fail_next("drop", path="/v1/payment_intents/*/capture", method="POST")
    capture_payment(payment_id=order.payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    with pytest.raises(CaptureRefused, match="being taken already"):
        release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
    with pytest.raises(ShippingRefused, match="being taken already"):
        EventHandler(clerk).handle_order_status_change(order.payment.order, "Cancelled")
    reconcile(now=moment)
    assert (order.payment.state, order.payment.order.status) == ("paid", "Paid")


def test_money_taken_in_stripes_dashboard_is_not_released(order, clerk, moment):
    stripe_client().v1.payment_intents.capture(order.intent_id)
    payment = release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
    assert (payment.state, payment.order.status) == ("paid", "Paid")


def test_shopper_cannot_cancel_what_is_reserved(shopper, order):
    shopper.client.post(f"/checkout/pay/{order.token}/change/")
    assert (order.payment.state, at_stripe(order).status) == ("authorised", "requires_capture")


def test_expired_authorisation_is_found_by_reconciliation(order, product, standin, moment):
    reconcile(now=moment + timedelta(days=5, hours=1))
    finding = Finding.objects.get()
    assert (finding.kind, finding.due_at) == ("authorisation_ends", order.payment.capture_before)
    standin.expire_authorisation(order.intent_id)
    reconcile(now=moment + timedelta(days=7))
    assert (order.payment.state, order.payment.order.status) == ("expired", "Cancelled")
    assert stock_of(product) == (5, 0)
    finding.refresh_from_db()
    assert finding.state == "resolved"


def test_sent_after_the_authorisation_ended_needs_a_person(order, clerk, standin, moment, product):
    standin.expire_authorisation(order.intent_id)
    EventHandler(clerk).handle_order_status_change(order.payment.order, "Shipped")
    reconcile(now=moment)
    assert (order.payment.state, order.payment.order.status) == ("expired", "Shipped")
    assert stock_of(product) == (5, 2), "what is sent is not for sale again"
    assert Capture.objects.get().state == "refused"
    finding = Finding.objects.get(kind="capture_failed")
    assert finding.facts["order"] == order.payment.order.number


def test_shopper_paying_while_the_order_expires_keeps_it(shopper, product, moment):
    shopper.add(product)
    order = shopper.order()
    order.pay()
    reconcile(now=moment + timedelta(hours=2))
    assert (order.payment.state, at_stripe(order).status) == ("authorised", "requires_capture")


def test_way_that_cannot_reserve_is_taken_at_once(shopper, product, standin):
    shopper.add(product)
    order = shopper.order()
    stripe_client().v1.payment_intents.update(
        order.intent_id, {"payment_method_options": {"card": {"capture_method": ""}}}
    )
    order.pay()
    order.deliver("payment_intent.succeeded")
    assert (order.payment.state, order.payment.order.status) == ("paid", "Paid")
    assert_books_agree(standin)


def test_other_amount_reserved_is_no_order(shopper, product):
    shopper.add(product)
    order = shopper.order()
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    assert (order.payment.state, order.payment.order.status) == ("mismatch", "Awaiting payment")


def test_order_placed_before_the_setting_changed_keeps_its_way(shopper, product):
    setup = PaymentSetup.load()
    setup.capture = CaptureTime.AT_ONCE
    setup.save()
    shopper.add(product)
    order = shopper.order()
    setup.capture = CaptureTime.WHEN_SENT
    setup.save()
    order.pay()
    order.deliver()
    assert order.payment.state == "paid"


def test_capture_finished_twice_takes_once(order, clerk, standin, moment):
    capture = capture_payment(payment_id=order.payment.pk, amount=Decimal("10.00"), by=clerk, now=moment)
    finish_capture(capture_id=capture.pk, now=moment)
    assert len(standin.events("charge.captured")) == 1
