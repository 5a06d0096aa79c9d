"""A shop whose pages are kept: what is written here is really committed."""

import pytest
from django.test import Client

from storefront.page_cache import announcing
from storefront.page_cache.change_log import ChangeLog, change_log
from tests.editions.conftest import markets, open_markets, price  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _pages_are_kept(settings, transactional_db):
    """Turn the page cache on, as in a process that has just begun."""
    settings.PAGE_CACHE = True
    change_log.__dict__.update(ChangeLog().__dict__)
    announcing._seen.clear()
    announcing._pile = 0


@pytest.fixture
def visitor():
    """Return a function that asks for a page as a visitor without any cookie, and how it was answered."""

    def ask(address, **headers):
        return Client(headers=headers).get(address)

    return ask
