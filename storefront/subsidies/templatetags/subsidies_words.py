"""The trade's words in templates, in the reader's language."""

from decimal import Decimal

from django import template

from storefront.subsidies import guards
from storefront.subsidies.dossier.wording import asked_for, shown
from storefront.subsidies.speech import say as say_words
from storefront.subsidies.words import all_words

register = template.Library()
register.simple_tag(say_words, name="say")
register.filter("beijing", guards.beijing)


@register.simple_tag
def say_of(prefix: str, name: str) -> str:
    """Return the word for one of a kind: `{% say_of "state" project.state %}`."""
    return say_words(f"{prefix}.{name}")


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Write a sum of money as a ledger does; a dash where there is none yet."""
    return "—" if amount is None else f"¥{amount:,.2f}".removesuffix(".00")


@register.simple_tag
def event_word(verb: str) -> str:
    """Return the word for an event of the log; its own name for one this version does not know."""
    key = f"event.{verb}"
    return say_words(key) if key in all_words() else verb


register.simple_tag(shown, name="figure_text")
register.simple_tag(asked_for)
register.simple_tag(guards.beijing, name="beijing_time")


@register.filter
def unlocal(number: float) -> str:
    """Write a number for an attribute of an SVG, whatever the reader's decimal mark."""
    return f"{number:g}"


@register.filter
def plain_number(value: Decimal) -> str:
    """Write a number in groups of thousands, without idle zeros after its second decimal place."""
    digits = f"{value:,.8f}".rstrip("0")
    whole, _, decimals = digits.partition(".")
    return f"{whole}.{decimals:0<2}"
