"""Bank transfers in the back office: seen, confirmed, cancelled, and money sent back recorded."""

import pytest
from wagtail.models import ModelLogEntry

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS
from storefront.payments.models import BankTransferSetup, Payment
from tests.payments.shopper import make_product
from tests.payments.test_back_office import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return signed_in(SHOP_MANAGERS)


@pytest.fixture
def payment(shopper):
    BankTransferSetup(
        is_offered=True, account_holder="Good Things GmbH", iban="DE89 3704 0044 0532 0130 00"
    ).save()
    shopper.add(make_product(price="19.99"))
    assert shopper.send(shopper.form(way="bank_transfer")).status_code == 200
    return Payment.objects.select_related("order").get()


def confirm(client, payment, amount):
    data = {"amount": amount, "received_on": "2026-11-26", "statement": "A LIND"}
    return client.post(f"/admin/payments/{payment.pk}/confirm/", data)


def test_awaited_transfers_are_listed_with_their_customer(manager, payment):
    page = text_of(manager.get("/admin/transfers/"))
    assert payment.order.number in page
    assert "Anna Lind" in page
    assert f"/admin/payments/{payment.pk}/" in page


def test_manager_confirms_a_transfer_and_it_is_in_the_log(manager, payment):
    assert "The money is here" in text_of(manager.get(f"/admin/payments/{payment.pk}/"))
    assert confirm(manager, payment, str(payment.amount)).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "paid"
    page = text_of(manager.get(f"/admin/payments/{payment.pk}/"))
    assert "Bank transfer confirmed" in page
    assert "A LIND" in page
    assert "The money is here" not in page
    assert ModelLogEntry.objects.filter(action="payments.confirm_transfer").count() == 1


def test_wrong_amount_is_said_beside_what_was_typed(manager, payment):
    answer = confirm(manager, payment, "10.00")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "are missing" in page
    assert 'value="A LIND"' in page
    payment.refresh_from_db()
    assert payment.state == "awaiting"


def test_packer_may_neither_confirm_nor_cancel(payment):
    packer = signed_in(FULFILMENT)
    confirm(packer, payment, str(payment.amount))
    packer.post(f"/admin/payments/{payment.pk}/cancel/")
    payment.refresh_from_db()
    assert payment.state == "awaiting"


def test_manager_cancels_an_order_whose_money_did_not_come(manager, payment):
    manager.post(f"/admin/payments/{payment.pk}/cancel/")
    payment.refresh_from_db()
    assert payment.state == "cancelled"
    assert ModelLogEntry.objects.filter(action="payments.cancel_transfer").count() == 1


def test_same_form_sent_twice_records_one_refund(manager, payment):
    confirm(manager, payment, str(payment.amount))
    page = manager.get(f"/admin/payments/{payment.pk}/")
    key = page.context["form"]["key"].value()
    data = {"amount": "5.00", "reason": "requested_by_customer", "note": "", "key": str(key)}
    for _ in range(2):
        assert manager.post(f"/admin/payments/{payment.pk}/", data).status_code == 302
    assert [str(refund.amount) for refund in payment.refunds.all()] == ["5.000"]
    assert "Sent back from the bank" in text_of(manager.get(f"/admin/payments/{payment.pk}/"))


def test_account_is_set_in_the_settings(manager):
    data = {
        "is_offered": "on", "account_holder": "Good Things GmbH", "iban": "de89370400440532013000", "bic": "",
        "bank_name": "", "other_details": "", "currencies": "eur chf", "days_to_pay": "7",
    }  # fmt: skip
    assert manager.get("/admin/settings/payments/banktransfersetup/", follow=True).status_code == 200
    setup = BankTransferSetup.load()
    manager.post(f"/admin/settings/payments/banktransfersetup/{setup.pk}/", data)
    setup = BankTransferSetup.objects.get()
    assert (setup.iban, setup.currencies) == ("DE89 3704 0044 0532 0130 00", "EUR, CHF")
    assert setup.takes("EUR")
    assert not setup.takes("USD")
