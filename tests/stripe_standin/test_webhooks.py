"""Webhooks: signed so that the real client accepts them, repeated until answered, and disturbed to order."""

import time

import pytest
import stripe

from tests.servers.stripe import StripeStandIn

from .conftest import SECRET, connect, wait_until


def test_each_event_is_delivered_signed_and_frozen(standin, client, pay, inbox) -> None:
    paid = pay(metadata={"order": "100007"})
    assert set(standin.deliver_all().values()) == {200}
    assert inbox.types() == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    created, _, succeeded = inbox.events()
    assert (created.data.object.status, succeeded.data.object.status) == (
        "requires_payment_method",
        "succeeded",
    )
    assert succeeded.data.object.id == paid.id
    assert (succeeded.livemode, succeeded.api_version) == (False, stripe.api_version)
    assert client.v1.events.retrieve(succeeded.id).pending_webhooks == 0


def test_an_event_is_delivered_twice_with_the_same_id(standin, pay, inbox) -> None:
    pay()
    event_id = standin.events("payment_intent.succeeded")[0]["id"]
    assert [standin.deliver(event_id), standin.deliver(event_id)] == [200, 200]
    assert [event.id for event in inbox.events()] == [event_id, event_id]


def test_a_wrong_secret_or_an_old_time_is_refused_by_the_client(standin, pay) -> None:
    pay()
    event_id = standin.events("payment_intent.succeeded")[0]["id"]
    body, headers = standin.signed(event_id)
    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET).id == event_id
    for wrong in ({"secret": "whsec_forged"}, {"at": int(time.time()) - 600}):
        body, headers = standin.signed(event_id, **wrong)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)


def test_automatic_delivery_tries_again_after_a_500(inbox) -> None:
    inbox.answers = [500, 503, 200]
    with StripeStandIn(
        webhook_url=inbox.url, webhook_secret=SECRET, retry_delays=(0.02, 0.02, 0.02)
    ) as standin:
        connect(standin).v1.payment_intents.create({"amount": 1099, "currency": "eur"})
        wait_until(lambda: standin.webhooks.deliveries()[0]["state"] == "delivered")
        attempts = standin.webhooks.deliveries()[0]["attempts"]
    assert [attempt["status"] for attempt in attempts] == [500, 503, 200]
    assert len({event.id for event in inbox.events()}) == 1


def test_automatic_delivery_gives_up_in_the_end_and_the_list_of_events_tells(inbox) -> None:
    with StripeStandIn(webhook_url="http://127.0.0.1:9/", retry_delays=(0.01,)) as standin:
        client = connect(standin)
        client.v1.payment_intents.create({"amount": 1099, "currency": "eur"})
        wait_until(lambda: standin.webhooks.deliveries()[0]["state"] == "failed")
        assert [attempt["status"] for attempt in standin.webhooks.deliveries()[0]["attempts"]] == [0, 0]
        missed = client.v1.events.list({"delivery_success": False})
        assert [event.type for event in missed.data] == ["payment_intent.created"]
        assert client.v1.events.list({"delivery_success": True}).data == []


def test_a_lost_webhook_is_still_in_the_list_of_events(standin, client, pay, inbox) -> None:
    standin.webhooks.drop_next(type="payment_intent.succeeded")
    pay()
    standin.deliver_all()
    assert inbox.types() == ["payment_intent.created", "charge.succeeded"]
    listed = client.v1.events.list({"type": "payment_intent.*", "limit": 1})
    assert listed.data[0].type == "payment_intent.succeeded"


def test_a_webhook_sees_the_intent_already_changed(inbox, pay, standin) -> None:
    pay()
    standin.deliver_all()
    intent_id = inbox.events()[0].data.object.id
    assert connect(standin).v1.payment_intents.retrieve(intent_id).status == "succeeded"
