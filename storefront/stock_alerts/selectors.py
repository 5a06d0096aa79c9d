"""Which alerts are due: confirmed, and the product can be bought in their market."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.markets.models import Market
from storefront.markets.selectors.markets import enabled_markets
from storefront.markets.selectors.offers import market_price
from storefront.markets.selectors.stock import units_left
from storefront.stock_alerts.models import State, StockAlert


def alert_titles(alert: StockAlert) -> str:
    """Return what a product is called in an alert's language, else by Oscar's own title."""
    product = alert.product
    texts = get_model("markets", "ProductText").objects.filter(
        product__in=filter(None, [product.pk, product.parent_id]),
        language__in={alert.language, alert.language.partition("-")[0]},
    )
    found = {text.product_id: text.title for text in texts.order_by("pk") if text.title}
    return found.get(product.pk) or found.get(product.parent_id) or product.get_title()


def due_alerts(*, now: datetime) -> Iterator[int]:
    """Yield the keys of alerts whose product is there again, the oldest first; a query per open market and one."""
    waiting = StockAlert.objects.filter(state=State.CONFIRMED)
    if not waiting.exists():
        return
    for market in enabled_markets():
        here = waiting.filter(market_code=market.code, product__in=_buyable(market)).annotate(
            price_here=market_price(market, now=now, product="product", parent="product__parent")
        )
        yield from _oldest_first(here.filter(price_here__isnull=False))
    yield from _oldest_first(waiting.filter(market_code="", product__in=_buyable(None)))


def _oldest_first(alerts: QuerySet) -> Iterator[int]:
    return alerts.order_by("confirmed_at", "pk").values_list("pk", flat=True).iterator()


def _buyable(market: Market | None) -> QuerySet:
    """Return the keys of public products that a market has in stock, or whose stock is not counted."""
    return (
        get_model("catalogue", "Product")
        .objects.filter(Q(parent=None) | Q(parent__is_public=True), is_public=True)
        .annotate(
            left=units_left(market),
            tracks_stock=Coalesce("parent__product_class__track_stock", "product_class__track_stock"),
        )
        .filter(Q(left__gt=0) | Q(tracks_stock=False, stockrecords__isnull=False))
        .values("pk")
    )
