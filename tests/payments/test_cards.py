"""Cards a customer keeps: only after their tick, theirs alone, deleted when they say so or leave."""

import contextlib

import pytest
import stripe
from django.test import Client
from django.utils import timezone

from storefront.payments import selectors
from storefront.payments.errors import CardNotFound, GatewayError
from storefront.payments.models import CardConsent, StripeCustomer
from storefront.payments.services import begin_card, delete_card, reconcile
from storefront.privacy.services import erase_customer
from tests.payments.books_agree import assert_books_agree
from tests.payments.shopper import Shopper, make_product, stripe_client
from tests.servers.stripe.faults import KINDS

pytestmark = pytest.mark.django_db
BACK = "https://shop.example.test/"


@pytest.fixture
def anna(django_user_model):
    return django_user_model.objects.create_user("anna@example.test", "a long pass phrase")


@pytest.fixture
def signed_in(anna, standin):
    client = Client()
    client.force_login(anna, backend="oscar.apps.customer.auth_backends.EmailBackend")
    shopper = Shopper(standin, client)
    shopper.add(make_product(price="20.00", stock=9))
    return shopper


def intent_of(order):
    return stripe_client().v1.payment_intents.retrieve(order.intent_id)


def keep_card(user, method="pm_card_visa"):
    setup = begin_card(user=user, has_agreed=True, now=timezone.now())
    stripe_client().v1.setup_intents.confirm(setup.id, {"payment_method": method, "return_url": BACK})
    return selectors.saved_cards(user)[0].id


def test_without_the_tick_nothing_is_kept(signed_in, anna, standin):
    order = signed_in.order()
    order.pay()
    order.deliver()
    assert (intent_of(order).setup_future_usage, intent_of(order).customer) == (None, None)
    assert standin.every("customer") == []
    assert not StripeCustomer.objects.exists()
    assert not CardConsent.objects.exists()


def test_tick_keeps_the_card_with_its_words_and_time(signed_in, anna, standin):
    order = signed_in.order(save_card="yes")
    intent = intent_of(order)
    assert intent.setup_future_usage == "on_session"
    order.pay()
    order.deliver()
    consent = CardConsent.objects.get()
    assert (consent.payment, consent.customer.user) == (order.payment, anna)
    assert "charged only when I order and choose it" in consent.text
    assert consent.given_at == order.payment.created_at
    assert [card.last4 for card in selectors.saved_cards(anna)] == ["4242"]
    assert_books_agree(standin)


def test_declined_card_is_not_kept(signed_in, anna):
    order = signed_in.order(save_card="yes")
    with pytest.raises(stripe.CardError):
        order.pay("pm_card_chargeDeclined")
    assert selectors.saved_cards(anna) == []


def test_guest_cannot_tick(shopper, standin):
    shopper.add(make_product())
    page = shopper.open_checkout().content.decode()
    assert "data-save-card" not in page
    order = shopper.order(save_card="yes")
    assert intent_of(order).setup_future_usage is None
    assert standin.every("customer") == []


def test_one_customer_at_stripe_for_many_orders(signed_in, anna, standin):
    signed_in.order(save_card="yes")
    signed_in.add(make_product(sku="other"))
    order = signed_in.order()
    assert len(standin.every("customer")) == 1
    assert intent_of(order).customer == StripeCustomer.objects.get().customer_id
    assert intent_of(order).setup_future_usage is None


def test_kept_card_pays_the_next_order(signed_in, anna, standin):
    card = keep_card(anna)
    order = signed_in.order()
    order.pay(card)
    order.deliver()
    assert order.payment.is_paid
    assert_books_agree(standin)


def test_kept_card_pays_nobody_elses_order(signed_in, anna, standin):
    card = keep_card(anna)
    other = Shopper(standin, Client())
    other.add(make_product(sku="other"))
    order = other.order()
    with pytest.raises(stripe.InvalidRequestError, match="belongs to another customer"):
        order.pay(card)


def test_card_form_gets_a_session_only_for_its_own_customer(signed_in, anna, standin):
    page = signed_in.open_checkout().content.decode()
    assert "data-cards-url" not in page
    keep_card(anna)
    page = signed_in.open_checkout().content.decode()
    assert 'data-cards-url="/checkout/cards/"' in page
    secret = signed_in.client.post("/checkout/cards/").json()["client_secret"]
    session = standin.every("customer_session")[-1]
    assert (session["client_secret"], session["customer"]) == (
        secret,
        StripeCustomer.objects.get().customer_id,
    )
    features = session["components"]["payment_element"]["features"]
    assert features["payment_method_save"] == "disabled"
    assert Client().post("/checkout/cards/").json() == {"client_secret": ""}


