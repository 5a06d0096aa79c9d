"""One intent per order, whatever is lost between us and Stripe."""

from datetime import timedelta
from decimal import Decimal

import pytest
import stripe

from storefront.payments import gateway
from storefront.payments.errors import AmountDoesNotFit
from storefront.payments.models import Payment
from storefront.payments.services import open_intent, reconcile
from tests.payments.shopper import make_product, stock_of, stripe_client

pytestmark = pytest.mark.django_db
CREATE = "/v1/payment_intents"


@pytest.fixture
def basket(shopper):
    shopper.add(make_product())
    return shopper


def intents():
    return stripe_client().v1.payment_intents.list({"limit": 100}).data


def test_lost_answer_keeps_the_order_and_the_next_try_gets_the_same_intent(basket, standin):
    standin.fail_next("lose_answer", path=CREATE)
    data = basket.form()
    refused = basket.send(data)
    assert refused.status_code == 503
    assert "SK-100001 is kept" in refused.json()["problem"]
    payment = Payment.objects.get()
    assert (payment.intent_id, payment.order.status) == (None, "Awaiting payment")
    again = basket.send(data).json()
    assert [again["client_secret"].partition("_secret_")[0]] == [intent.id for intent in intents()]
    assert Payment.objects.get().intent_id == intents()[0].id


def test_unreachable_stripe_loses_nothing(basket, standin):
    standin.fail_next("drop", path=CREATE)
    data = basket.form()
    assert basket.send(data).status_code == 503
    assert intents() == []
    assert "client_secret" in basket.send(data).json()
    assert Payment.objects.count() == len(intents()) == 1


def test_overloaded_stripe_loses_nothing(basket, standin):
    standin.fail_next("error_429", path=CREATE)
    data = basket.form()
    assert basket.send(data).status_code == 503
    assert "client_secret" in basket.send(data).json()


def test_failure_that_stripe_would_repeat_is_answered_with_a_new_key(basket, standin):
    standin.fail_next("error_500", path=CREATE)
    data = basket.form()
    assert basket.send(data).status_code == 503
    key = Payment.objects.get().attempt_key
    assert "client_secret" in basket.send(data).json()
    assert len(intents()) == 1
    assert Payment.objects.get().attempt_key == key.replace("-1", "-2")


def test_failure_after_the_work_was_done_finds_the_intent(basket, standin):
    standin.fail_next("error_500_after", path=CREATE)
    data = basket.form()
    assert basket.send(data).status_code == 503
    assert len(intents()) == 1
    assert basket.send(data).json()["client_secret"].startswith(intents()[0].id)
    assert len(intents()) == 1


def test_amount_stripe_does_not_take_is_said_and_the_order_kept(shopper):
    product = make_product(price="1000000.00")
    type(product.product_class).objects.update(requires_shipping=False)
    shopper.add(product)
    answer = shopper.send(shopper.form(method="no-shipping-required"))
    assert answer.status_code == 503
    assert "its payment could not be started" in answer.json()["problem"]
    assert "amount_too_large" in answer.json()["problem"]
    assert Payment.objects.get().order.status == "Awaiting payment"


def test_try_in_another_language_gets_the_same_intent(basket, standin):
    standin.fail_next("lose_answer", path=CREATE)
    data = basket.form()
    basket.send(data)
    basket.client.cookies["django_language"] = "de"
    assert "client_secret" in basket.send(data).json()
    assert len(intents()) == 1
    assert Payment.objects.get().attempt_key.endswith("-1")


def test_day_old_key_is_not_trusted(basket, standin, moment):
    standin.fail_next("lose_answer", path=CREATE)
    basket.send(basket.form())
    later = moment + timedelta(hours=23)
    assert open_intent(payment_id=Payment.objects.get().pk, now=later).id == intents()[0].id
    assert len(intents()) == 1


