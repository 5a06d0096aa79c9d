"""Markets, shoppers and the stand-in, as in the tests of money."""

from tests.markets_money.conftest import _empty_cache, german_seller, markets, visit  # noqa: F401
from tests.payments.conftest import moment, standin  # noqa: F401
