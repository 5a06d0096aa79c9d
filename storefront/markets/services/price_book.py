"""The prices of some products in some markets, locked, with what is to be written to them and to their history."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.core.money import fits_currency
from storefront.markets import price_history
from storefront.markets.errors import PriceRefused
from storefront.markets.models import Market, MarketPrice, PriceChange
from storefront.markets.selectors.prices import as_period, price_row_at, unfinished_prices

CLOCK = "clock"  # the source of a change nobody made: a price began or ended as it had been set to
Key = tuple[int, int]


@dataclass(frozen=True)
class PriceToSet:
    """A price to be set. A `list_price` announces a reduction; no `valid_from` is now; an end makes it temporary."""

    product_id: int
    market: Market
    amount: Decimal
    list_price: Decimal | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    source: str = ""

    @property
    def is_temporary(self) -> bool:
        return self.valid_until is not None


class PriceBook:
    """Open it inside a transaction, enter and end prices, then close it; nothing is written before."""

    def __init__(self, *, product_ids: Iterable[int], markets: Sequence[Market], now: datetime):
        """Lock the markets, so that one writer at a time sets prices in each, and read the prices."""
        self.now = now
        self._markets = {market.pk: market for market in markets}
        self._rows_of: dict[Key, list[MarketPrice]] = defaultdict(list)
        self._recorded_until: dict[Key, datetime | None] = {}
        self._new: list[MarketPrice] = []
        self._replaced: list[MarketPrice] = []
        self._ended: dict[datetime, list[int]] = defaultdict(list)
        list(Market.objects.select_for_update(no_key=True).filter(pk__in=self._markets).order_by("pk"))
        for row in unfinished_prices(product_ids=list(product_ids), market_ids=list(self._markets)):
            key = (row.product_id, row.market_id)
            self._rows_of[key].append(row)
            self._recorded_until[key] = row.recorded_until

    def enter(self, wanted: PriceToSet) -> bool:
        """Note a price and say whether it changes anything. Raises PriceRefused."""
        begins = wanted.valid_from or self.now
        _check(wanted, begins=begins, now=self.now)
        rows = self._rows_of[wanted.product_id, wanted.market.pk]
        alike = [row for row in rows if row.is_temporary == wanted.is_temporary]
        holding = price_row_at(alike, at=begins)
        if holding and _says(holding) == _says(wanted) and self._lasts(holding, wanted):
            return False
        if holding and holding.valid_from == begins:
            self._replace(holding, wanted)
            return True
        for row in alike:
            if row.valid_from < begins:
                self._end(row, at=begins)
        price = MarketPrice(
            product_id=wanted.product_id,
            market=wanted.market,
            amount=wanted.amount,
            list_price=wanted.list_price,
            valid_from=begins,
            valid_until=wanted.valid_until,
            is_temporary=wanted.is_temporary,
            source=wanted.source,
        )
        rows.append(price)
        self._new.append(price)
        return True

    def end(self, *, product_id: int, market: Market, which: Callable[[MarketPrice], bool]) -> bool:
        """Note that some prices of a product end now, and remove those not begun; say whether one was in force."""
        rows = self._rows_of[product_id, market.pk]
        ending = [row for row in rows if which(row)]
        if any(row.valid_from == self.now for row in ending):
            raise PriceRefused(_("A price that begins at this very moment cannot end at it. Try again."))
        had_price = price_row_at(ending, at=self.now) is not None
        not_begun = [row for row in ending if row.valid_from > self.now]
        MarketPrice.objects.filter(pk__in=[row.pk for row in not_begun]).delete()
        self._rows_of[product_id, market.pk] = [row for row in rows if row not in not_begun]
        for row in ending:
            if row not in not_begun:
                self._end(row, at=self.now)
        return had_price

    def close(self) -> int:
        """Write everything and return how many changes of a price in force were recorded."""
        for at, keys in self._ended.items():
            MarketPrice.objects.filter(pk__in=keys).update(valid_until=at)
        MarketPrice.objects.bulk_update(self._replaced, ["amount", "list_price", "valid_until", "source"])
        MarketPrice.objects.bulk_create(self._new)
        changes = [
            self._record(key, change)
            for key, rows in self._rows_of.items()
            for change in price_history.due_changes(
                [as_period(row) for row in rows], after=self._recorded_until.get(key), until=self.now
            )
        ]
        references = _references_of({change.product_id for change in changes})
        for change in changes:
            change.product_reference = references[change.product_id]
        PriceChange.objects.bulk_create(changes)
        return len(changes)

    def _lasts(self, holding: MarketPrice, wanted: PriceToSet) -> bool:
        """Say whether what holds ends when wanted; a lasting price may be followed by one already set."""
        return not wanted.is_temporary or holding.valid_until == wanted.valid_until

    def _end(self, row: MarketPrice, *, at: datetime) -> None:
        if row.valid_until is None or row.valid_until > at:
            row.valid_until = at
            self._ended[at].append(row.pk)

    def _replace(self, price: MarketPrice, wanted: PriceToSet) -> None:
        """Change a price that has not begun; one that has is history."""
        if price.valid_from <= self.now:
            raise PriceRefused(
                _refusal(wanted, _("another price begins at the very same moment. Set it again."))
            )
        price.amount, price.list_price = wanted.amount, wanted.list_price
        price.valid_until, price.source = wanted.valid_until, wanted.source
        self._replaced.append(price)

    def _record(self, key: Key, change: price_history.Change) -> PriceChange:
        row = price_row_at(self._rows_of[key], at=change.at)
        return PriceChange(
            product_id=key[0],
            market_id=key[1],
            amount=change.amount,
            currency=self._markets[key[1]].currency,
            at=change.at,
            is_reduction=change.is_reduction,
            source=row.source if row and row.valid_from == change.at else CLOCK,
            recorded_at=self.now,
        )


def _says(price: MarketPrice | PriceToSet) -> tuple[Decimal, Decimal | None]:
    return price.amount, price.list_price


def _references_of(product_ids: set[int]) -> dict[int, str]:
    if not product_ids:
        return {}
    products = get_model("catalogue", "Product").objects.filter(pk__in=product_ids).order_by("pk")
    return {key: f"{upc or ''} #{key}".strip() for key, upc in products.values_list("pk", "upc")}


def _check(wanted: PriceToSet, *, begins: datetime, now: datetime) -> None:
    currency = wanted.market.currency
    amounts = [amount for amount in (wanted.amount, wanted.list_price) if amount is not None]
    problem = ""
    if any(amount < 0 for amount in amounts):
        problem = _("a price cannot be less than zero.")
    elif not all(fits_currency(amount=amount, currency=currency) for amount in amounts):
        problem = _("%(currency)s has fewer decimal places. Round it.") % {"currency": currency}
    elif wanted.list_price is not None and wanted.list_price <= wanted.amount:
        problem = _("the former price must be higher than the price. Correct it or leave it empty.")
    elif begins < now:
        problem = _("a price cannot begin in the past. Leave the beginning empty for now.")
    elif wanted.valid_until is not None and wanted.valid_until <= begins:
        problem = _("a price must end after it begins.")
    if problem:
        raise PriceRefused(_refusal(wanted, problem))


def _refusal(wanted: PriceToSet, problem: str) -> str:
    return _("Product %(product)s, market %(market)s, %(amount)s %(currency)s: %(problem)s") % {
        "product": wanted.product_id,
        "market": wanted.market.code,
        "amount": wanted.amount,
        "currency": wanted.market.currency,
        "problem": problem,
    }