def test_link_to_an_order_shows_its_customers_cards_to_nobody_else(signed_in, anna):
    keep_card(anna)
    order = signed_in.order()
    assert "data-cards-url" in signed_in.client.get(f"/checkout/pay/{order.token}/").content.decode()
    assert "data-cards-url" not in Client().get(f"/checkout/pay/{order.token}/").content.decode()


def test_account_adds_lists_and_deletes(signed_in, anna, standin):
    assert "No cards yet" in signed_in.client.get("/account/cards/").content.decode()
    page = signed_in.client.post("/account/cards/add/", {"save_card": "yes"}).content.decode()
    setup = standin.every("setup_intent")[0]
    assert setup["client_secret"] in page
    assert setup["usage"] == "on_session"
    stripe_client().v1.setup_intents.confirm(
        setup["id"], {"payment_method": "pm_card_visa", "return_url": BACK}
    )
    assert "•••• 4242" in signed_in.client.get("/account/cards/").content.decode()
    card = selectors.saved_cards(anna)[0].id
    answer = signed_in.client.post(f"/account/cards/{card}/delete/", follow=True).content.decode()
    assert "The card is deleted." in answer
    assert "No cards yet" in answer
    assert CardConsent.objects.count() == 1


def test_account_keeps_no_card_without_the_tick(signed_in, standin):
    answer = signed_in.client.post("/account/cards/add/", {})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode()
    assert standin.every("customer") == standin.every("setup_intent") == []


def test_nobody_deletes_another_customers_card(signed_in, anna, django_user_model):
    card = keep_card(anna)
    mallory = django_user_model.objects.create_user("mallory@example.test", "a long pass phrase")
    keep_card(mallory)
    with pytest.raises(CardNotFound):
        delete_card(user=mallory, card_id=card)
    assert len(selectors.saved_cards(anna)) == 1


def test_account_pages_ask_who_is_there(standin):
    for address in ("/account/cards/", "/account/cards/add/"):
        assert Client().get(address).status_code == 302


def test_account_says_so_when_stripe_cannot_be_asked(signed_in, anna, standin):
    keep_card(anna)
    standin.fail_next("drop", path="/v1/customers/*/payment_methods")
    answer = signed_in.client.get("/account/cards/")
    assert answer.status_code == 200
    assert "cannot be shown just now" in answer.content.decode()


def test_erased_account_is_deleted_at_stripe(anna, standin, django_capture_on_commit_callbacks):
    keep_card(anna)
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(customer=anna)
    assert all(customer.get("deleted") for customer in standin.every("customer"))
    assert not StripeCustomer.objects.exists()
    assert not CardConsent.objects.exists()


@pytest.mark.parametrize("kind", ["drop", "lose_answer", "error_500", "error_500_after", "error_429"])
def test_erasing_is_finished_by_reconciliation(
    anna, standin, moment, kind, django_capture_on_commit_callbacks
):
    keep_card(anna)
    standin.fail_next(kind, path="/v1/customers/*", method="DELETE")
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(customer=anna)
    reconcile(now=moment)
    assert standin.faults.listed() == []
    assert all(customer.get("deleted") for customer in standin.every("customer"))
    assert not StripeCustomer.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/customers"),
        ("POST", "/v1/setup_intents"),
        ("POST", "/v1/customer_sessions"),
        ("GET", "/v1/customers/*/payment_methods"),
        ("POST", "/v1/payment_methods/*/detach"),
    ],
)
def test_every_call_may_fail_once(anna, standin, settings, kind, method, path):
    if kind == "timeout":
        settings.STRIPE_TIMEOUT_SECONDS = 1
    standin.fail_next(kind, path=path, method=method, seconds=0.1 if kind == "delay" else 1.3)

    def twice(act):
        try:
            return act()
        except (GatewayError, CardNotFound):
            return act()

    setup = twice(lambda: begin_card(user=anna, has_agreed=True, now=timezone.now()))
    stripe_client().v1.setup_intents.confirm(setup.id, {"payment_method": "pm_card_visa", "return_url": BACK})
    twice(lambda: selectors.card_session(anna))
    card = twice(lambda: selectors.saved_cards(anna))[0]
    with contextlib.suppress(CardNotFound):  # done, though the first answer did not say so
        twice(lambda: delete_card(user=anna, card_id=card.id))
    assert standin.faults.listed() == [], "the call under test was never made"
    assert selectors.saved_cards(anna) == []
    assert StripeCustomer.objects.get().customer_id
