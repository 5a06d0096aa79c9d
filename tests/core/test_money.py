"""Money: rounded half up by ISO 4217, split without loss, shown as people of a place write it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.money import (
    currency_digits,
    fits_currency,
    format_money,
    locale_for,
    round_amount,
    smallest_unit,
    split_amount,
)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.125", "EUR", "0.13"),
        ("0.124", "EUR", "0.12"),
        ("118.5", "JPY", "119"),
        ("118.09", "JPY", "118"),
        ("1.005", "KWD", "1.01"),
        ("12.5", "ISK", "13"),
    ],
)
def test_amounts_are_rounded_half_up_to_the_currencys_digits(amount, currency, expected):
    assert str(round_amount(amount=Decimal(amount), currency=currency)) == expected


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("UGX", 0)])
def test_digits_are_those_of_iso_4217(currency, digits):
    assert currency_digits(currency) == digits


def test_an_amount_with_too_many_digits_does_not_fit():
    assert not fits_currency(amount=Decimal("9.99"), currency="JPY")
    assert not fits_currency(amount=Decimal("1.255"), currency="KWD")
    assert fits_currency(amount=Decimal("9.990"), currency="EUR")


@pytest.mark.parametrize(
    ("amount", "weights", "currency", "parts"),
    [
        ("10.00", ["1", "1", "1"], "EUR", ["3.34", "3.33", "3.33"]),
        ("100", ["1", "1", "1"], "JPY", ["34", "33", "33"]),
        ("0.05", ["10", "30", "60"], "USD", ["0.01", "0.01", "0.03"]),
        ("5.00", ["0", "7"], "EUR", ["0.00", "5.00"]),
        ("0", ["0", "0"], "EUR", ["0.00", "0.00"]),
        ("0", [], "EUR", []),
    ],
)
def test_the_largest_remainders_get_the_units_left_over(amount, weights, currency, parts):
    split = split_amount(amount=Decimal(amount), weights=[Decimal(w) for w in weights], currency=currency)
    assert [str(part) for part in split] == parts


@pytest.mark.parametrize(
    ("amount", "weights"),
    [("1.00", ["0", "0"]), ("-1.00", ["1"]), ("1.00", ["-1", "2"]), ("1.005", ["1"]), ("1", [])],
)
def test_what_cannot_be_split_is_refused(amount, weights):
    with pytest.raises(ValueError, match="cannot be split"):
        split_amount(amount=Decimal(amount), weights=[Decimal(w) for w in weights], currency="EUR")


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=30).filter(any),
    st.fractions(0, 1),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_parts_sum_to_the_amount_and_none_exceeds_its_weight(units, share, currency):
    unit = smallest_unit(currency)
    weights = [unit * count for count in units]
    amount = unit * int(sum(units) * share)
    parts = split_amount(amount=amount, weights=weights, currency=currency)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("language", "country", "currency", "expected"),
    [
        ("de", "DE", "EUR", "1.299,00\xa0€"),
        ("en", "US", "USD", "$1,299.00"),
        ("en", "GB", "GBP", "£1,299.00"),
        ("en", "DE", "EUR", "1.299,00\xa0€"),
        ("fr", "FR", "EUR", "1\u202f299,00\xa0€"),
        ("it", "IT", "EUR", "1.299,00\xa0€"),
        ("es", "ES", "EUR", "1.299,00\xa0€"),
        ("en", "JP", "JPY", "¥1,299"),
        ("ja", "JP", "JPY", "￥1,299"),
        ("zh-hans", "US", "USD", "US$1,299.00"),
    ],
)
def test_money_is_written_as_in_the_market(language, country, currency, expected):
    locale = locale_for(language=language, country=country)
    assert format_money(amount=Decimal("1299"), currency=currency, locale=locale) == expected


def test_money_is_rounded_half_up_before_it_is_shown():
    assert format_money(amount=Decimal("0.125"), currency="USD", locale="en_US") == "$0.13"


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [("en", "GB", "en_GB"), ("en", "JP", "en"), ("zh-hans", "US", "zh_Hans"), ("xx", "DE", "en")],
)
def test_an_unknown_pair_falls_back_to_the_language_then_to_english(language, country, locale):
    assert locale_for(language=language, country=country) == locale
