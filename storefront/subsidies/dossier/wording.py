"""How figures and words are written in a dossier: both languages at once, numbers as numbers."""

from datetime import date
from decimal import Decimal, InvalidOperation

from storefront.core.money import currency_digits
from storefront.subsidies.words import all_words, say_in

_SIGNS = {">=": "≥", "<=": "≤"}
Cell = str | Decimal | int | date | None


def both(key: str, **values: object) -> str:
    """Return a sentence in Chinese and English."""
    return f"{say_in('zh', key, **values)} / {say_in('en', key, **values)}"


def word_of(prefix: str, name: str) -> str:
    """Return the word for one of a kind in both languages; its own name where there is none."""
    key = f"{prefix}.{name}"
    return both(key) if key in all_words() else name


def number(text: str | None, unit: str = "") -> Cell:
    """Return a number that was stored as text, money with two places; another text stays one."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return round(value, _digits(unit)) if is_money(unit) else value


def is_money(unit: str) -> bool:
    """Say whether a unit is a currency."""
    return len(unit) == 3 and unit.isupper()


def asked_for(operator: str, threshold: str, unit: str) -> str:
    """Return what a condition asks of a figure: ≥ 300,000.00 USD."""
    return f"{_SIGNS.get(operator, operator)} {shown(threshold, unit)}"


def shown(text: str | None, unit: str = "") -> str:
    """Return a stored figure as people read it: grouped, without idle zeros, its unit after it; a dash for none."""
    value = number(text, unit)
    if value is None:
        return "—"
    if not isinstance(value, Decimal):
        return str(value)
    plain = f"{value:,f}"
    if "." in plain and not is_money(unit):
        plain = plain.rstrip("0").rstrip(".")
    return plain if unit in ("", "count", "date") else f"{plain} {unit}"


def _digits(currency: str) -> int:
    return max(currency_digits(currency), 2)  # as the books here keep them
