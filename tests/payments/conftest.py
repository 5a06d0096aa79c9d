"""Every payment test talks to a stand-in for Stripe of its own, over loopback HTTP."""

import pytest
from django.utils import timezone

from tests.payments.shopper import Shopper
from tests.servers.stripe import StripeStandIn
from tests.servers.stripe.description import load_description
from tests.servers.stripe.params import load_checker


@pytest.fixture(scope="session", autouse=True)
def _checks_are_read():
    """Read what requests are checked against before the first of them waits for it, perhaps past its timeout."""
    load_checker()
    load_description()


@pytest.fixture
def standin(settings):
    """Return a stand-in whose webhooks the test delivers itself."""
    with StripeStandIn(
        webhook_url="http://127.0.0.1:1/payments/webhook/",
        webhook_secret=settings.STRIPE_WEBHOOK_SECRETS[0],
        webhook_mode="manual",
        payment_method_types=("card", "sepa_debit"),
        strict=True,
    ) as running:
        settings.STRIPE_API_BASE = running.base_url
        settings.STRIPE_JS_URL = f"{running.base_url}/v3/"
        settings.STRIPE_RETRIES = 0
        yield running
        assert running.violations == []


@pytest.fixture
def shopper(standin):
    return Shopper(standin)


@pytest.fixture
def moment():
    return timezone.now()
