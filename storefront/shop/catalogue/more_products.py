"""What to look at next: products beside one, and those a browser remembers having seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from oscar.core.loading import get_model

from storefront.search import navigation, selectors
from storefront.search.cards import ProductCard, build_cards

RELATED_SHOWN = 8
SEEN_SHOWN = 8


@dataclass(frozen=True)
class MoreProducts:
    """Two rails of cards."""

    related: Sequence[ProductCard]
    seen: Sequence[ProductCard]


def read_more_products(*, product_id: int, seen_ids: Sequence[int]) -> MoreProducts:
    """Return what lies in the same category as a product, and which of `seen_ids` are still sold, in their order."""
    products = get_model("catalogue", "Product").objects.browsable().filter(pk=product_id)
    category_id = products.values_list(navigation.own_category(), flat=True).first()
    related: list[ProductCard] = []
    if category_id is not None:
        category = navigation.read_chain(category_id)[-1]
        found = selectors.featured_products(category=category, limit=RELATED_SHOWN + 1)
        related = [card for card in found if card.id != product_id][:RELATED_SHOWN]
    seen = [each for each in dict.fromkeys(seen_ids) if each != product_id][:SEEN_SHOWN]
    return MoreProducts(related=related, seen=build_cards(seen) if seen else [])
