"""Real threads on PostgreSQL: webhooks and returns at once, and more shoppers than stock."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.services import expire_payments
from tests.payments.shopper import Order as PlacedOrder
from tests.payments.shopper import Shopper, make_product, stock_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Order = get_model("order", "Order")


def at_once(*calls):
    """Run the calls in a thread each and return their results in order."""

    def run(call):
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def test_four_webhooks_and_four_returns_at_once_pay_once(shopper, mailoutbox):
    shopper.add(make_product())
    order = shopper.order()
    order.pay()
    browsers = [Shopper(shopper.standin, Client()) for _ in range(4)]
    webhooks = [lambda: order.deliver().status_code] * 4
    returns = [lambda browser=browser: browser.come_back(order).status_code for browser in browsers]
    assert at_once(*webhooks, *returns) == [200] * 4 + [302] * 4
    payment = order.payment
    assert (payment.state, payment.order.status) == ("paid", "Paid")
    assert payment.order.sources.count() == payment.order.payment_events.count() == 1
    assert payment.order.status_changes.count() == 1
    assert len(mailoutbox) == 1


def test_fifty_shoppers_and_ten_in_stock_make_ten_orders_and_forty_are_told_before_paying(standin):
    product = make_product(stock=10)
    shoppers = [Shopper(standin, Client()) for _ in range(50)]
    forms = []
    for shopper in shoppers:
        shopper.add(product)
        forms.append(shopper.form())

    def buy(shopper, form):
        answer = shopper.send(form)
        if answer.status_code == 200:
            order = PlacedOrder(shopper, answer.json())
            order.pay()
            order.deliver()
        return answer

    answers = at_once(*(lambda s=s, f=f: buy(s, f) for s, f in zip(shoppers, forms, strict=True)))
    told = [answer.json()["problem"] for answer in answers if answer.status_code == 400]
    assert [answer.status_code for answer in answers].count(200) == 10
    assert len(told) == 40
    assert all("is sold out" in sentence and "Nothing was charged" in sentence for sentence in told)
    # Whoever was refused never reached Stripe: ten intents, ten charges, all of them paid orders.
    assert len(standin.every("payment_intent")) == len(standin.every("charge")) == 10
    assert list(Payment.objects.values_list("state", flat=True)) == ["paid"] * 10
    assert Order.objects.values("number").distinct().count() == Order.objects.count() == 10
    assert stock_of(product) == (10, 10)


def test_one_form_sent_eight_times_at_once_is_one_order(shopper):
    product = make_product()
    shopper.add(product)
    data = shopper.form()
    browsers = []
    for _ in range(8):
        browser = Shopper(shopper.standin, Client())
        browser.client.cookies.update(shopper.client.cookies)
        browsers.append(browser)
    answers = at_once(*(lambda b=b: b.send(data) for b in browsers))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["client_secret"] for answer in answers}) == 1
    assert Order.objects.count() == 1
    assert stock_of(product) == (10, 1)


def test_expiry_and_payment_at_once_end_in_one_of_the_two(standin, moment):
    from datetime import timedelta

    product = make_product(stock=4)
    orders = []
    for _ in range(4):
        shopper = Shopper(standin, Client())
        shopper.add(product)
        orders.append(shopper.order())

    def try_to_pay(order):
        import stripe

        try:
            order.pay()
        except stripe.InvalidRequestError:
            return
        order.deliver()

    later = moment + timedelta(hours=2)
    at_once(lambda: expire_payments(now=later), *(lambda o=o: try_to_pay(o) for o in orders))
    states = [order.payment.state for order in orders]
    assert set(states) <= {"paid", "expired", "cancelled"}
    assert stock_of(product) == (4, states.count("paid"))


def test_baskets_with_the_same_articles_in_other_order_do_not_lock_each_other_out(standin):
    products = [make_product(title=f"Pot {number}", price="1.00", stock=40) for number in range(4)]
    shoppers = [Shopper(standin, Client()) for _ in range(8)]
    forms = []
    for number, shopper in enumerate(shoppers):
        for product in products if number % 2 else reversed(products):
            shopper.add(product)
        forms.append(shopper.form())
    answers = at_once(*(lambda s=s, f=f: s.send(f) for s, f in zip(shoppers, forms, strict=True)))
    assert {answer.status_code for answer in answers} == {200}
    assert [stock_of(product) for product in products] == [(40, 8)] * 4


def test_transfer_confirmed_four_times_at_once_while_it_expires_ends_in_one_of_the_two(shopper, moment):
    from datetime import timedelta

    from storefront.payments.errors import TransferRefused
    from storefront.payments.models import BankTransferSetup, TransferReceipt
    from storefront.payments.services import confirm_transfer
    from tests.payments.merchant import make_staff

    BankTransferSetup(is_offered=True, account_holder="A", iban="DE89 3704 0044 0532 0130 00").save()
    product = make_product(stock=3)
    shopper.add(product)
    assert shopper.send(shopper.form(way="bank_transfer")).status_code == 200
    payment, clerk = Payment.objects.get(), make_staff("payments.confirm_transfer")
    later = moment + timedelta(days=8)

    def confirm():
        try:
            confirm_transfer(
                payment_id=payment.pk,
                amount=payment.amount,
                received_on=later.date(),
                statement="",
                by=clerk,
                now=later,
            )
        except TransferRefused:
            return 0
        return 1

    *confirmed, expired = at_once(*[confirm] * 4, lambda: expire_payments(now=later))
    payment.refresh_from_db()
    assert sum(confirmed) + expired == 1
    assert payment.state == ("paid" if sum(confirmed) else "expired")
    assert TransferReceipt.objects.count() == sum(confirmed)
    assert stock_of(product) == (3, sum(confirmed))
