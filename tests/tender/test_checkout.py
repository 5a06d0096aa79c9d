"""Gift cards and store credit at checkout: through the page, the order and the card's charge."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.services import expire_payments
from storefront.tender.models import CreditAccount, CreditEntry
from storefront.tender.services import give_store_credit, issue_gift_card, return_credit
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db
Order = get_model("order", "Order")


def card_worth(amount, currency="USD", **more):
    return issue_gift_card(amount=Decimal(amount), currency=currency, now=timezone.now(), **more)


def enter(shopper, code):
    """Use a gift card as the checkout page does; return the page that comes back."""
    return shopper.client.post("/checkout/credit/", shopper.form(credit="add", gift_card=code))


def balance(account):
    account.refresh_from_db()
    assert account.balance == account.entries.aggregate(sum=Sum("amount"))["sum"]
    return account.balance


@pytest.fixture
def basket(shopper):
    """A basket of 19.99, 4.90 of delivery."""
    shopper.add(make_product(price="19.99"))
    return shopper


def total_of(page):
    return page.context["summary"].total


def test_card_pays_first_and_the_rest_is_charged(basket):
    card = card_worth("10.00")
    page = enter(basket, card.code.lower().replace("-", " "))
    summary = page.context["summary"]
    assert summary.totals.credit == Decimal("10.00")
    assert summary.minor_total == int((summary.total - 10) * 100)
    order = basket.order()
    payment = order.payment
    assert payment.amount + Decimal("10.00") == payment.order.total_incl_tax == summary.total
    assert order.answer["amount"] == summary.minor_total
    assert balance(card.account) == 0
    order.pay()
    assert basket.come_back(order).status_code == 302
    assert order.payment.state == "paid"


def test_what_was_typed_stays_when_a_card_is_entered(basket):
    page = enter(basket, card_worth("10.00").code)
    assert page.context["forms"].shipping["line1"].value() == "14 Linden Street"
    assert page.context["errors"] == []


def test_card_that_covers_everything_pays_without_stripe(
    basket, mailoutbox, django_capture_on_commit_callbacks
):
    card = card_worth("100.00")
    total = total_of(enter(basket, card.code))
    with django_capture_on_commit_callbacks(execute=True):
        answer = basket.send(basket.form())
    assert "/checkout/thank-you/" in answer.json()["redirect"]
    payment = Payment.objects.get()
    assert (payment.state, payment.amount, payment.order.status) == ("paid", 0, "Paid")
    assert balance(card.account) == Decimal("100.00") - total
    assert basket.standin.requests("/v1/payment_intents") == []
    assert f"Gift cards and store credit: −${total}" in mailoutbox[0].body


def test_unknown_empty_expired_blocked_and_foreign_cards_are_refused_with_a_reason(basket):
    gone = card_worth("5.00", expires_on=timezone.now().date() - timedelta(days=1))
    blocked = card_worth("5.00")
    CreditAccount.objects.filter(pk=blocked.account.pk).update(is_blocked=True)
    for code, sentence in (
        ("K7QM-2FXW-9RTA-HD3P", "No gift card has this code."),
        (blocked.code, "No gift card has this code."),
        (gone.code, "Nothing is left on this gift card, or it is no longer valid."),
        (card_worth("5.00", "EUR").code, "This gift card is in EUR; this order is in USD."),
    ):
        page = enter(basket, code)
        assert sentence in page.context["credit_problem"]
        assert page.context["summary"].totals.credit == 0


def test_card_can_be_taken_off_again(basket):
    card = card_worth("10.00")
    enter(basket, card.code)
    page = basket.client.post("/checkout/credit/", basket.form(credit=f"remove-{card.account.pk}"))
    assert page.context["summary"].totals.credit == 0


def test_card_spent_elsewhere_meanwhile_stops_the_order_before_anything_is_charged(basket):
    card = card_worth("10.00")
    summary = enter(basket, card.code).context["summary"]
    CreditAccount.objects.filter(pk=card.account.pk).update(is_blocked=True)
    answer = basket.send(basket.form(shown_total=str(summary.total), shown_credit="10.00"))
    assert answer.status_code == 409
    assert "Your gift card or store credit has changed" in answer.json()["problem"]
    assert Order.objects.count() == 0
    assert balance(card.account) == Decimal("10.00")


def test_order_nobody_pays_gives_the_credit_back_once(basket, moment):
    card = card_worth("10.00")
    enter(basket, card.code)
    order = basket.order()
    assert balance(card.account) == 0
    for _ in range(2):
        expire_payments(now=moment + timedelta(hours=2))
    assert order.payment.state == "expired"
    assert balance(card.account) == Decimal("10.00")
    assert [e.reason for e in card.account.entries.order_by("pk")] == ["issued", "spent", "returned"]


def test_paid_order_cancelled_by_the_merchant_gives_the_credit_back(basket, admin_client):
    card = card_worth("100.00")
    enter(basket, card.code)
    basket.send(basket.form())
    order = Order.objects.get()
    admin_client.post(
        f"/admin/shop/orders/{order.number}/",
        {"order_action": "change_order_status", "new_status": "Cancelled"},
    )
    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert balance(card.account) == Decimal("100.00")


def test_partial_returns_never_exceed_what_was_taken(basket):
    card = card_worth("10.00")
    enter(basket, card.code)
    order, now = basket.order().payment.order, timezone.now()
    assert return_credit(order=order, now=now, amount=Decimal("4.00"), key="refund-1") == Decimal("4.00")
    assert return_credit(order=order, now=now, amount=Decimal("4.00"), key="refund-1") == 0
    assert return_credit(order=order, now=now, amount=Decimal("9.00"), key="refund-2") == Decimal("6.00")
    assert return_credit(order=order, now=now) == 0
    assert balance(card.account) == Decimal("10.00")


def test_store_credit_is_used_when_the_customer_says_so(shopper):
    user = get_user_model().objects.create_user(email="anna@example.test", password="correct horse")
    credit = give_store_credit(customer=user, amount=Decimal("5.00"), currency="USD", now=timezone.now())
    shopper.client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    shopper.add(make_product())
    page = shopper.open_checkout()
    assert "You have $5.00 of store credit." in page.content.decode()
    assert page.context["summary"].totals.credit == 0
    page = shopper.client.post("/checkout/credit/", shopper.form(credit="use"))
    assert page.context["summary"].totals.credit == Decimal("5.00")
    shopper.order()
    assert balance(credit) == 0


def test_same_key_gives_store_credit_once(db):
    user = get_user_model().objects.create_user(email="anna@example.test", password="correct horse")
    for _ in range(2):
        account = give_store_credit(
            customer=user, amount=Decimal("5.00"), currency="USD", now=timezone.now(), key="goodwill-1"
        )
    assert balance(account) == Decimal("5.00")


def test_code_is_not_kept(db):
    card = card_worth("5.00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tender_creditaccount")
        row = str(cursor.fetchall())
    assert card.code not in row
    assert card.code.replace("-", "") not in row


def test_database_refuses_debt_and_changes_to_the_ledger(db):
    account = card_worth("5.00").account
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.filter(pk=account.pk).update(balance=-1)
    with pytest.raises(DatabaseError, match="ledger of credit cannot be changed"), transaction.atomic():
        CreditEntry.objects.filter(account=account).update(amount=50)
    assert balance(account) == Decimal("5.00")
