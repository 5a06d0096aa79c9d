"""Two people give the same money back at the same time: it goes back once."""

import pytest

from storefront.payments.errors import RefundTooLarge
from storefront.payments.models import Refund
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import make_staff, refund
from tests.payments.shopper import make_product, stripe_client
from tests.payments.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(shopper):
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay()
    order.deliver()
    return order


def test_refunds_at_once_never_exceed_what_was_taken(order, standin):
    clerk = make_staff("payments.add_refund")

    def give_back():
        try:
            return refund(order, "10.00", by=clerk).state
        except RefundTooLarge:
            return "too large"

    outcomes = at_once(*[give_back] * 6)
    assert sorted(outcomes) == ["succeeded"] * 2 + ["too large"] * 4
    intent = stripe_client().v1.payment_intents.retrieve(order.intent_id, {"expand": ["latest_charge"]})
    assert intent.latest_charge.amount_refunded == 2000
    assert Refund.objects.count() == 2
    assert_books_agree(standin)


def test_one_refund_of_the_dashboard_told_by_eight_webhooks_at_once_is_one(order, standin):
    from tests.payments.merchant import refund_in_dashboard
    from tests.payments.shopper import deliver

    refund_in_dashboard(order, 500)
    event = standin.events("refund.created")[-1]["id"]
    changed = standin.events("charge.refunded")[-1]["id"]
    answers = at_once(*[lambda: deliver(standin, event), lambda: deliver(standin, changed)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert Refund.objects.count() == 1
    assert_books_agree(standin)
