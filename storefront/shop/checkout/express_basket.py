"""The basket a wallet pays: the shopper's own, or one that holds the product of a page and nothing else."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from oscar.core.loading import get_class, get_model

from storefront.payments import selectors

Applicator = get_class("offer.applicator", "Applicator")


def basket_of_sheet(request: HttpRequest, *, basket_id: int | None) -> Any:
    """Return the basket an open sheet is about: the one made for it, or the shopper's; an empty one once it is gone."""
    if basket_id is None or basket_id == request.basket.id:
        return request.basket
    if made := selectors.wallet_baskets().filter(pk=basket_id).first():
        return _ready(request, made)
    Basket = get_model("basket", "Basket")
    if Basket.objects.filter(pk=basket_id).exists():
        return request.basket
    return _ready(request, Basket())


def basket_of_product(request: HttpRequest) -> str:
    """Give the request a basket with the product and quantity it names alone; return why that cannot be.

    Nothing is done where it names none. The basket belongs to nobody: only its signed key leads to it.
    """
    if not request.POST.get("product", "").isdecimal():
        return ""
    products = get_model("catalogue", "Product").objects.public().exclude(parent__is_public=False)
    product = get_object_or_404(products, pk=request.POST["product"])
    Basket = get_model("basket", "Basket")
    basket = _with_strategy(request, Basket(status=selectors.WALLET_BASKET_STATUS))
    basket.read_quantities()
    form = get_class("basket.forms", "AddToBasketForm")(basket, product, request.POST)
    if not form.is_valid():
        return " ".join(message for messages in form.errors.values() for message in messages)
    basket.add_product(product, form.cleaned_data["quantity"], form.cleaned_options())
    request.basket = _ready(request, Basket.objects.get(pk=basket.pk))
    return ""


def _ready(request: HttpRequest, basket: Any) -> Any:
    _with_strategy(request, basket)
    basket.is_for_one_sheet = True
    Applicator().apply(basket, request.user, request)
    return basket


def _with_strategy(request: HttpRequest, basket: Any) -> Any:
    basket.strategy = request.strategy
    return basket
