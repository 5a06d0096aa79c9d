"""The least that Stripe charges in each currency (docs.stripe.com/currencies, "Minimum and maximum charge amounts")."""

from decimal import Decimal

# An account paid out in another currency may ask for more: what its conversion comes to.
_LEAST = {
    "AED": "2.00", "AUD": "0.50", "BGN": "1.00", "BRL": "0.50", "CAD": "0.50", "CHF": "0.50", "CZK": "15.00",
    "DKK": "2.50", "EUR": "0.50", "GBP": "0.30", "HKD": "4.00", "HUF": "175.00", "INR": "0.50", "JPY": "50",
    "MXN": "10.00", "MYR": "2.00", "NOK": "3.00", "NZD": "0.50", "PLN": "2.00", "RON": "2.00", "SEK": "3.00",
    "SGD": "0.50", "THB": "10.00", "USD": "0.50",
}  # fmt: skip


def least_charge(currency: str) -> Decimal:
    """Return the smallest amount that can be charged; 0 where Stripe publishes none."""
    return Decimal(_LEAST.get(currency, "0"))


def is_too_small(*, amount: Decimal, currency: str) -> bool:
    """Say whether something is to be paid, but less than Stripe charges."""
    return 0 < amount < least_charge(currency)
