"""What the search field offers while somebody types: products with their pictures, categories."""

from dataclasses import dataclass

from django.db.models import QuerySet

from storefront.kept_sql import GivenAmong, KeptSql
from storefront.search import navigation
from storefront.search.cards import ProductCard, build_cards
from storefront.search.indexing import ensure_index
from storefront.search.language import fold
from storefront.search.matching import find_products
from storefront.search.models import SearchListing
from storefront.search.selectors import facet_language
from storefront.search.shopper import current_shopper

SHORTEST_QUERY = 2
PRODUCTS_SHOWN = 6
CATEGORIES_SHOWN = 3
PRODUCTS_FOUND = 24  # some may not be sold here


@dataclass(frozen=True)
class Suggestions:
    """What is offered for a query."""

    cards: list[ProductCard]
    categories: list[navigation.CategoryLink]


def suggest(query: str) -> Suggestions:
    """Return the first products a query finds and the main categories whose names have it."""
    query = " ".join(query.split())
    if len(query) < SHORTEST_QUERY:
        return Suggestions([], [])
    ensure_index()
    shopper = current_shopper()
    found = find_products(query, language=facet_language(shopper), most=PRODUCTS_FOUND).ids[:PRODUCTS_FOUND]
    market = shopper.market.pk if shopper.market else None
    sold = {product_id for (product_id,) in _LISTED(market, products=found)}
    cards = build_cards([product_id for product_id in found if product_id in sold][:PRODUCTS_SHOWN])
    wanted = fold(query.lower())
    categories = [link for link in navigation.top_categories() if wanted in fold(link.name.lower())]
    return Suggestions(cards, categories[:CATEGORIES_SHOWN])


def _build_listed(market: int | None) -> QuerySet:
    listings = SearchListing.objects.filter(market=market, product__in=GivenAmong("products"))
    return listings.order_by("product_id").values_list("product")


_LISTED = KeptSql(_build_listed)
