"""Refunds through the real client: in part, in full, never too much, and late ones."""

import pytest
import stripe


def test_partial_refunds_add_up_to_the_captured_amount(client, pay, standin) -> None:
    paid = pay()
    first = client.v1.refunds.create(
        {
            "payment_intent": paid.id,
            "amount": 400,
            "reason": "requested_by_customer",
            "metadata": {"refund": "1"},
        }
    )
    assert (first.amount, first.status, first.currency) == (400, "succeeded", "eur")
    second = client.v1.refunds.create({"payment_intent": paid.id})
    assert second.amount == 699
    charge = client.v1.charges.retrieve(paid.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (1099, True)
    assert [r.id for r in client.v1.refunds.list({"payment_intent": paid.id}).data] == [second.id, first.id]
    assert client.v1.refunds.retrieve(first.id).metadata["refund"] == "1"
    assert len(standin.events("charge.refunded")) == len(standin.events("refund.created")) == 2


def test_more_than_what_is_left_is_refused(client, pay) -> None:
    paid = pay()
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 1000})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    assert caught.value.param == "amount"
    assert client.v1.charges.retrieve(paid.latest_charge).amount_refunded == 1000


def test_a_refunded_charge_is_not_refunded_again(client, pay) -> None:
    paid = pay()
    client.v1.refunds.create({"charge": paid.latest_charge})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": paid.latest_charge})
    assert caught.value.code == "charge_already_refunded"
    assert len(client.v1.refunds.list().data) == 1


def test_an_unpaid_intent_is_not_refunded(client) -> None:
    intent = client.v1.payment_intents.create({"amount": 1099, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_a_pending_refund_may_fail_and_the_money_can_be_refunded_again(client, pay, standin) -> None:
    paid = pay("pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == "pending"
    assert standin.finish_refund(refund.id, status="failed")["status"] == "failed"
    assert client.v1.charges.retrieve(paid.latest_charge).amount_refunded == 0
    assert len(standin.events("refund.failed")) == len(standin.events("refund.updated")) == 1
    assert client.v1.refunds.create({"payment_intent": paid.id}).amount == 1099
