"""Writes prices into the market of a marketplace: each change once, with its place in the history."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.apps import apps

from catalog_import.drafts import Values
from storefront.markets.services.price_book import PriceBook, PriceToSet


class MarketPrices:
    """Sets and ends the prices of one market at one moment."""

    def __init__(self, *, market_id: int | None, marketplace: str, now: datetime):
        self._market = market_id and apps.get_model("markets", "Market").objects.get(pk=market_id)
        self._source = f"amazon {marketplace}"
        self._now = now

    def write(self, changes: Sequence[tuple[int, Values]]) -> None:
        """Write what (product id, changes) say of prices; as many queries for 500 products as for 2."""
        touched = [(key, each) for key, each in changes if {"market_price", "market_sale"} & each.keys()]
        if not touched or self._market is None:
            return
        book = PriceBook(product_ids=[key for key, _ in touched], markets=[self._market], now=self._now)
        for product_id, values in touched:
            if "market_price" in values:
                self._set_lasting(book, product_id, values["market_price"])
            if "market_sale" in values:
                self._set_temporary(book, product_id, values["market_sale"])
        book.close()

    def _set_lasting(self, book: PriceBook, product_id: int, amount: object) -> None:
        if amount is None:
            book.end(product_id=product_id, market=self._market, which=lambda row: not row.is_temporary)
        else:
            book.enter(PriceToSet(product_id, self._market, Decimal(str(amount)), source=self._source))

    def _set_temporary(self, book: PriceBook, product_id: int, sale: object) -> None:
        book.end(product_id=product_id, market=self._market, which=lambda row: row.is_temporary)
        if isinstance(sale, dict):
            starts = datetime.fromisoformat(sale["starts"]) if sale["starts"] else self._now
            book.enter(
                PriceToSet(
                    product_id,
                    self._market,
                    Decimal(sale["amount"]),
                    list_price=Decimal(sale["list_price"]),
                    valid_from=max(starts, self._now),
                    valid_until=datetime.fromisoformat(sale["ends"]),
                    source=self._source,
                )
            )
