"""Amounts with their currency: rounded to the step they are agreed in, split without loss, shown by locale."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

_ZERO_DIGIT_CURRENCIES = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "MGA"]
) | frozenset(["PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])
_THREE_DIGIT_CURRENCIES = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_KEPT_DIGITS = 2


def currency_digits(currency: str) -> int:
    """Return how many decimal places an amount in `currency` (ISO 4217 code) has."""
    if currency in _ZERO_DIGIT_CURRENCIES:
        return 0
    return 3 if currency in _THREE_DIGIT_CURRENCIES else 2


@lru_cache
def smallest_unit(currency: str) -> Decimal:
    """Return the smallest step an amount is agreed in: 0.01 for EUR, 1 for JPY.

    Currencies of three decimals go in hundredths too: Oscar keeps two, and cards are charged in tens of fils only
    (docs.stripe.com/currencies, "Three-decimal currencies").
    """
    return Decimal(1).scaleb(-min(currency_digits(currency), _KEPT_DIGITS))


def round_amount(*, amount: Decimal, currency: str) -> Decimal:
    """Return `amount` rounded half up to the smallest step of its currency."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


def shown_amount(amount: Decimal, currency: str) -> str:
    """Return the amount's digits and nothing else: 24.94 (USD), 1200 (JPY)."""
    return str(round_amount(amount=amount, currency=currency))


def fits_currency(*, amount: Decimal, currency: str) -> bool:
    """Say whether `amount` is a whole number of the currency's smallest steps: 9.99 JPY and 1.255 KWD are not."""
    return amount == round_amount(amount=amount, currency=currency)


def split_amount(*, amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split `amount` in proportion to `weights` so that the parts sum to it exactly, to the minor unit.

    Largest remainder (Hamilton): every part is rounded down, then the units left over go to the parts that lost
    most, the earlier of equals first. Where the amount is at most the sum of the weights and these fit the
    currency, no part exceeds its weight. Raises ValueError for a negative amount or weight, for an amount that
    does not fit the currency, and for something to split among weights that are all zero.
    """
    if (
        amount < 0
        or any(weight < 0 for weight in weights)
        or not fits_currency(amount=amount, currency=currency)
    ):
        raise ValueError(f"{amount} {currency} cannot be split by {list(weights)}.")
    unit = smallest_unit(currency)
    total = sum(weights, Decimal(0))
    if total == 0:
        if amount != 0:
            raise ValueError(f"{amount} {currency} cannot be split: every weight is zero.")
        return [Decimal(0).quantize(unit) for _ in weights]
    exact = [amount * weight / total for weight in weights]
    parts = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
    left = int((amount - sum(parts, Decimal(0))) / unit)
    losers = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in losers[:left]:
        parts[index] += unit
    return parts


def locale_for(*, language: str, country: str) -> str:
    """Return the locale (CLDR) of a language as written in a country: "en" and "GB" give "en_GB".

    A pair the CLDR does not know falls back to the language alone, an unknown language to English.
    """
    for candidate in (f"{language}-{country}", language):
        try:
            return str(Locale.parse(candidate, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


def format_money(*, amount: Decimal, currency: str, locale: str) -> str:
    """Return the amount as people of `locale` write it: 1.299,00 € (de), ￥1,299 (ja), $1,299.00 (en_US).

    The space is the one the CLDR gives: no-break (U+00A0), in French narrow no-break (U+202F) between thousands.
    """
    return format_currency(round_amount(amount=amount, currency=currency), currency, locale=locale)
