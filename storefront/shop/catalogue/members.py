"""The products of a family as plain values, with their stock and prices; one query."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.cms.product_stories import has_story
from storefront.kept_sql import Given, KeptSql
from storefront.markets.selectors.offers import MarketKey, market_price
from storefront.product_facts.documents import has_documents
from storefront.product_facts.selectors import FACTS_OF_PRODUCT, FactsRow
from storefront.search.navigation import own_category
from storefront.search.prices import reduction_in_force
from storefront.search.product_urls import product_url


@dataclass(frozen=True, slots=True)
class StockRecord:
    """A place a member's goods lie in."""

    pk: int
    partner_sku: str
    price_currency: str
    price: Decimal | None
    num_in_stock: int | None
    num_allocated: int | None
    low_stock_threshold: int | None

    @property
    def net_stock_level(self) -> int:
        return (self.num_in_stock or 0) - (self.num_allocated or 0)


@dataclass(slots=True)
class Member:
    """A product of a family. Prices are those of the shopper's market, and by market of the others, None: not sold.

    `parent` is the member it is a variant of.
    """

    pk: int
    parent_id: int | None
    structure: str
    is_public: bool
    title: str
    slug: str
    description: str
    upc: str | None
    rating: float | None
    class_slug: str | None
    tracks_stock: bool
    has_story: bool
    has_documents: bool
    category_id: int | None
    facts: FactsRow | None
    price_here: Decimal | None = None
    is_reduced: bool = False
    prices_elsewhere: dict[int, Decimal | None] = field(default_factory=dict)
    stock_records: list[StockRecord] = field(default_factory=list)
    parent: "Member | None" = None
    is_available_here: bool | None = None  # None until it was asked
    _address: str = ""

    @property
    def is_parent(self) -> bool:
        return self.structure == "parent"

    @property
    def is_child(self) -> bool:
        return self.structure == "child"

    def get_absolute_url(self) -> str:
        """Return where its page is, in the shopper's edition."""
        if not self._address:  # asked for by pickers, crumbs and structured data
            self._address = product_url(slug=self.slug, pk=self.pk)
        return self._address


def read_members(
    product_id: int, *, here: MarketKey | None, elsewhere: list[MarketKey], now: datetime
) -> dict[int, Member]:
    """Return a product, the one it is a variant of and all variants by key; with the prices of these markets."""
    members: dict[int, Member] = {}
    for row in _MEMBERS(here, *elsewhere, product=product_id, now=now):
        values = iter(row)
        own, record, facts = (
            tuple(islice(values, len(part))) for part in (_OWN, _OF_RECORD, FACTS_OF_PRODUCT)
        )
        prices = tuple(values)
        member = members.get(row[0])
        if member is None:
            member = members[row[0]] = Member(*own, FactsRow.read(facts), *prices[:2])
            member.prices_elsewhere = dict(zip((market.pk for market in elsewhere), prices[2:], strict=True))
        if record[0] is not None:
            member.stock_records.append(StockRecord(*record))
    for member in members.values():
        if member.parent_id:
            member.parent = members[member.parent_id]
            member.tracks_stock = member.parent.tracks_stock
    return members


_OWN = (
    *("pk", "parent_id", "structure", "is_public", "title", "slug", "description", "upc", "rating"),
    *("product_class__slug", "tracks_stock", "has_story", "has_documents", "own_category"),
)
_OF_RECORD = tuple(
    f"stockrecords__{column}"
    for column in (
        *("pk", "partner_sku", "price_currency", "price", "num_in_stock", "num_allocated"),
        "low_stock_threshold",
    )
)


def _build(here: MarketKey | None, *elsewhere: MarketKey) -> QuerySet:
    """Return a row for each stock record of each member."""
    Product = get_model("catalogue", "Product")
    product, now = Given("product", BigIntegerField()), Given("now", DateTimeField())
    root = Product.objects.filter(pk=product).values(root=Coalesce("parent", "pk"))
    # Both ways in have an index of their own; asked for with OR, PostgreSQL looks at every product.
    variants = Product.objects.filter(parent__in=root).order_by().values("pk")
    family = Product.objects.filter(pk__in=root).order_by().values("pk").union(variants, all=True)
    members = Product.objects.filter(pk__in=family).order_by("id", "stockrecords__pk")
    members = members.annotate(
        tracks_stock=Coalesce("product_class__track_stock", False),
        has_story=has_story(),
        has_documents=has_documents(),
        own_category=own_category(),
    )
    if here is None:
        return members.values_list(*_OWN, *_OF_RECORD, *FACTS_OF_PRODUCT)
    prices = {
        "price_here": market_price(here, now=now),
        "is_reduced": reduction_in_force(here, now=now),
        **{f"price_in_{market.pk}": market_price(market, now=now) for market in elsewhere},
    }
    return members.annotate(**prices).values_list(*_OWN, *_OF_RECORD, *FACTS_OF_PRODUCT, *prices)


_MEMBERS = KeptSql(_build)
