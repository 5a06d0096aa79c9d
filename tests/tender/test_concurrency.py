"""One gift card, many shoppers at once, on PostgreSQL: it pays what it holds and no more."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from storefront.payments.models import Payment
from storefront.tender.models import CreditEntry
from storefront.tender.services import issue_gift_card, return_credit
from tests.payments.shopper import Shopper, make_product
from tests.payments.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_twelve_shoppers_spend_one_card_at_once_and_it_never_owes(standin):
    product = make_product(price="7.00", stock=50)
    card = issue_gift_card(amount=Decimal("25.00"), currency="USD", now=timezone.now())
    shoppers, forms = [], []
    for _ in range(12):
        shopper = Shopper(standin, Client())
        shopper.add(product)
        shopper.client.post("/checkout/credit/", shopper.form(credit="add", gift_card=card.code))
        shoppers.append(shopper)
        forms.append(shopper.form())
    answers = at_once(*(lambda s=s, f=f: s.send(f) for s, f in zip(shoppers, forms, strict=True)))
    assert {answer.status_code for answer in answers} == {200}
    card.account.refresh_from_db()
    assert card.account.balance == 0
    assert card.account.entries.aggregate(sum=Sum("amount"))["sum"] == 0
    assert min(CreditEntry.objects.values_list("balance_after", flat=True)) == 0
    totals = [(p.order.total_incl_tax, p.amount) for p in Payment.objects.select_related("order")]
    assert sum(total - charged for total, charged in totals) == Decimal("25.00")


def test_of_two_who_saw_the_same_credit_only_one_gets_it(standin):
    """Both were told that the card pays; the second is told that it changed, and is not charged."""
    product = make_product(price="7.00", stock=50)
    for _round in range(10):
        card = issue_gift_card(amount=Decimal("5.00"), currency="USD", now=timezone.now())
        shoppers, forms = [], []
        for _ in range(2):
            shopper = Shopper(standin, Client())
            shopper.add(product)
            shopper.client.post("/checkout/credit/", shopper.form(credit="add", gift_card=card.code))
            shoppers.append(shopper)
            forms.append(shopper.form(shown_credit="5.00"))
        answers = at_once(*(lambda s=s, f=f: s.send(f) for s, f in zip(shoppers, forms, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        card.account.refresh_from_db()
        assert card.account.balance == 0


def test_eight_returns_at_once_give_back_once(standin):
    shopper = Shopper(standin, Client())
    shopper.add(make_product())
    card = issue_gift_card(amount=Decimal("10.00"), currency="USD", now=timezone.now())
    shopper.client.post("/checkout/credit/", shopper.form(credit="add", gift_card=card.code))
    order = shopper.order().payment.order
    returned = at_once(*[lambda: return_credit(order=order, now=timezone.now())] * 8)
    assert sorted(returned) == [0] * 7 + [Decimal("10.00")]
    card.account.refresh_from_db()
    assert card.account.balance == Decimal("10.00")
