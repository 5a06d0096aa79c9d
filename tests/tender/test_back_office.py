"""Gift cards and store credit in the back office."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from storefront.tender.models import AccountKind, CreditAccount
from storefront.tender.selectors import gift_card_by_code
from storefront.tender.services import issue_gift_card
from tests.back_office.shop import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/credit/"
FORM = {"amount": "25.00", "currency": "USD", "customer_email": "", "expires_on": "", "note": "Spring fair"}


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def issue(client, **changes):
    return client.post(f"{ADDRESS}new/", FORM | changes, follow=True)


def test_manager_issues_a_card_whose_code_is_shown_once_and_pays(manager):
    page = text_of(issue(manager))
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page)[0]
    card = gift_card_by_code(code=code, currency="USD", now=timezone.now())
    assert (card.balance, card.note) == (Decimal("25.00"), "Spring fair")
    assert card.entries.get().by.email == "manager@example.test"
    assert code not in text_of(manager.get(ADDRESS))
    assert f"Gift card …{code[-4:]}" in text_of(manager.get(ADDRESS))
    assert ModelLogEntry.objects.get(action="tender.issue").user.email == "manager@example.test"


def test_manager_gives_store_credit_twice_and_both_are_in_one_account(manager):
    user = make_user("anna@example.test")
    issue(manager, customer_email="Anna@example.test")
    issue(manager, customer_email="anna@example.test", amount="5.00")
    account = CreditAccount.objects.get()
    assert (account.kind, account.customer, account.balance) == (
        AccountKind.STORE_CREDIT,
        user,
        Decimal("30.00"),
    )
    page = text_of(manager.get(f"{ADDRESS}inspect/{account.pk}/"))
    assert "$25.00" in page
    assert "$30.00" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "-5"}, "-5 USD cannot be given"),
        ({"amount": "1.005"}, "1.005 USD cannot be given"),
        ({"customer_email": "nobody@example.test"}, "No customer has this email."),
    ],
)
def test_what_cannot_be_issued_is_said_at_its_field(manager, changes, sentence):
    assert sentence in text_of(issue(manager, **changes))
    assert CreditAccount.objects.count() == 0


def test_blocking_leaves_the_balance_alone_and_is_logged(manager):
    account = issue_gift_card(amount=Decimal("9.00"), currency="USD", now=timezone.now()).account
    manager.post(f"{ADDRESS}edit/{account.pk}/", {"is_blocked": "on", "note": "Lost", "balance": "900"})
    account.refresh_from_db()
    assert (account.is_blocked, account.note, account.balance) == (True, "Lost", Decimal("9.00"))
    assert ModelLogEntry.objects.get(action="wagtail.edit").data == {"fields": ["is_blocked", "note"]}


def test_nobody_deletes_an_account_and_packers_do_not_see_them(manager, packer):
    account = issue_gift_card(amount=Decimal("9.00"), currency="USD", now=timezone.now()).account
    manager.post(f"{ADDRESS}delete/{account.pk}/")
    assert packer.get(ADDRESS).status_code == 302
    assert issue(packer).redirect_chain[-1][0] == "/admin/"
    assert CreditAccount.objects.get() == account


def test_list_takes_as_many_queries_for_twenty_as_for_two(manager, count_queries):
    counts = []
    for number in (2, 18):
        for _ in range(number):
            issue_gift_card(amount=Decimal("9.00"), currency="USD", now=timezone.now())
        counts.append(count_queries(manager, ADDRESS))
    assert counts[0] == counts[1]
