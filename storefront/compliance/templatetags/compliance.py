"""The legal guarantee and producers' guarantees on the shopper's pages."""

from collections.abc import Iterable
from typing import Any

from django import template

from storefront.compliance import selectors
from storefront.compliance.models import GuaranteeNotice
from storefront.markets.editions import current_edition
from storefront.product_facts.guarantees import Guarantee, list_guarantees

register = template.Library()


@register.simple_tag
def guarantee_is_owed() -> bool:
    """Say whether the visitor's market is one where the legal guarantee is to be told of."""
    edition = current_edition()
    return edition is not None and selectors.owes_guarantee_notice(edition.market)


@register.simple_tag
def guarantee_notice() -> GuaranteeNotice | None:
    """Return the EU's notice in the visitor's language, if the merchant has brought it."""
    edition = current_edition()
    return selectors.find_guarantee_notice(language=edition.language) if edition else None


@register.simple_tag
def producer_guarantees(lines: Iterable[Any]) -> list[tuple[str, Guarantee]]:
    """Return what producers guarantee of the goods of lines, each with the line's title."""
    return list_guarantees(lines)
