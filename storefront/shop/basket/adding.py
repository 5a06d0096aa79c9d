"""Putting something in the basket without reading all of it: ten queries, however much is in it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Model, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from oscar.core.loading import get_class, get_model

from storefront.kept_sql import Given, KeptSql, columns_of, from_row

Applicator = get_class("offer.applicator", "Applicator")


def take_plain_basket(request: HttpRequest) -> None:
    """Give the request its basket as it is stored, where no offer and no voucher is in force that could change it.

    Elsewhere Oscar works the offers out before and after, to tell which were won or lost.
    """
    str(request.basket_hash)  # Oscar's middleware finds the basket and keeps it here
    basket = request._basket_cache
    basket.strategy = request.strategy
    applicator = Applicator()
    if not _OPEN_OFFERS():
        applicator.get_site_offers = list
    request.has_offers = bool(applicator.get_offers(basket, request.user, request))
    if not request.has_offers:
        basket.read_quantities()
        request.basket = basket


def _build_open_offers() -> QuerySet:
    """Return one offer for everybody that is in force, or has not begun or has ended and is not closed yet."""
    ConditionalOffer = get_model("offer", "ConditionalOffer")
    offers = ConditionalOffer.objects.filter(offer_type=ConditionalOffer.SITE, status=ConditionalOffer.OPEN)
    return offers.order_by("pk").values_list("pk")[:1]


_OPEN_OFFERS = KeptSql(_build_open_offers)


def read_product(product_id: int) -> Any:
    """Return a product that is public, as is its family, or None; with what adding it asks for, in one query.

    That is its class, its family, its stock records, and whether there are options such as an engraving.
    """
    Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    ProductClass = get_model("catalogue", "ProductClass")
    rows = _PRODUCT(product=product_id)
    if not rows:
        return None
    values = iter(rows[0])
    product, parent = _take(Product, values), _take(Product, values)
    product.product_class, its_class = _take(ProductClass, values), _take(ProductClass, values)
    product.parent = parent
    if parent is not None:
        parent.product_class = its_class
    product.has_product_class_options, product.has_product_options = islice(values, 2)
    records = (_take(StockRecord, iter(row[-len(columns_of(StockRecord)) :])) for row in rows)
    kept = product.stockrecords.all()
    kept._result_cache = [record for record in records if record is not None]
    kept._prefetch_done = True
    product._prefetched_objects_cache = {"stockrecords": kept}
    return product


def _take(model: type[Model], values: Iterator[Any]) -> Any:
    """Return the object of the next values, None where there is none."""
    own = tuple(islice(values, len(columns_of(model))))
    return from_row(model, own) if own[0] is not None else None


def _build_product() -> QuerySet:
    """Return a row for each stock record of the product."""
    Product, ProductClass = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
    StockRecord = get_model("partner", "StockRecord")
    classes = ProductClass.options.through.objects.filter(productclass=OuterRef("its_class"))
    own = Product.product_options.through.objects.filter(product=OuterRef("pk"))
    products = Product.objects.public().exclude(parent__is_public=False)
    products = products.alias(its_class=Coalesce(F("product_class"), F("parent__product_class"))).annotate(
        has_product_class_options=Exists(classes), has_product_options=Exists(own)
    )
    return (
        products.filter(pk=Given("product", BigIntegerField()))
        .order_by("stockrecords__pk")
        .values_list(
            *columns_of(Product),
            *(f"parent__{column}" for column in columns_of(Product)),
            *(f"product_class__{column}" for column in columns_of(ProductClass)),
            *(f"parent__product_class__{column}" for column in columns_of(ProductClass)),
            "has_product_class_options",
            "has_product_options",
            *(f"stockrecords__{column}" for column in columns_of(StockRecord)),
        )
    )


_PRODUCT = KeptSql(_build_product)
