"""Payment intents through the real client: paid, declined, authenticated, captured, cancelled."""

import urllib.error
import urllib.parse
import urllib.request

import pytest
import stripe

from tests.servers.stripe import StripeStandIn

from .conftest import RETURN_URL, connect

CARD = {"type": "card", "card": {"exp_month": 12, "exp_year": 2040, "cvc": "123"}}


def make_method(client: stripe.StripeClient, number: str) -> str:
    return client.v1.payment_methods.create({**CARD, "card": {**CARD["card"], "number": number}}).id


def confirm_in_browser(client: stripe.StripeClient, intent: stripe.PaymentIntent, number: str):
    params = {"payment_method": make_method(client, number), "return_url": RETURN_URL}
    return client.v1.payment_intents.confirm(intent.id, {**params, "client_secret": intent.client_secret})


def new_intent(client: stripe.StripeClient, **params: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create({"amount": 1099, "currency": "eur", **params})


def test_a_new_intent_has_the_fields_of_stripe(client) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 1099,
            "currency": "EUR",
            "automatic_payment_methods": {"enabled": True},
            "metadata": {"order": "100007"},
            "description": "Order 100007",
            "receipt_email": "ada@shop.example",
            "shipping": {"name": "Ada", "address": {"line1": "1 rue X", "city": "Paris", "country": "FR"}},
        }
    )
    assert intent.id.startswith("pi_")
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert (intent.amount, intent.currency, intent.status) == (1099, "eur", "requires_payment_method")
    assert (intent.amount_received, intent.amount_capturable, intent.livemode) == (0, 0, False)
    assert intent.metadata["order"] == "100007"
    assert intent.shipping.address.country == "FR"
    assert (intent.description, intent.receipt_email) == ("Order 100007", "ada@shop.example")
    assert intent.automatic_payment_methods.enabled is True
    assert intent.last_response.headers["Request-Id"].startswith("req_")
    assert intent.last_response.headers["Stripe-Version"] == stripe.api_version


def test_a_browser_pays_with_its_key_and_the_client_secret(client, browser_client, standin) -> None:
    intent = new_intent(client)
    answer = confirm_in_browser(browser_client, intent, "4242424242424242")
    assert answer.status == "succeeded"
    assert "metadata" not in answer  # the browser sees fewer fields
    paid = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge", "payment_method"]})
    assert (paid.status, paid.amount_received) == ("succeeded", 1099)
    assert paid.latest_charge.paid is True
    assert paid.latest_charge.payment_method_details.card.last4 == "4242"
    assert paid.payment_method.card.brand == "visa"
    types = [event["type"] for event in standin.events()]
    assert types == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_a_wrong_client_secret_pays_nothing(client, browser_client) -> None:
    intent = new_intent(client)
    wrong = new_intent(client).client_secret
    with pytest.raises(stripe.InvalidRequestError) as caught:
        browser_client.v1.payment_intents.confirm(
            intent.id, {"client_secret": wrong, "payment_method": "pm_card_visa", "return_url": RETURN_URL}
        )
    assert caught.value.code == "payment_intent_invalid_parameter"
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_browser_may_not_make_intents(browser_client, client) -> None:
    with pytest.raises(stripe.PermissionError) as caught:
        new_intent(browser_client)
    assert caught.value.error.code == "secret_key_required"
    assert client.v1.payment_intents.list().data == []


def test_a_shop_may_not_send_card_numbers(client, standin) -> None:
    with pytest.raises(stripe.CardError, match="generally unsafe"):
        make_method(client, "4242424242424242")
    assert standin.store.every("payment_method") == []


