"""A guest who has ordered keeps an account with one password; a stranger with the order's link is offered nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from oscar.core.loading import get_model

from storefront.payments.models import BankTransferSetup, Payment
from storefront.payments.selectors import order_token
from storefront.privacy.services import erase_customer
from tests.payments.shopper import make_product
from tests.payments.test_concurrency import at_once

pytestmark = pytest.mark.django_db
Order, User = get_model("order", "Order"), get_user_model()
EMAIL, PASSWORD = "anna@example.test", "watering-cans-7"
OPEN, SIGN_IN, TAKE = "Open the account", "has an account already", "Put this order into my account"


@pytest.fixture
def order(shopper):
    """A guest's paid order, and the browser that placed it."""
    shopper.add(make_product(title="Watering can"))
    order = shopper.order()
    order.pay()
    order.deliver()
    return order


def address(order):
    return f"/checkout/thank-you/{order.token}/"


def page_of(order, client=None):
    return (client or order.shopper.client).get(address(order)).content.decode()


def offers(page):
    return [offer for offer in (OPEN, SIGN_IN, TAKE) if offer in page]


def open_account(order, *, password=PASSWORD, client=None):
    return (client or order.shopper.client).post(address(order), {"password1": password})


def sign_in(client, *, next_page=""):
    fields = {"login-username": EMAIL, "login-password": PASSWORD, "login-redirect_url": next_page}
    return client.post("/account/login/", fields | {"login_submit": "1"})


def place(order):
    return Order.objects.get(number=order.payment.order.number)


def test_one_password_makes_an_account_with_the_order_in_it(order):
    assert offers(page_of(order)) == [OPEN]
    mail.outbox.clear()
    answer = open_account(order)
    assert answer.url == f"/account/orders/{order.payment.order.number}/"
    page = order.shopper.client.get(answer.url)
    assert "Watering can" in page.content.decode()
    user = page.context["user"]
    assert (user.email, user.first_name, user.check_password(PASSWORD)) == (EMAIL, "", True)
    assert (place(order).user, place(order).guest_email) == (user, "")
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    assert offers(page_of(order)) == []


def test_the_address_book_begins_with_the_order_s_address(order):
    open_account(order)
    [kept] = User.objects.get().addresses.all()
    assert (kept.line1, kept.is_default_for_shipping, kept.is_default_for_billing) == (
        "14 Linden Street",
        True,
        True,
    )


def test_another_invoice_address_is_kept_beside_it(shopper):
    shopper.add(make_product())
    billing = {name.replace("shipping", "billing"): value for name, value in shopper.form().items()}
    billing |= {"billing-line1": "3 Mill Lane"}
    order = shopper.order(**{k: v for k, v in billing.items() if k.startswith("billing-")}, billing_same=None)
    order.pay()
    order.deliver()
    open_account(order)
    kept = User.objects.get().addresses.order_by("pk")
    assert list(kept.values_list("line1", "is_default_for_shipping", "is_default_for_billing")) == [
        ("14 Linden Street", True, False),
        ("3 Mill Lane", False, True),
    ]


def test_what_is_in_the_basket_stays_there(order):
    order.shopper.add(make_product(title="Trowel"), quantity=2)
    open_account(order)
    assert "Trowel" in order.shopper.client.get("/basket/").content.decode()
    [basket] = get_model("basket", "Basket").open.filter(lines__isnull=False)
    assert (basket.owner, basket.num_items) == (User.objects.get(), 2)


@pytest.mark.parametrize("password", ["", "12345", "anna@example.test"])
def test_a_weak_password_is_refused_at_its_field(order, password):
    answer = open_account(order, password=password)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="id_password1_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="new-password"' in html
    assert (User.objects.count(), place(order).user, place(order).guest_email) == (0, None, EMAIL)


def test_whoever_else_has_the_link_is_offered_nothing(order):
    assert offers(page_of(order, Client())) == []
    assert open_account(order, client=Client()).url == address(order)
    assert not User.objects.exists()


def test_the_offer_ends_after_two_hours(order):
    payment = order.payment
    Payment.objects.filter(pk=payment.pk).update(created_at=payment.created_at - timedelta(hours=2))
    assert offers(page_of(order)) == []
    open_account(order)
    assert not User.objects.exists()


def test_an_order_that_is_not_paid_offers_nothing_yet(shopper):
    shopper.add(make_product())
    assert offers(page_of(shopper.order())) == []


