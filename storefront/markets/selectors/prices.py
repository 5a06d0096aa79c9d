"""What products cost in a market now, and what an announced reduction must be measured by."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from storefront.core.money import round_amount
from storefront.kept_sql import GivenAmong, KeptSql, columns_of, from_row
from storefront.markets import price_history
from storefront.markets.models import Market, MarketPrice, PriceChange


@dataclass(frozen=True)
class PriceInForce:
    """A product's price in a market now.

    `list_price` is set while a reduction is announced. `reference` is then the lowest price of the 30 days before
    the reduction began, which EU law wants beside the price; None: the product was not offered before, and the
    reduction may not be announced there.
    """

    product_id: int
    amount: Decimal
    currency: str
    list_price: Decimal | None = None
    reference: Decimal | None = None
    valid_until: datetime | None = None


def prices_for(*, product_ids: Collection[int], market: Market, now: datetime) -> dict[int, PriceInForce]:
    """Return the price in force of each product that has one in the market, by product key; two queries at most."""
    rows_of: dict[int, list[MarketPrice]] = defaultdict(list)
    for values in _UNFINISHED(products=product_ids, markets=[market.pk]):
        row = from_row(MarketPrice, values)
        rows_of[row.product_id].append(row)
    in_force = {
        product_id: row for product_id, rows in rows_of.items() if (row := price_row_at(rows, at=now))
    }
    reduced = [product_id for product_id, row in in_force.items() if row.is_reduction]
    references = _find_references(reduced, rows_of, market, now) if reduced else {}
    return {
        product_id: PriceInForce(
            product_id=product_id,
            amount=round_amount(amount=row.amount, currency=market.currency),
            currency=market.currency,
            list_price=_rounded(row.list_price, market),
            reference=_rounded(references.get(product_id), market),
            valid_until=row.valid_until,
        )
        for product_id, row in in_force.items()
    }


def unfinished_prices(*, product_ids: Collection[int], market_ids: Collection[int]) -> QuerySet[MarketPrice]:
    """Return the prices that hold, will hold, or ended after the last recorded change; that as `recorded_until`."""
    return _unfinished(product_ids, market_ids)


def _unfinished(
    product_ids: Collection[int] | GivenAmong, market_ids: Collection[int] | GivenAmong
) -> QuerySet[MarketPrice]:
    return (
        _with_recorded_until()
        .filter(product_id__in=product_ids, market_id__in=market_ids)
        .filter(Q(valid_until=None) | Q(recorded_until=None) | Q(valid_until__gt=F("recorded_until")))
        .order_by("product_id", "market_id", "valid_from", "pk")
    )


def _build_unfinished() -> QuerySet:
    prices = _unfinished(GivenAmong("products"), GivenAmong("markets"))
    return prices.values_list(*columns_of(MarketPrice))


_UNFINISHED = KeptSql(_build_unfinished)


def products_with_due_changes(*, now: datetime) -> list[tuple[int, int]]:
    """Return (market key, product key) of every price the clock has changed since its last recorded change."""
    began = Q(valid_from__lte=now) & (Q(recorded_until=None) | Q(valid_from__gt=F("recorded_until")))
    ended = Q(valid_until__lte=now, valid_until__gt=F("recorded_until"))
    keys = _with_recorded_until().filter(began | ended).order_by("market_id", "product_id")
    return list(keys.values_list("market_id", "product_id").distinct())


def _with_recorded_until() -> QuerySet[MarketPrice]:
    last = (
        PriceChange.objects.filter(product=OuterRef("product"), market=OuterRef("market"))
        .order_by("-at")
        .values("at")[:1]
    )
    return MarketPrice.objects.annotate(recorded_until=Subquery(last))


def price_row_at(rows: Iterable[MarketPrice], *, at: datetime) -> MarketPrice | None:
    """Return the row of one product and market whose price is in force at a moment, if any is."""
    row_of = {as_period(row): row for row in rows}
    period = price_history.price_at(row_of, at=at)
    return row_of[period] if period else None


def as_period(row: MarketPrice) -> price_history.Period:
    """Return a price as the plain history knows it."""
    return price_history.Period(
        row.valid_from, row.valid_until, row.amount, row.is_reduction, row.is_temporary
    )


def changes_of(*, product_ids: Collection[int], market: Market) -> dict[int, list[price_history.Change]]:
    """Return the recorded changes of each product's price in the market, oldest first; one query."""
    found: dict[int, list[price_history.Change]] = defaultdict(list)
    rows = PriceChange.objects.filter(product_id__in=product_ids, market=market).order_by("at", "pk")
    for product_id, at, amount, is_reduction in rows.values_list(
        "product_id", "at", "amount", "is_reduction"
    ):
        found[product_id].append(price_history.Change(at, amount, is_reduction))
    return found


def _find_references(
    product_ids: Collection[int], rows_of: dict[int, list[MarketPrice]], market: Market, now: datetime
) -> dict[int, Decimal | None]:
    recorded = changes_of(product_ids=product_ids, market=market)
    references: dict[int, Decimal | None] = {}
    for product_id in product_ids:
        changes = recorded[product_id]
        due = price_history.due_changes(
            [as_period(row) for row in rows_of[product_id]],
            after=changes[-1].at if changes else None,
            until=now,
        )
        reduction = price_history.find_reduction([*changes, *due], at=now)
        references[product_id] = reduction.reference if reduction else None
    return references


def _rounded(amount: Decimal | None, market: Market) -> Decimal | None:
    return None if amount is None else round_amount(amount=amount, currency=market.currency)
