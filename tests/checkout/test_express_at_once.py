"""A sheet left open for a day is paid while its basket is forgotten: an order or no basket, never half of each."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.services import forget_wallet_baskets
from tests.checkout.test_express import ADDRESSES, Wallet
from tests.markets_money.conftest import german_seller, markets, visit  # noqa: F401
from tests.markets_money.shopper import make_product
from tests.payments.conftest import moment  # noqa: F401
from tests.payments.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def test_basket_is_ordered_or_forgotten_once(visit, german_seller, standin, moment):  # noqa: F811
    pot = make_product(title="Pot", prices={"de": "10.00"}, stock=50)
    later = moment + timedelta(hours=25)
    outcomes = []
    for _ in range(ROUNDS):
        wallet = Wallet(visit("de"))
        wallet.open(pot)
        wallet.choose(address=ADDRESSES["DE"])
        orders_before = Payment.objects.count()
        *forgotten, answer = at_once(
            lambda: forget_wallet_baskets(now=later),
            lambda: forget_wallet_baskets(now=later),
            lambda w=wallet: w.pay(),
        )
        is_ordered = Payment.objects.count() == orders_before + 1
        outcomes.append("ordered" if is_ordered else "forgotten")
        assert sum(forgotten) == (0 if is_ordered else 1)
        assert ("client_secret" in answer.json()) == is_ordered
        assert answer.status_code in (200, 400)
        assert not Payment.objects.filter(basket=None).exists()
    Basket = get_model("basket", "Basket")
    assert Basket.objects.count() == outcomes.count("ordered")
