"""A shop with editions, as the tests of addresses have it."""

from tests.cms.conftest import picture  # noqa: F401
from tests.editions.conftest import _empty_cache, markets, open_markets, price  # noqa: F401
