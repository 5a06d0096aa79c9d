"""Markets, products and a VIES that answers on loopback."""

from datetime import UTC, datetime

import pytest
from oscar.test.factories import create_product

from storefront.markets.models import Market
from storefront.markets.services.markets import ensure_markets
from tests.servers.vies import ViesStandIn


@pytest.fixture
def now():
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def markets(db):
    ensure_markets()
    return {market.code: market for market in Market.objects.order_by("position")}


@pytest.fixture
def de(markets):
    return markets["de"]


@pytest.fixture
def make_products(db):
    def make(count):
        return [create_product(upc=f"40{n:011d}", title=f"Lamp {n:02d}") for n in range(count)]

    return make


@pytest.fixture
def product(make_products):
    return make_products(1)[0]


@pytest.fixture
def vies(settings):
    server = ViesStandIn().start()
    settings.VIES_BASE_URL = server.base_url
    settings.VIES_TIMEOUT_SECONDS = 2.0
    yield server
    server.stop()
