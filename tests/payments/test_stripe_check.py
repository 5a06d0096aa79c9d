"""The command stripe_check: what it finds missing, asked of a stand-in over HTTP."""

import pytest
from django.core.management import CommandError, call_command

from storefront.payments.stripe_account import WEBHOOK_EVENTS
from tests.servers.stripe import merchant

pytestmark = pytest.mark.django_db
WEBHOOK = "https://shop.example.test/payments/webhook/"
EVENTS = list(WEBHOOK_EVENTS)
UNCHOSEN = ("payment_intent.payment_failed", "payment_intent.canceled")


@pytest.fixture
def ready(standin, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://shop.example.test"
    settings.STRIPE_STANDIN = False
    with standin.store.change():
        merchant.add_webhook(standin.account, url=WEBHOOK, events=EVENTS)
    return standin


def run(capsys) -> str:
    try:
        call_command("stripe_check")
    except CommandError as error:
        return f"{capsys.readouterr().out}{error}"
    return capsys.readouterr().out


def test_a_shop_that_is_ready_lacks_nothing(ready, capsys):
    said = run(capsys)
    assert "MISSING" not in said
    assert "ok      The keys' mode is test: no money moves." in said
    assert "ok      The key may read PaymentIntents." in said
    assert "ok      The account acct_standin may take payments." in said
    assert "ok      USD can be charged." in said
    assert said.rstrip().endswith("docs/how-to/go-live-with-stripe.md.")


def test_keys_that_are_not_set_are_named_and_stripe_is_not_asked(ready, settings, capsys):
    settings.STRIPE_PUBLISHABLE_KEY, settings.STRIPE_WEBHOOK_SECRETS = "", []
    said = run(capsys)
    assert "MISSING STRIPE_PUBLISHABLE_KEY is not set." in said
    assert "MISSING STRIPE_WEBHOOK_SECRETS is not set." in said
    assert "2 thing(s) are missing." in said
    assert ready.requests() == []


def test_keys_of_two_modes_are_refused_before_anything_is_sent(ready, settings, capsys):
    settings.STRIPE_PUBLISHABLE_KEY = "pk_live_x"
    assert "MISSING One key is for live, the other for test mode" in run(capsys)
    assert ready.requests() == []


def test_webhook_that_leads_elsewhere_is_missed(ready, settings, capsys):
    settings.WAGTAILADMIN_BASE_URL = "https://other.example.test"
    assert "MISSING No webhook leads to https://other.example.test/payments/webhook/." in run(capsys)


def test_webhook_without_an_event_or_switched_off_is_missed(ready, settings, capsys):
    settings.WAGTAILADMIN_BASE_URL = "https://second.example.test"
    with ready.store.change():
        merchant.add_webhook(
            ready.account,
            url="https://second.example.test/payments/webhook",
            events=[name for name in EVENTS if name not in UNCHOSEN],
            status="disabled",
        )
    said = run(capsys)
    assert "is switched off" in said
    assert "lacks these events: payment_intent.payment_failed, payment_intent.canceled." in said


def test_account_that_stripe_has_not_let_in_yet_says_what_stripe_waits_for(ready, capsys):
    with ready.store.change():
        merchant.set_up(
            ready.account,
            charges_enabled=False,
            capabilities={"card_payments": "pending"},
            requirements={"currently_due": ["company.tax_id", "external_account"]},
        )
    said = run(capsys)
    assert "MISSING The account acct_standin may not take payments yet." in said
    assert "MISSING Stripe waits for: company.tax_id, external_account." in said
    assert "MISSING Cards: pending, not active." in said
    assert "look    Stripe is still looking at: card_payments." in said


def test_restricted_key_names_the_permission_it_lacks(ready, capsys):
    with ready.store.change():
        merchant.restrict_key(ready.account, refused_paths=["/v1/charges", "/v1/account"])
    said = run(capsys)
    assert "MISSING The key may not read Charges and Refunds." in said
    assert "look    The account cannot be read with this key" in said
    assert "1 thing(s) are missing." in said


def test_currency_that_the_account_cannot_charge_is_named(ready, settings, capsys):
    settings.OSCAR_DEFAULT_CURRENCY = "XOF"
    assert "MISSING XOF cannot be charged by an account in US." in run(capsys)


def test_key_that_stripe_does_not_know_can_do_nothing(ready, capsys):
    ready.accepted_keys = ("sk_test_another",)
    said = run(capsys)
    assert "MISSING The key may not read PaymentIntents." in said
    assert "ok      The key may read" not in said
