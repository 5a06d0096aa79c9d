"""A customer's own reviews with their state, and what they bought and have not reviewed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.search.cards import ProductCard, build_cards, translated_titles
from storefront.shop.catalogue.buyer_reviews import bought_by

OFFERED_AT_ONCE = 8


@dataclass(frozen=True)
class Waiting:
    """A product that was bought, and where to review it."""

    card: ProductCard
    url: str


@dataclass(frozen=True)
class OwnReview:
    """A review as its writer sees it."""

    review: Any
    title: str
    url: str


def own_reviews(user: Any) -> QuerySet:
    """Return what a customer wrote, the newest first."""
    reviews = get_model("reviews", "ProductReview").objects.filter(user=user, product__isnull=False)
    return reviews.select_related("product").order_by("-date_created", "-pk")


def describe_reviews(reviews: Sequence[Any]) -> list[OwnReview]:
    """Return reviews with their products' names in the customer's language; one query for any number."""
    titles = translated_titles({review.product_id for review in reviews})
    return [
        OwnReview(
            review,
            titles.get(review.product_id) or review.product.title,
            review.product.get_absolute_url() if review.product.is_public else "",
        )
        for review in reviews
    ]


def waiting_for_review(user: Any) -> list[Waiting]:
    """Return what a customer bought last and has not reviewed; as a card where it is still sold."""
    written = get_model("reviews", "ProductReview").objects.filter(user=user, product__isnull=False)
    bought = (
        bought_by(user)
        .annotate(
            root=Coalesce(F("product__parent"), F("product")),
            slug=Coalesce(F("product__parent__slug"), F("product__slug")),
        )
        .filter(root__isnull=False)
        .exclude(root__in=written.values("product"))
        .order_by("-order__date_placed", "-pk")
        .values_list("root", "slug")
    )
    slugs = dict(reversed(bought[: OFFERED_AT_ONCE * 5]))
    ids = list(reversed(slugs))[:OFFERED_AT_ONCE]
    return [
        Waiting(card, reverse("catalogue:reviews-add", args=[slugs[card.id], card.id]))
        for card in build_cards(ids)
    ]
