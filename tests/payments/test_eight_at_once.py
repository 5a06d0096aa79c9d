"""Four webhooks and four returns at once, two hundred times over: one paid order each."""

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.payments.models import Payment, StripeEvent
from tests.payments.books_agree import assert_books_agree
from tests.payments.shopper import Shopper, make_product
from tests.payments.test_concurrency import at_once

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 200


def test_eight_threads_in_two_hundred_rounds_pay_each_order_once(shopper, mailoutbox):
    product = make_product(stock=ROUNDS)
    for _ in range(ROUNDS):
        shopper.add(product)
        order = shopper.order()
        order.pay()
        browsers = [Shopper(shopper.standin, Client()) for _ in range(4)]
        webhooks = [lambda order=order: order.deliver().status_code] * 4
        returns = [lambda b=b, order=order: b.come_back(order).status_code for b in browsers]
        assert at_once(*webhooks, *returns) == [200] * 4 + [302] * 4
        paid = order.payment.order
        assert (paid.status, paid.sources.count(), paid.payment_events.count()) == ("Paid", 1, 1)
        assert paid.status_changes.count() == 1
    assert Payment.objects.filter(state="paid").count() == ROUNDS
    assert get_model("order", "Order").objects.count() == ROUNDS
    assert StripeEvent.objects.count() == ROUNDS
    assert len(mailoutbox) == ROUNDS
    assert_books_agree(shopper.standin)