def test_reconciliation_finds_an_intent_nobody_told_us_of(basket, standin, moment):
    standin.fail_next("lose_answer", path=CREATE)
    basket.send(basket.form())
    reconcile(now=moment)
    assert Payment.objects.get().intent_id == intents()[0].id


def test_webhook_of_an_intent_whose_answer_was_lost_is_ours(basket, standin):
    from tests.payments.shopper import deliver

    standin.fail_next("lose_answer", path=CREATE)
    basket.send(basket.form())
    intent = intents()[0]
    stripe_client().v1.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": "http://testserver/"}
    )
    event = standin.events("payment_intent.succeeded")[0]
    assert deliver(standin, event["id"]).status_code == 200
    payment = Payment.objects.get()
    assert (payment.intent_id, payment.state) == (intent.id, "paid")


def test_same_form_twice_is_one_order_and_one_intent(basket):
    data = basket.form()
    first, second = basket.send(data).json(), basket.send(data).json()
    assert first == second
    assert Payment.objects.count() == len(intents()) == 1


def test_two_tabs_are_one_order(basket):
    tabs = [basket.form(), basket.form(email="other@example.test")]
    first, second = (basket.send(tab).json() for tab in tabs)
    assert first["client_secret"] == second["client_secret"]
    assert Payment.objects.get().order.guest_email == "anna@example.test"


def test_pay_button_pressed_before_the_script_is_there_shows_the_page_again(basket):
    order = basket.order()
    answer = basket.client.post(order.answer["pay_url"])
    assert (answer.status_code, answer.url) == (302, order.answer["pay_url"])


def test_declined_card_then_another_is_the_same_order_and_intent(basket):
    order = basket.order()
    with pytest.raises(stripe.CardError):
        order.pay("pm_card_chargeDeclined")
    page = basket.client.get(basket.come_back(order).url)
    assert "The payment did not go through" in page.content.decode()
    again = basket.client.post(order.answer["pay_url"], headers={"Accept": "application/json"}).json()
    assert again["client_secret"] == order.answer["client_secret"]
    order.pay()
    basket.come_back(order)
    assert order.payment.state == "paid"
    assert len(intents()) == Payment.objects.count() == 1


def test_intent_says_whose_it_is(basket):
    order = basket.order()
    intent = intents()[0]
    assert (intent.amount, intent.currency) == (2494, "usd")
    assert intent.metadata.to_dict() == {
        "payment": order.payment.reference.hex,
        "order": "SK-100001",
        "shop": "Storefront",
    }


def test_changing_the_order_cancels_it_and_brings_the_articles_back(basket):
    order = basket.order()
    product = order.payment.order.lines.get().product
    answers = [basket.client.post(order.answer["pay_url"] + "change/") for _ in range(2)]
    assert [answer.url for answer in answers] == ["/basket/", "/basket/"]
    payment = order.payment
    assert (payment.state, payment.order.status) == ("cancelled", "Cancelled")
    assert intents()[0].status == "canceled"
    assert stock_of(product) == (10, 0)
    line = basket.open_checkout().context["summary"].lines[0]
    assert (line.title, line.quantity) == ("Watering can", 1)


def test_paid_order_cannot_be_changed(basket):
    order = basket.order()
    order.pay()
    basket.client.post(order.answer["pay_url"] + "change/")
    assert (order.payment.state, order.payment.order.status) == ("paid", "Paid")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.99", "EUR", 1999),
        ("1500", "JPY", 1500),
        ("1.230", "KWD", 1230),
        ("100", "ISK", 10000),
        ("0", "USD", 0),
    ],
)
def test_minor_units(amount, currency, minor):
    assert gateway.to_minor_units(amount=Decimal(amount), currency=currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.5", "JPY"), ("1.234", "KWD"), ("0.001", "EUR"), ("-1", "EUR")]
)
def test_amount_that_does_not_fit_is_refused(amount, currency):
    with pytest.raises(AmountDoesNotFit, match=currency):
        gateway.to_minor_units(amount=Decimal(amount), currency=currency)
