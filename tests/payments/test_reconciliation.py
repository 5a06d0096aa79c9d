"""What Stripe's lists say and nobody told us: taken in, or put before a person."""

from datetime import timedelta

import pytest

from storefront.payments import selectors
from storefront.payments.models import BalanceTransaction, Finding, Payment, Payout, PayoutLine, StripeEvent
from storefront.payments.services import close_finding, reconcile
from tests.payments.merchant import deliver_new, make_staff, refund
from tests.payments.shopper import make_product, stripe_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shopper):
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay()
    return order


def open_findings() -> list[str]:
    return sorted(Finding.objects.filter(state="open").values_list("kind", flat=True))


def test_books_that_agree_leave_no_finding(order, standin, moment):
    order.deliver()
    refund(order, "5.00", by=make_staff("payments.add_refund"))
    reconcile(now=moment)
    ours, theirs = selectors.sums_of_payments([order.payment])[order.payment.pk]
    assert ours == theirs
    assert (str(ours.taken), str(ours.refunded), str(ours.kept)) == ("24.940", "5.000", "19.940")
    assert open_findings() == []


def test_reading_twice_changes_nothing(order, standin, moment):
    reconcile(now=moment)
    standin.pay_out()
    reconcile(now=moment)
    rows = list(BalanceTransaction.objects.values()), list(PayoutLine.objects.values())
    assert reconcile(now=moment + timedelta(minutes=10)).findings == 0
    assert rows == (list(BalanceTransaction.objects.values()), list(PayoutLine.objects.values()))


def test_event_whose_delivery_failed_is_taken_from_the_list(order, standin, moment):
    standin.drop(order.event())
    made = stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": 500})
    reconcile(now=moment)
    assert StripeEvent.objects.get(event_id=order.event()).done_at == moment
    assert order.payment.refunds.get().refund_id == made.id


def test_money_without_an_order_is_put_before_a_person(order, settings, moment):
    stray = stripe_client().v1.payment_intents.create(
        {
            "amount": 700,
            "currency": "usd",
            "metadata": {"payment": "0" * 32, "order": "SK-1", "shop": settings.SHOP_NAME},
        }
    )
    stripe_client().v1.payment_intents.confirm(
        stray.id, {"payment_method": "pm_card_visa", "return_url": "https://shop.example.test/"}
    )
    reconcile(now=moment)
    finding = Finding.objects.get(kind="intent_without_order")
    assert (finding.object_id, finding.facts["amount"], finding.payment) == (stray.id, "7.00", None)


def test_second_payment_of_one_order_is_put_before_a_person(order, settings, moment):
    order.deliver()
    metadata = {"payment": order.payment.reference.hex, "order": order.payment.order.number}
    second = stripe_client().v1.payment_intents.create(
        {"amount": 2494, "currency": "usd", "metadata": metadata}
    )
    stripe_client().v1.payment_intents.confirm(
        second.id, {"payment_method": "pm_card_visa", "return_url": "https://shop.example.test/"}
    )
    reconcile(now=moment)
    assert Finding.objects.get(kind="intent_without_order").payment == order.payment


def test_money_of_another_shop_on_the_same_account_is_left_alone(order, moment):
    foreign = stripe_client().v1.payment_intents.create(
        {"amount": 700, "currency": "usd", "metadata": {"payment": "0" * 32, "shop": "Another shop"}}
    )
    stripe_client().v1.payment_intents.confirm(
        foreign.id, {"payment_method": "pm_card_visa", "return_url": "https://other.example.test/"}
    )
    reconcile(now=moment)
    assert open_findings() == []


def test_payment_that_stripe_never_booked_is_a_finding(order, moment):
    order.deliver()
    Payment.objects.update(intent_id="pi_unheard_of", paid_at=moment - timedelta(hours=30))
    reconcile(now=moment)
    assert open_findings() == ["intent_without_order", "not_in_stripes_books"]


def test_other_sum_in_stripes_books_is_a_finding_until_it_agrees(order, moment):
    order.deliver()
    Payment.objects.update(amount="20.00")
    reconcile(now=moment)
    finding = Finding.objects.get()
    assert (finding.kind, finding.facts["ours"], finding.facts["theirs"]) == (
        "books_differ",
        "20.00",
        "24.94",
    )
    Payment.objects.update(amount="24.94")
    reconcile(now=moment + timedelta(minutes=10))
    assert Finding.objects.get().state == "resolved"


