"""Bank transfer: ordered now, paid when a person has seen the money, and never mistaken for Stripe's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from storefront.payments import selectors
from storefront.payments.errors import PaymentClosed, RefundBlocked, RefundTooLarge, TransferRefused
from storefront.payments.iban import is_iban, spaced
from storefront.payments.models import BankTransferSetup, Finding, Payment, TransferReceipt
from storefront.payments.services import (
    cancel_transfer,
    confirm_transfer,
    expire_payments,
    open_intent,
    reconcile,
    record_manual_refund,
    request_refund,
)
from tests.payments.merchant import make_staff
from tests.payments.shopper import make_product, stock_of

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def account():
    setup = BankTransferSetup(
        is_offered=True, account_holder="Good Things GmbH", iban=IBAN, bic="cobadeffxxx", days_to_pay=5
    )
    setup.clean()
    setup.save()
    return setup


@pytest.fixture
def clerk():
    return make_staff("payments.confirm_transfer", "payments.add_refund")


@pytest.fixture
def placed(shopper, mailoutbox, django_capture_on_commit_callbacks):
    """Return the payment of an order placed by bank transfer, and its product."""
    product = make_product(price="19.99", stock=3)
    shopper.add(product)
    with django_capture_on_commit_callbacks(execute=True):
        answer = shopper.send(shopper.form(way="bank_transfer"))
    assert answer.status_code == 200, answer.content
    payment = Payment.objects.select_related("order").get()
    payment.page, payment.product = answer.json()["redirect"], product
    return payment


def confirm(payment, amount, *, by, now, **changes):
    details = {"received_on": date(2026, 11, 26), "statement": "A LIND", **changes}
    return confirm_transfer(payment_id=payment.pk, amount=Decimal(amount), by=by, now=now, **details)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_checkout_offers_both_ways_and_asks_stripe_for_nothing(shopper, standin, placed):
    shopper.add(make_product())
    page = text_of(shopper.open_checkout())
    assert 'value="stripe" checked' in page
    assert 'value="bank_transfer"' in page
    assert standin.every("payment_intent") == []
    assert (placed.way, placed.state, placed.intent_id) == ("bank_transfer", "awaiting", None)


def test_order_page_and_mail_say_where_to_send_the_money(shopper, placed, mailoutbox):
    page = text_of(shopper.client.get(placed.page))
    number = placed.order.number
    for words in (
        "DE89 3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "Good Things GmbH",
        number,
        "Waiting for your transfer",
    ):
        assert words in page
    (mail,) = mailoutbox
    assert mail.to == ["anna@example.test"]
    assert number in mail.subject
    for body in (mail.body, mail.alternatives[0][0]):
        assert "DE89 3704 0044 0532 0130 00" in body
        assert number in body


def test_stock_is_kept_for_the_days_to_pay_and_free_after_them(placed, standin):
    assert placed.expires_at - placed.created_at == timedelta(days=5)
    assert stock_of(placed.product) == (3, 1)
    assert expire_payments(now=placed.created_at + timedelta(days=4)) == 0
    assert expire_payments(now=placed.created_at + timedelta(days=5, minutes=1)) == 1
    placed.refresh_from_db()
    placed.order.refresh_from_db()
    assert (placed.state, placed.order.status) == ("expired", "Cancelled")
    assert stock_of(placed.product) == (3, 0)
    assert standin.requests() == []


def test_confirmed_transfer_pays_the_order_once(
    placed, clerk, moment, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        confirm(placed, placed.amount, by=clerk, now=moment)
    with pytest.raises(TransferRefused, match="confirmed already"):
        confirm(placed, placed.amount, by=clerk, now=moment)
    placed.refresh_from_db()
    placed.order.refresh_from_db()
    assert (placed.state, placed.order.status, placed.method) == ("paid", "Paid", "Bank transfer")
    assert TransferReceipt.objects.get().confirmed_by == clerk
    source = placed.order.sources.get()
    assert (source.source_type.code, source.amount_debited) == ("bank-transfer", placed.amount)
    assert placed.order.payment_events.count() == 1
    assert len(mailoutbox) == 2
    assert "is paid" in mailoutbox[1].body


@pytest.mark.parametrize(("amount", "words"), [("10.00", "are missing"), ("500.00", "too much arrived")])
def test_other_amount_is_refused_and_nothing_changes(placed, clerk, moment, amount, words):
    with pytest.raises(TransferRefused, match=words):
        confirm(placed, amount, by=clerk, now=moment)
    placed.refresh_from_db()
    assert placed.state == "awaiting"
    assert not TransferReceipt.objects.exists()
    assert not placed.order.sources.exists()


def test_nobody_confirms_or_cancels_without_the_permission(placed, moment):
    packer = make_staff("payments.add_refund", email="packer@example.test")
    with pytest.raises(PermissionDenied):
        confirm(placed, placed.amount, by=packer, now=moment)
    with pytest.raises(PermissionDenied):
        cancel_transfer(payment_id=placed.pk, by=packer, now=moment)
    placed.refresh_from_db()
    assert placed.state == "awaiting"


def test_cancelled_transfer_frees_the_stock_and_is_confirmed_no_more(placed, clerk, moment):
    cancel_transfer(payment_id=placed.pk, by=clerk, now=moment)
    assert stock_of(placed.product) == (3, 0)
    with pytest.raises(TransferRefused, match="send it back"):
        confirm(placed, placed.amount, by=clerk, now=moment)
    with pytest.raises(TransferRefused, match="is closed"):
        cancel_transfer(payment_id=placed.pk, by=clerk, now=moment)
    assert Payment.objects.get().state == "cancelled"


def test_stripe_is_never_asked_for_a_transfer(placed, standin, clerk, moment):
    with pytest.raises(PaymentClosed, match="bank transfer"):
        open_intent(payment_id=placed.pk, now=moment)
    confirm(placed, placed.amount, by=clerk, now=moment)
    with pytest.raises(RefundBlocked, match="from your bank"):
        request_refund(
            payment_id=placed.pk, amount=Decimal(1), reason="duplicate", note="", by=clerk, now=moment
        )
    assert standin.requests() == []


def test_reconciliation_finds_nothing_wrong_with_a_transfer(placed, clerk, moment):
    confirm(placed, placed.amount, by=clerk, now=moment)
    done = reconcile(now=moment + timedelta(days=2))
    assert (done.findings, done.failed) == (0, 0)
    assert not Finding.objects.exists()
    assert list(selectors.money_of_orders(order_ids=[placed.order_id])) == []


def test_money_sent_back_is_recorded_once_and_never_more_than_came(placed, clerk, moment):
    confirm(placed, placed.amount, by=clerk, now=moment)
    details = {
        "payment_id": placed.pk,
        "reason": "requested_by_customer",
        "note": "",
        "by": clerk,
        "now": moment,
    }
    for _ in range(2):
        refund = record_manual_refund(key="a" * 32, amount=Decimal("5.00"), **details)
    with pytest.raises(RefundTooLarge):
        record_manual_refund(key="b" * 32, amount=placed.amount, **details)
    assert refund.state == "succeeded"
    ledger = selectors.ledger_of(Payment.objects.get())
    assert (ledger.taken, ledger.refunded) == (placed.amount, Decimal("5.00"))
    assert placed.order.sources.get().amount_refunded == Decimal("5.00")
    assert reconcile(now=moment).findings == 0


def test_database_refuses_an_intent_on_a_transfer_and_a_paid_order_without_either(placed, moment):
    with pytest.raises(IntegrityError, match="payment_transfer_has_no_intent"), transaction.atomic():
        Payment.objects.filter(pk=placed.pk).update(intent_id="pi_1")
    with pytest.raises(IntegrityError, match="payment_paid_has_intent"), transaction.atomic():
        Payment.objects.filter(pk=placed.pk).update(way="stripe", state="paid", paid_at=moment)


def test_shop_without_stripe_takes_orders_by_transfer(shopper, settings, moment):
    settings.STRIPE_SECRET_KEY = ""
    shopper.add(make_product())
    page = text_of(shopper.open_checkout())
    assert "Order and pay by bank transfer" in page
    assert "Payments are not set up" not in page
    answer = shopper.send(shopper.form())
    assert answer.status_code == 200, answer.content
    assert Payment.objects.get().way == "bank_transfer"
    assert reconcile(now=moment).failed == 0


def test_transfer_that_is_not_offered_in_the_currency_is_refused(shopper, account):
    shopper.add(make_product())
    form = shopper.form(way="bank_transfer")
    account.currencies = "EUR"
    account.save()
    assert 'value="bank_transfer"' not in text_of(shopper.open_checkout())
    answer = shopper.send(form)
    assert answer.status_code == 400
    assert "not offered any more" in answer.json()["problem"]
    assert not Payment.objects.exists()


def test_without_javascript_the_form_leads_to_the_account(shopper):
    shopper.add(make_product())
    answer = shopper.client.post("/checkout/place-order/", shopper.form(way="bank_transfer"), follow=True)
    assert "DE89 3704 0044 0532 0130 00" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [("iban", "DE89370400440532013001"), ("bic", "COBA"), ("currencies", "EURO"), ("iban", "")],
)
def test_account_no_money_could_reach_is_refused(account, field, value):
    setattr(account, field, value)
    with pytest.raises(ValidationError) as refused:
        account.clean()
    assert list(refused.value.message_dict) == [field]


def test_iban_check_digits():
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB83 WEST 1234 5698 7654 32")
    assert spaced("de89370400440532013000") == "DE89 3704 0044 0532 0130 00"
