"""What every test of a page starts from."""

import pytest
from django.core.cache import cache

from tests.editions.conftest import markets, open_markets, price  # noqa: F401


@pytest.fixture(autouse=True)
def _empty_cache():
    """Forget menus and addresses that an earlier test left."""
    cache.clear()
