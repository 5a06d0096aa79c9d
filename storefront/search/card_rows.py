"""What cards are made of, read in bulk: plain rows, one query each for any number of products."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, CharField, DateTimeField, F, OuterRef, QuerySet, Subquery, TextField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.kept_sql import Given, GivenAmong, KeptSql
from storefront.markets.selectors.offers import MarketKey, market_price
from storefront.search.prices import reduction_in_force

COLOUR_CODES = ("color", "colour")


class CardRow(NamedTuple):
    """A product of a list, with its first picture, else the one of the first variant that has any."""

    pk: int
    title: str
    slug: str
    structure: str
    rating: float | None
    picture: str | None
    date_created: datetime
    first_created: datetime  # the shop's first product


def _build_products() -> QuerySet:
    pictures = get_model("catalogue", "ProductImage").objects.values("original")
    first = get_model("catalogue", "Product").objects.order_by("date_created").values("date_created")[:1]
    own = pictures.filter(product=OuterRef("pk")).order_by("display_order", "id")
    variants = pictures.filter(product__parent=OuterRef("pk"), product__is_public=True)
    return (
        get_model("catalogue", "Product")
        .objects.browsable()
        .filter(pk__in=GivenAmong("products"))
        .annotate(
            picture=Coalesce(
                Subquery(own[:1]), Subquery(variants.order_by("product_id", "display_order", "id")[:1])
            ),
            first_created=Subquery(first),
        )
        .order_by("id")
        .values_list(*CardRow._fields)
    )


PRODUCTS = KeptSql(_build_products)


class SellableRow(NamedTuple):
    """A stock record, or none, of a single product or variant."""

    pk: int
    family: int
    tracks_stock: bool | None
    record: int | None
    price: Decimal | None
    currency: str | None
    in_stock: int | None
    allocated: int | None
    colour: str | None
    price_here: Decimal | None = None
    is_reduced: bool = False

    @property
    def left(self) -> int:
        return (self.in_stock or 0) - (self.allocated or 0)


def _build_sellable(market: MarketKey | None) -> QuerySet:
    """Return a row for each stock record of these single products and of the others' public variants."""
    Product, products = get_model("catalogue", "Product"), GivenAmong("products")
    colours = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product=OuterRef("pk"), attribute__code__in=COLOUR_CODES)
        .annotate(colour=Coalesce("value_text", "value_option__option", output_field=TextField()))
        .order_by("id")
    )
    # Both ways in have an index of their own; asked for with OR, PostgreSQL looks at every product.
    single = Product.objects.filter(pk__in=products).exclude(structure="parent").order_by().values("pk")
    variants = Product.objects.filter(parent__in=products, is_public=True).order_by().values("pk")
    rows = Product.objects.filter(pk__in=single.union(variants, all=True)).annotate(
        family=Coalesce("parent", "pk"),
        tracks_stock=Coalesce("parent__product_class__track_stock", "product_class__track_stock"),
        record=F("stockrecords__pk"),
        price=F("stockrecords__price"),
        currency=F("stockrecords__price_currency"),
        in_stock=F("stockrecords__num_in_stock"),
        allocated=F("stockrecords__num_allocated"),
        colour=Case(When(structure="child", then=Subquery(colours.values("colour")[:1]))),
    )
    names = SellableRow._fields[:-2]
    if market is not None:
        now = Given("now", DateTimeField())
        rows = rows.annotate(
            price_here=market_price(market, now=now), is_reduced=reduction_in_force(market, now=now)
        )
        names = SellableRow._fields
    return rows.order_by("pk", "record").values_list(*names)


SELLABLE = KeptSql(_build_sellable)


def _build_titles() -> QuerySet:
    texts = get_model("markets", "ProductText").objects.filter(
        product__in=GivenAmong("products"), language__in=GivenAmong("languages", CharField())
    )
    # Of what a product says of itself in points, which are long, the first one alone.
    texts = texts.exclude(title="").annotate(point=KT("bullet_points__0")).order_by("pk")
    return texts.values_list("product_id", "language", "title", "point")


TITLES = KeptSql(_build_titles)
