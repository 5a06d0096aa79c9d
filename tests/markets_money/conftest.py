"""Markets that are open, a stand-in for Stripe, and shoppers who enter by a market's address."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from oscar.core.loading import get_model

from storefront.markets.models import Market, TaxSetup
from storefront.markets.services.markets import ensure_markets
from storefront.payments.services import ensure_countries
from tests.markets_money.shopper import MarketShopper
from tests.payments.conftest import moment, standin  # noqa: F401
from tests.servers.vies import ViesStandIn


@pytest.fixture(autouse=True)
def _empty_cache():
    """Forget the editions that an earlier test left."""
    cache.clear()


@pytest.fixture
def markets(db):
    """Return every market a new shop starts with, all open, by code."""
    ensure_markets()
    ensure_countries()
    Market.objects.update(is_enabled=True)
    cache.clear()
    return {market.code: market for market in Market.objects.order_by("position")}


@pytest.fixture
def german_seller(db):
    """A company in Germany that ships from there and reports through the one-stop shop."""
    return TaxSetup.objects.create(established_in="DE", ships_from="DE", uses_oss=True)


@pytest.fixture
def visit(markets, standin):  # noqa: F811
    """Return a function: enter a market as somebody new, or with the browser of somebody there already."""

    def enter(code, *, client=None):
        return MarketShopper(standin, client or Client(), code)

    return enter


@pytest.fixture
def vies(settings):
    register = ViesStandIn().start()
    settings.VIES_BASE_URL = register.base_url
    yield register
    register.stop()


@pytest.fixture
def voucher(moment):  # noqa: F811
    """Return a function: a code that takes some per cent, or an amount, off everything."""

    def make(*, kind="Percentage", value):
        count = get_model("offer", "ConditionalOffer").objects.count()
        everything = get_model("offer", "Range").objects.create(
            name=f"All {count}", includes_all_products=True
        )
        offer = get_model("offer", "ConditionalOffer").objects.create(
            name=f"Less {count}",
            offer_type="Voucher",
            condition=get_model("offer", "Condition").objects.create(range=everything, type="Count", value=1),
            benefit=get_model("offer", "Benefit").objects.create(range=everything, type=kind, value=value),
        )
        found = get_model("voucher", "Voucher").objects.create(
            name=f"Less {count}",
            code=f"LESS{offer.pk}",
            usage="Multi-use",
            start_datetime=moment - timedelta(days=1),
            end_datetime=moment + timedelta(days=1),
        )
        found.offers.add(offer)
        return found

    return make
