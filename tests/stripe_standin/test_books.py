"""The stand-in's books add up, whatever happens to the money."""

import pytest
import stripe


def balance(standin) -> int:
    return sum(entry["net"] for entry in standin.every("balance_transaction"))


def test_charge_is_booked_less_its_fee(standin, client, pay):
    intent = pay()
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]})
    entry = charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net, entry.reporting_category) == (1099, 61, 1038, "charge")


def test_failed_refund_comes_back_into_the_balance(standin, client, pay):
    before = balance(standin)
    intent = pay("pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    standin.finish_refund(refund.id, status="failed")
    assert balance(standin) - before == 1038


def test_dispute_takes_the_money_and_gives_it_back_when_won(standin, client, pay):
    intent = pay()
    dispute = standin.dispute(intent.id)
    assert balance(standin) == 1038 - 1099 - 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
    standin.move_dispute(dispute["id"], status="won")
    assert balance(standin) == 1038
    assert [event["type"] for event in standin.events() if "dispute" in event["type"]] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_payout_empties_the_balance_and_lists_its_lines_once_complete(standin, client, pay):
    pay()
    payout = standin.pay_out(currency="eur", is_paid=None)
    assert (payout["amount"], balance(standin)) == (1038, 0)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list({"payout": payout["id"]})
    standin.finish_payout(payout["id"])
    lines = client.v1.balance_transactions.list({"payout": payout["id"], "expand": ["data.source"]}).data
    assert [line.source.object for line in lines] == ["payout", "charge"]
    assert standin.pay_out(currency="eur") is None


def test_failed_payout_comes_back_into_the_balance(standin, client, pay):
    pay()
    standin.pay_out(currency="eur", is_paid=False)
    assert balance(standin) == 1038


def test_inquiry_moves_no_money_until_it_becomes_a_dispute(standin, client, pay):
    intent = pay()
    dispute = standin.dispute(intent.id, status="warning_needs_response")
    assert balance(standin) == 1038
    standin.move_dispute(dispute["id"], status="needs_response")
    assert balance(standin) == 1038 - 1099 - 1500


def test_warning_of_fraud_is_listed(standin, client, pay):
    intent = pay()
    warning = standin.warn_of_fraud(intent.id)
    found = client.v1.radar.early_fraud_warnings.list({"payment_intent": intent.id}).data
    assert [thing.id for thing in found] == [warning["id"]]
