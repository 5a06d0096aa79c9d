"""Set prices: the price and its place in the history are written together, once, however often it is asked."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from storefront.markets.errors import PriceRefused
from storefront.markets.models import Market, MarketPrice
from storefront.markets.selectors.prices import products_with_due_changes
from storefront.markets.services.price_book import PriceBook, PriceToSet

ROWS_AT_ONCE = 500


def set_price(
    *,
    product,
    market: Market,
    amount: Decimal,
    now: datetime,
    list_price: Decimal | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    source: str = "",
) -> bool:
    """Set one product's price in a market and say whether anything changed; see set_prices."""
    wanted = PriceToSet(
        product_id=product.pk,
        market=market,
        amount=amount,
        list_price=list_price,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
    )
    return set_prices([wanted], now=now) == 1


def set_prices(rows: Iterable[PriceToSet], *, now: datetime) -> int:
    """Set many prices, all or none, and return how many changed.

    The queries are those of a batch of ROWS_AT_ONCE, not of a row; SQLite parts inserts of more than a hundred rows.
    A price without an end replaces the lasting one; one with an end lies over it until then. A price that is
    already so writes nothing. Raises PriceRefused, naming the product.
    """
    changed = 0
    rest = iter(rows)
    with transaction.atomic():
        while batch := list(islice(rest, ROWS_AT_ONCE)):
            changed += _set_batch(batch, now=now)
    return changed


def withdraw_price(*, product, market: Market, now: datetime) -> bool:
    """Take a product out of a market from now on, later prices included; say whether it had a price."""
    return _end_prices(product_id=product.pk, market=market, now=now, which=lambda row: True)


def end_temporary_price(*, product, market: Market, now: datetime) -> bool:
    """End a temporary price now, later ones included, so that the lasting price returns; say whether there was one."""
    return _end_prices(product_id=product.pk, market=market, now=now, which=lambda row: row.is_temporary)


def end_price(*, price: MarketPrice, now: datetime) -> bool:
    """End one price now, or remove it when it has not begun; say whether it was in force."""
    return _end_prices(
        product_id=price.product_id, market=price.market, now=now, which=lambda row: row.pk == price.pk
    )


def record_due_changes(*, now: datetime) -> int:
    """Record what the clock changed: prices that began or ended as set. Return how many; a second run records none.

    Run it every hour; reading a price or setting another does not wait for it.
    """
    products_of: dict[int, list[int]] = defaultdict(list)
    for market_id, product_id in products_with_due_changes(now=now):
        products_of[market_id].append(product_id)
    recorded = 0
    for market in Market.objects.filter(pk__in=products_of).order_by("pk"):
        ids = products_of[market.pk]
        for start in range(0, len(ids), ROWS_AT_ONCE):
            with transaction.atomic():
                book = PriceBook(product_ids=ids[start : start + ROWS_AT_ONCE], markets=[market], now=now)
                recorded += book.close()
    return recorded


def _set_batch(batch: Sequence[PriceToSet], *, now: datetime) -> int:
    markets = {row.market.pk: row.market for row in batch}
    book = PriceBook(product_ids={row.product_id for row in batch}, markets=list(markets.values()), now=now)
    seen: set[tuple[int, int, bool]] = set()
    changed = 0
    for row in batch:
        key = (row.product_id, row.market.pk, row.is_temporary)
        if key in seen:
            raise PriceRefused(
                _("Product %(product)s has two prices in market %(market)s in one file or form. Keep one.")
                % {"product": row.product_id, "market": row.market.code}
            )
        seen.add(key)
        changed += book.enter(row)
    book.close()
    return changed


def _end_prices(
    *, product_id: int, market: Market, now: datetime, which: Callable[[MarketPrice], bool]
) -> bool:
    with transaction.atomic():
        book = PriceBook(product_ids=[product_id], markets=[market], now=now)
        had_price = book.end(product_id=product_id, market=market, which=which)
        book.close()
    return had_price
