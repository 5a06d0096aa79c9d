"""Which currencies and amounts Stripe takes for a charge.

Source: docs.stripe.com/currencies. The minimum amounts are the published ones, from memory;
for a currency without one Stripe converts to the currency of the account, and the stand-in only refuses 0.
"""

from .errors import ApiError

_CODES = """
usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd
cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd
hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad
mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln
pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs
uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
"""
CURRENCIES = frozenset(_CODES.split())
ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
WHOLE_UNITS_ONLY = frozenset({"isk", "ugx"})
MINIMUM_MINOR_UNITS = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
MAXIMUM_MINOR_UNITS = 99_999_999


def check_currency(currency: str) -> str:
    """Return the currency in lower case, or raise Stripe's error for one it does not know."""
    lowered = currency.lower()
    if lowered not in CURRENCIES:
        raise ApiError(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: "
            + ", ".join(sorted(CURRENCIES)),
            param="currency",
        )
    return lowered


def check_amount(amount: int, *, currency: str) -> None:
    """Raise Stripe's error for an amount, in minor units, which cannot be charged in this currency."""
    if amount < 1:
        raise ApiError(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    minimum = MINIMUM_MINOR_UNITS.get(currency, 1)
    if amount < minimum:
        raise ApiError(
            f"Amount must be at least {format_amount(minimum, currency=currency)}",
            code="amount_too_small",
            param="amount",
        )
    if amount > MAXIMUM_MINOR_UNITS:
        raise ApiError(
            f"Amount must be no more than {format_amount(MAXIMUM_MINOR_UNITS, currency=currency)}",
            code="amount_too_large",
            param="amount",
        )
    if currency in THREE_DECIMAL and amount % 10:
        raise ApiError(f"Invalid amount: in {currency} the last digit must be 0.", param="amount")
    if currency in WHOLE_UNITS_ONLY and amount % 100:
        raise ApiError(f"Invalid amount: in {currency} the last two digits must be 00.", param="amount")


def format_amount(amount: int, *, currency: str) -> str:
    """Return an amount in minor units as people read it, such as "0.50 eur"."""
    digits = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, part = divmod(amount, 10**digits)
    return f"{whole}.{part:0{digits}d} {currency}" if digits else f"{whole} {currency}"