def test_after_a_decline_another_card_pays_the_same_intent(client, browser_client, standin) -> None:
    intent = new_intent(client)
    with pytest.raises(stripe.CardError) as caught:
        confirm_in_browser(browser_client, intent, "4000000000000002")
    error = caught.value
    assert (error.http_status, error.code, error.error.decline_code) == (
        402,
        "card_declined",
        "generic_decline",
    )
    assert error.error.payment_intent.id == intent.id
    declined = client.v1.payment_intents.retrieve(intent.id)
    assert (declined.status, declined.payment_method) == ("requires_payment_method", None)
    assert declined.last_payment_error.decline_code == "generic_decline"
    assert declined.amount_received == 0
    assert confirm_in_browser(browser_client, intent, "5555555555554444").status == "succeeded"
    paid = client.v1.payment_intents.retrieve(intent.id)
    assert (paid.last_payment_error, paid.amount_received) == (None, 1099)
    charges = client.v1.charges.list({"payment_intent": intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]
    assert len(standin.events("payment_intent.payment_failed")) == 1


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
    ],
)
def test_test_cards_are_declined_as_published(client, browser_client, number, code, decline_code) -> None:
    with pytest.raises(stripe.CardError) as caught:
        confirm_in_browser(browser_client, new_intent(client), number)
    assert caught.value.code == code
    assert getattr(caught.value.error, "decline_code", None) == decline_code


def test_a_mistyped_number_is_no_payment_method(browser_client) -> None:
    with pytest.raises(stripe.CardError) as caught:
        make_method(browser_client, "4242424242424241")
    assert caught.value.code == "incorrect_number"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def press(url: str, action: str) -> str:
    """Press a button of the authentication page and return the address it leads to."""
    opener = urllib.request.build_opener(_NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(url, data=f"action={action}".encode())
    assert caught.value.code == 303
    return caught.value.headers["Location"]


@pytest.mark.parametrize(
    ("action", "redirect_status", "status"),
    [("complete", "succeeded", "succeeded"), ("fail", "failed", "requires_payment_method")],
)
def test_3d_secure(client, browser_client, standin, action, redirect_status, status) -> None:
    intent = new_intent(client)
    waiting = confirm_in_browser(browser_client, intent, "4000002500003155")
    assert (waiting.status, waiting.next_action.type) == ("requires_action", "redirect_to_url")
    url = waiting.next_action.redirect_to_url.url
    assert b"Complete authentication" in urllib.request.urlopen(url).read()
    address = press(url, action)
    assert address.startswith(RETURN_URL)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert query["redirect_status"] == [redirect_status]
    assert query["payment_intent"] == [intent.id]
    after = client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.next_action) == (status, None)
    if status != "succeeded":
        assert after.last_payment_error.code == "payment_intent_authentication_failure"
    assert len(standin.events("payment_intent.requires_action")) == 1
    assert press(url, "complete") == address  # the buttons work once
    assert client.v1.payment_intents.retrieve(intent.id).status == status


def test_an_authentication_link_cannot_be_guessed(client, pay, standin) -> None:
    intent = pay("pm_card_authenticationRequired")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(
            f"{standin.base_url}/authenticate/{intent.id}/src_wrong", data=b"action=complete"
        )
    assert caught.value.code == 404
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_action"


def test_an_authorised_amount_is_captured_in_part(client, pay) -> None:
    held = pay(capture_method="manual")
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1099, 0)
    taken = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 1000})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 1000)
    with pytest.raises(stripe.InvalidRequestError, match=r"unrefunded|charge amount"):
        client.v1.refunds.create({"payment_intent": held.id, "amount": 1001})


def test_a_cancelled_intent_cannot_be_paid(client, standin) -> None:
    intent = new_intent(client)
    cancelled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
        )
    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error.payment_intent.status == "canceled"
    assert len(standin.events("payment_intent.canceled")) == 1


@pytest.mark.parametrize("act", ["cancel", "confirm", "capture", "update"])
def test_a_paid_intent_stays_as_it_is(client, pay, act) -> None:
    paid = pay()
    params = {
        "confirm": {"payment_method": "pm_card_visa", "return_url": RETURN_URL},
        "update": {"amount": 1500},
    }
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1.payment_intents, act)(paid.id, params.get(act, {}))
    assert caught.value.code == "payment_intent_unexpected_state"
    after = client.v1.payment_intents.retrieve(paid.id)
    assert (after.status, after.amount, after.amount_received) == ("succeeded", 1099, 1099)


def test_an_open_intent_takes_another_amount_and_metadata(client) -> None:
    intent = new_intent(client, metadata={"order": "1", "gone": "x"})
    changed = client.v1.payment_intents.update(
        intent.id, {"amount": 1500, "metadata": {"gone": "", "new": "2"}}
    )
    assert changed.amount == 1500
    assert changed.metadata.to_dict() == {"order": "1", "new": "2"}


