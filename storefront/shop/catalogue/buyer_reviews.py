"""What buyers say of a product: only those whose order of it was paid, each checked against the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from oscar.core.loading import get_model

from storefront.review_replies.selectors import with_replies

SHOWN_ON_PAGE = 3
APPROVED = 1  # AbstractProductReview.APPROVED
# An order of these was paid for; what was paid back since was bought all the same.
BOUGHT_STATUSES = ("Authorised", "Paid", "Shipped")
SCORES = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Review:
    """One buyer's words."""

    id: int
    score: int
    title: str
    body: str
    name: str
    created_at: datetime
    reply: str = ""
    replied_at: datetime | None = None


@dataclass(frozen=True)
class Reviews:
    """How many buyers gave which score, their mean, and the newest few of their reviews."""

    count: int
    mean: Decimal
    shares: tuple[tuple[int, int, int], ...]  # score, how many, per cent
    newest: tuple[Review, ...]


def bought_by(user: Any) -> QuerySet:
    """Return the order lines that a customer paid for."""
    Line = get_model("order", "Line")
    return Line.objects.filter(order__user=user, order__status__in=BOUGHT_STATUSES)


def has_bought(*, user: Any, product: Any) -> bool:
    """Say whether a customer paid for a product, or for one of its variants."""
    return bought_by(user).filter(Q(product=product.pk) | Q(product__parent=product.pk)).exists()


def verified_reviews(products: Iterable[int] | QuerySet) -> QuerySet:
    """Return the approved reviews of products whose writer paid for that product or a variant of it."""
    Line = get_model("order", "Line")
    paid = Line.objects.filter(order__user=OuterRef("user"), order__status__in=BOUGHT_STATUSES).filter(
        Q(product=OuterRef("product")) | Q(product__parent=OuterRef("product"))
    )
    reviews = get_model("reviews", "ProductReview").objects.filter(product__in=products, status=APPROVED)
    return reviews.filter(Exists(paid))


@dataclass(frozen=True)
class ScoreCount:
    """How many buyers gave a score."""

    score: int
    count: int


def count_scores(product_id: int) -> list[ScoreCount]:
    """Return how many buyers gave which score, the best first, without those that nobody gave; one query."""
    rows = verified_reviews([product_id]).order_by("-score").values_list("score").annotate(Count("pk"))
    return [ScoreCount(*row) for row in rows]


def read_reviews(product: Any) -> Reviews | None:
    """Return what buyers say of a product, None where nobody has said anything; one query, or none.

    Oscar keeps the mean of all approved reviews on the product: without it there is nothing to read.
    """
    if product.rating is None:
        return None
    counts = {f"count_{score}": Window(Count("pk", filter=Q(score=score))) for score in SCORES}
    rows = list(
        with_replies(verified_reviews([product.pk]))
        .annotate(**counts)
        .select_related("user")
        .order_by("-date_created", "-pk")[:SHOWN_ON_PAGE]
    )
    if not rows:
        return None
    found = {score: getattr(rows[0], f"count_{score}") for score in SCORES}
    count = sum(found.values())
    return Reviews(
        count=count,
        mean=Decimal(sum(score * number for score, number in found.items())) / count,
        shares=tuple((score, number, round(100 * number / count)) for score, number in found.items()),
        newest=tuple(_describe(row) for row in rows),
    )


def _describe(row: Any) -> Review:
    return Review(
        id=row.pk,
        score=row.score,
        title=row.title,
        body=row.body,
        name=row.user.first_name if row.user else "",
        created_at=row.date_created,
        reply=row.reply or "",
        replied_at=row.replied_at,
    )
