"""Putting something in the basket without reading all of it: twelve queries, however much is in it."""

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from oscar.core.loading import get_class, get_model

Applicator = get_class("offer.applicator", "Applicator")


def take_plain_basket(request: HttpRequest) -> None:
    """Give the request its basket as it is stored, where no offer and no voucher is in force that could change it.

    Elsewhere Oscar works the offers out before and after, to tell which were won or lost.
    """
    str(request.basket_hash)  # Oscar's middleware finds the basket and keeps it here
    basket = request._basket_cache
    basket.strategy = request.strategy
    request.has_offers = bool(Applicator().get_offers(basket, request.user, request))
    if not request.has_offers:
        basket.read_quantities()
        request.basket = basket


def with_options_known(products: QuerySet) -> QuerySet:
    """Return `products` with what Oscar would ask of each: whether there are options such as an engraving."""
    Product, ProductClass = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
    classes = ProductClass.options.through.objects.filter(productclass=OuterRef("its_class"))
    own = Product.product_options.through.objects.filter(product=OuterRef("pk"))
    return products.alias(its_class=Coalesce(F("product_class"), F("parent__product_class"))).annotate(
        has_product_class_options=Exists(classes), has_product_options=Exists(own)
    )