def test_a_slow_method_is_processing_until_the_bank_answers(standin, client, pay) -> None:
    method = connect(standin).v1.payment_methods.create(
        {
            "type": "sepa_debit",
            "sepa_debit": {"iban": "DE89370400440532013000"},
            "billing_details": {"name": "Ada", "email": "ada@shop.example"},
        }
    )
    intent = pay(method.id)
    assert (intent.status, intent.amount_received) == ("processing", 0)
    standin.finish_processing(intent.id)
    assert client.v1.payment_intents.retrieve(intent.id).amount_received == 1099
    second = pay(method.id)
    standin.finish_processing(second.id, is_paid=False)
    assert client.v1.payment_intents.retrieve(second.id).status == "requires_payment_method"


def test_lists_are_newest_first_in_pages(client) -> None:
    made = [new_intent(client).id for _ in range(5)]
    first = client.v1.payment_intents.list({"limit": 2})
    assert [intent.id for intent in first.data] == [made[4], made[3]]
    assert first.has_more is True
    second = client.v1.payment_intents.list({"limit": 2, "starting_after": made[3]})
    assert [intent.id for intent in second.data] == [made[2], made[1]]
    before = client.v1.payment_intents.list({"limit": 2, "ending_before": made[1]})
    assert [intent.id for intent in before.data] == [made[3], made[2]]
    assert [intent.id for intent in first.auto_paging_iter()] == made[::-1]


def test_lists_are_cut_by_the_time_of_making(client) -> None:
    created = new_intent(client).created
    assert len(client.v1.payment_intents.list({"created": {"gte": created}}).data) == 1
    assert client.v1.payment_intents.list({"created": {"gt": created + 60}}).data == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"currency": "eur"}, "parameter_missing"),
        ({"amount": 49, "currency": "eur"}, "amount_too_small"),
        ({"amount": 100_000_000, "currency": "eur"}, "amount_too_large"),
        ({"amount": 1000, "currency": "zzz"}, None),
        ({"amount": 10.5, "currency": "eur"}, "parameter_invalid_integer"),
        ({"amount": 1099, "currency": "kwd"}, None),
        ({"amount": 1000, "currency": "eur", "bogus": "1"}, "parameter_unknown"),
        ({"amount": 1000, "currency": "eur", "customer": "cus_none"}, "resource_missing"),
        ({"amount": 1000, "currency": "eur", "payment_method": "pm_none"}, "resource_missing"),
    ],
)
def test_wrong_parameters_are_refused_and_make_nothing(params, code) -> None:
    with StripeStandIn() as lenient:
        client = connect(lenient)
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.payment_intents.create(params)
        assert (caught.value.http_status, caught.value.code) == (400, code)
        assert client.v1.payment_intents.list().data == []


def test_strict_mode_refuses_what_the_clients_types_do_not_know(standin, client) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        new_intent(client, payment_method_types=["card"])
    assert caught.value.code == "standin_strict"
    assert [violation["path"] for violation in standin.violations] == ["/v1/payment_intents"]


def test_a_missing_object_is_a_404(client) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.retrieve("pi_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_confirm_without_return_url_is_refused_as_by_stripe(client) -> None:
    intent = new_intent(client)
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    never = new_intent(client, automatic_payment_methods={"enabled": True, "allow_redirects": "never"})
    assert (
        client.v1.payment_intents.confirm(never.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    )


def test_a_customer_is_kept_on_the_intent(client) -> None:
    customer = client.v1.customers.create({"email": "ada@shop.example", "metadata": {"user": "7"}})
    assert client.v1.customers.retrieve(customer.id).email == "ada@shop.example"
    intent = new_intent(client, customer=customer.id)
    assert [i.id for i in client.v1.payment_intents.list({"customer": customer.id}).data] == [intent.id]


def test_keys_which_are_not_test_keys_are_refused(standin) -> None:
    for key in ("sk_live_abc", "nonsense"):
        with pytest.raises(stripe.AuthenticationError):
            connect(standin, key=key).v1.payment_intents.list()


def test_what_is_not_served_says_so(standin, client) -> None:
    with pytest.raises(
        stripe.InvalidRequestError, match="the stand-in does not serve GET /v1/balance"
    ) as caught:
        client.v1.balance.retrieve()
    assert caught.value.http_status == 404