def test_what_a_person_dealt_with_stays_so_until_its_facts_change(order, moment):
    order.deliver()
    Payment.objects.update(amount="20.00")
    reconcile(now=moment)
    clerk = make_staff()
    close_finding(finding_id=Finding.objects.get().pk, note="Known.", by=clerk, now=moment)
    reconcile(now=moment + timedelta(minutes=10))
    assert (Finding.objects.get().state, Finding.objects.get().closed_by) == ("done", clerk)
    Payment.objects.update(amount="21.00")
    reconcile(now=moment + timedelta(minutes=20))
    assert Finding.objects.get().state == "open"


def test_mismatch_is_a_finding(shopper, moment):
    shopper.add(make_product())
    order = shopper.order()
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    order.pay()
    order.deliver()
    reconcile(now=moment)
    assert open_findings() == ["mismatch"]


def test_step_that_fails_stops_no_other_and_judges_nothing_it_cannot_know(order, standin, moment):
    order.deliver()
    standin.fail_next("error_500", path="/v1/balance_transactions")
    done = reconcile(now=moment)
    assert done.failed == 1
    assert open_findings() == []
    assert reconcile(now=moment).failed == 0


def test_payout_is_stored_with_the_orders_it_pays(order, standin, moment):
    order.deliver()
    refund(order, "5.00", by=make_staff("payments.add_refund"))
    made = standin.pay_out()
    assert deliver_new(standin, "payout.reconciliation_completed") == [200]
    payout = Payout.objects.get()
    assert (payout.payout_id, payout.status, str(payout.amount)) == (made["id"], "paid", "18.920")
    lines = list(selectors.payout_orders(made["id"]))
    assert {(line.order_number, line.category, str(line.net)) for line in lines} == {
        ("SK-100001", "charge", "23.920"),
        ("SK-100001", "refund", "-5.000"),
    }
    reconcile(now=moment)
    assert open_findings() == []


def test_payout_nobody_told_us_of_is_found(order, standin, moment):
    order.deliver()
    made = standin.pay_out()
    reconcile(now=moment)
    money = list(selectors.money_of_orders(order_ids=[order.payment.order_id]))
    assert [(line.payout_id, line.charge_id[:3], str(line.fee)) for line in money] == [
        (made["id"], "ch_", "1.020")
    ]


def test_payout_on_its_way_gets_its_lines_when_it_has_arrived(order, standin, moment):
    order.deliver()
    made = standin.pay_out(is_paid=None)
    reconcile(now=moment)
    assert (Payout.objects.get().status, PayoutLine.objects.count()) == ("in_transit", 0)
    standin.finish_payout(made["id"])
    reconcile(now=moment + timedelta(days=1))
    assert (Payout.objects.get().status, PayoutLine.objects.count()) == ("paid", 1)


def test_payout_that_failed_and_one_that_does_not_add_up_are_findings(order, standin, moment):
    order.deliver()
    standin.pay_out(is_paid=False)
    reconcile(now=moment)
    assert open_findings() == ["payout_failed"]
    standin.pay_out()
    reconcile(now=moment)
    Payout.objects.filter(status="paid").update(amount="1.00", payout_id="po_other")
    reconcile(now=moment + timedelta(minutes=10), days=0)
    assert "payout_differs" in open_findings()


def test_money_of_orders_asks_the_database_once(order, standin, moment, django_assert_num_queries):
    order.deliver()
    for cents in (100, 200, 300):
        stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": cents})
    standin.pay_out()
    reconcile(now=moment)
    with django_assert_num_queries(1):
        assert len(list(selectors.money_of_orders())) == 4


def test_reconciling_takes_as_many_queries_for_ten_payments_as_for_two(shopper, standin, moment):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    product = make_product(price="19.99", stock=20)

    def queries_of_one_more_run(minutes):
        with CaptureQueriesContext(connection) as queries:
            reconcile(now=moment + timedelta(minutes=minutes))
        return len(queries)

    def sell(times):
        for _ in range(times):
            shopper.add(product)
            order = shopper.order()
            order.pay()
            order.deliver()
            stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": 100})
        reconcile(now=moment)

    sell(2)
    few = queries_of_one_more_run(1)
    sell(8)
    assert queries_of_one_more_run(2) == few
