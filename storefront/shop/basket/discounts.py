"""How Oscar's offers round what they take off (OSCAR_OFFER_ROUNDING_FUNCTION)."""

from decimal import ROUND_DOWN, Decimal

from oscar.core.utils import get_default_currency

from storefront.core.money import smallest_unit


def round_discount(amount: Decimal, currency: str | None) -> Decimal:
    """Return a discount rounded down to the currency's digits."""
    return amount.quantize(smallest_unit(currency or get_default_currency()), rounding=ROUND_DOWN)