def test_only_the_newest_order_of_a_browser_makes_an_account(order):
    order.shopper.add(make_product())
    newer = order.shopper.order()
    newer.pay()
    newer.deliver()
    assert (offers(page_of(order)), offers(page_of(newer))) == ([], [OPEN])


def test_other_orders_of_the_email_stay_where_they_are(order, shopper):
    other = type(shopper)(shopper.standin, Client())
    other.add(make_product())
    earlier = other.order()
    open_account(order)
    assert (place(earlier).user, place(earlier).guest_email) == (None, EMAIL)


def test_the_form_sent_twice_makes_one_account_and_stays_signed_in(order):
    before = order.shopper.client.cookies["sessionid"].value
    second = Client()
    second.cookies["sessionid"] = before
    assert open_account(order).status_code == 302
    assert open_account(order, client=second).url == f"/account/orders/{order.payment.order.number}/"
    assert int(second.session["_auth_user_id"]) == User.objects.get().pk


def test_the_form_sent_twice_with_another_password_signs_nobody_in(order):
    open_account(order)
    stranger = Client()
    assert open_account(order, client=stranger, password="another-one-8").url == address(order)
    assert "_auth_user_id" not in stranger.session


def test_an_account_there_is_is_signed_in_to_and_takes_the_order(order):
    anna = User.objects.create_user("Anna@example.test", PASSWORD)
    assert offers(page_of(order)) == [SIGN_IN]
    assert f"/account/login/?next=/checkout/thank-you/{order.token.replace(':', '%3A')}/" in page_of(order)
    assert open_account(order).url == address(order)
    assert (User.objects.count(), place(order).user) == (1, None)
    assert sign_in(order.shopper.client, next_page=address(order)).url == address(order)
    assert offers(page_of(order)) == [TAKE]
    answer = order.shopper.client.post(address(order))
    assert (answer.url, place(order).user) == (f"/account/orders/{place(order).number}/", anna)
    assert anna.addresses.get().is_default_for_shipping is False


def test_somebody_else_s_account_does_not_take_the_order(order):
    order.shopper.client.force_login(User.objects.create_user("bert@example.test", PASSWORD))
    assert offers(page_of(order)) == []
    order.shopper.client.post(address(order), {"password1": PASSWORD})
    assert (place(order).user, User.objects.count()) == (None, 1)


def test_a_customer_s_order_offers_nothing(shopper):
    shopper.client.force_login(User.objects.create_user(EMAIL, PASSWORD))
    shopper.add(make_product())
    order = shopper.order(email=None)
    order.pay()
    order.deliver()
    assert offers(page_of(order)) == []


def test_an_erased_customer_s_order_offers_nothing(order):
    open_account(order)
    place(order).set_status("Shipped")
    erase_customer(customer=User.objects.get())
    session = order.shopper.client.session
    session["placed_order"] = order.payment.pk
    session.save()
    assert offers(page_of(order)) == []
    open_account(order)
    assert not User.objects.exists()


def test_nobody_keeps_or_lists_the_page(order):
    answer = order.shopper.client.get(address(order))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_an_order_that_waits_for_its_transfer_makes_an_account(shopper):
    BankTransferSetup(is_offered=True, account_holder="Wharf", iban="DE89 3704 0044 0532 0130 00").save()
    shopper.add(make_product())
    shopper.send(shopper.form(way="bank_transfer"))
    waiting = Payment.objects.get()
    page = f"/checkout/thank-you/{order_token(waiting.order)}/"
    assert offers(shopper.client.get(page).content.decode()) == [OPEN]
    shopper.client.post(page, {"password1": PASSWORD})
    assert Order.objects.get().user == User.objects.get()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_account(order):
    tabs = [Client() for _ in range(4)]
    for tab in tabs:
        tab.cookies["sessionid"] = order.shopper.client.cookies["sessionid"].value
    answers = at_once(*(lambda tab=tab: open_account(order, client=tab).url for tab in tabs))
    assert answers == [f"/account/orders/{order.payment.order.number}/"] * 4
    assert {int(tab.session["_auth_user_id"]) for tab in tabs} == {User.objects.get().pk}
    assert User.objects.get().addresses.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_orders_of_one_email_at_once_make_one_account(order, shopper):
    other = type(shopper)(shopper.standin, Client())
    other.add(make_product())
    second = other.order()
    second.pay()
    second.deliver()
    at_once(lambda: open_account(order), lambda: open_account(second))
    assert sorted(Order.objects.values_list("guest_email", flat=True)) == ["", EMAIL]
    assert User.objects.count() == 1
