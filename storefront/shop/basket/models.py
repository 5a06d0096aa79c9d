"""Oscar's own models: a basket follows the shopper's market, and reads its lines with all that pages need.

Nothing is moved when the market changes. A line that is not sold in the shopper's market stays where it is and
counts as put aside: it is there again, with its quantity, where it is sold. Migrations are borrowed.
"""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from storefront.core.money import round_amount
from storefront.markets.selectors.offers import market_price


class Basket(AbstractBasket):
    """A basket whose lines cost the same number of queries however many they are."""

    _quantities: dict[int, int] | None = None

    @property
    def market(self) -> Any:
        """The market the basket is priced for; None while no market is open."""
        return self.strategy.market if self.has_strategy else None

    def all_lines(self):
        """Return the lines sold in the market, kept for the request since offers note their discounts on them."""
        if self.id is not None and self._lines is None:
            self._lines = (
                self._lines_here(is_sold=True)
                .select_related("product__product_class", "product__parent__product_class", "stockrecord")
                .prefetch_related("attributes__option", "product__images", "product__stockrecords")
                .order_by("id")
            )
            if self.market is not None:
                self.strategy.prefetch(line.product for line in self._lines)
        return super().all_lines()

    def aside_lines(self) -> QuerySet:
        """Return the lines that are not sold in the market."""
        return self._lines_here(is_sold=False).select_related("product__parent").order_by("id")

    def _lines_here(self, *, is_sold: bool) -> QuerySet:
        if self.market is None or not self.can_be_edited:
            return self.lines.all() if is_sold else self.lines.none()
        price = market_price(self.market, now=self.strategy.now, product="product", parent="product__parent")
        return self.lines.alias(price_here=price).filter(price_here__isnull=not is_sold)

    def item_count(self) -> int:
        """Return how many items are in the basket and sold in the market; one query, the lines are not read."""
        return self._lines_here(is_sold=True).aggregate(items=Sum("quantity"))["items"] or 0

    def read_quantities(self) -> None:
        """Note how much of each product is in the basket, until something is added; one query."""
        rows = self.lines.values_list("product_id").annotate(Sum("quantity")).order_by() if self.id else []
        self._quantities = dict(rows)

    @property
    def num_lines(self) -> int:
        """Return the number of lines; they are read, as whoever asks goes on with them."""
        return len(self.all_lines())

    @property
    def num_items(self) -> int:
        return super().num_items if self._quantities is None else sum(self._quantities.values())

    def product_quantity(self, product: Any) -> int:
        """Return how much of a product is in the basket."""
        if self._quantities is None:
            return super().product_quantity(product)
        return self._quantities.get(product.pk, 0)

    def add_product(self, product: Any, quantity: int = 1, options: Any = None) -> Any:
        """Put a product in the basket; return its line and whether it is new."""
        self._quantities = None
        return super().add_product(product, quantity, options)

    def follow_market(self) -> None:
        """Note the market's prices on lines put in at another currency's; a second time nothing is left to do."""
        if self.market is None:
            return
        foreign = [line for line in self.all_lines() if line.price_currency != self.market.currency]
        for line in foreign:
            price = line.purchase_info.price
            line.price_currency, line.price_excl_tax = price.currency, price.excl_tax
            line.price_incl_tax = line.unit_price_incl_tax
        if foreign:
            fields = ["price_currency", "price_excl_tax", "price_incl_tax"]
            type(foreign[0]).objects.bulk_update(foreign, fields)

    @property
    def currency(self) -> str | None:
        """The market's currency; without a market that of the first line."""
        return self.market.currency if self.market is not None else super().currency

    @property
    def shown_total(self) -> Decimal:
        """What the lines cost after discounts, with or without tax as prices are shown."""
        return sum((line.shown_price for line in self.all_lines()), Decimal("0.00"))


class Line(AbstractLine):
    """A line that knows its price as it is shown: with tax or without."""

    @property
    def shown_price_before_discounts(self) -> Decimal:
        return self.quantity * (self.purchase_info.price.shown or Decimal(0))

    @property
    def shown_price(self) -> Decimal:
        return max(Decimal(0), self.shown_price_before_discounts - self.discount_value)

    @property
    def unit_price_incl_tax(self) -> Decimal | None:
        """The price with tax; None where tax comes with the address."""
        price = self.purchase_info.price
        return price.incl_tax if price.is_tax_known else None

    @property
    def line_price_incl_tax_incl_discounts(self) -> Decimal | None:
        return super().line_price_incl_tax_incl_discounts if self.is_tax_known else None

    def discount(self, discount_value, affected_quantity, incl_tax=True, offer=None):
        """Take a discount off the price it was worked out on: the one that is shown."""
        includes_tax = self.purchase_info.price.includes_tax
        rounded = round_amount(amount=discount_value, currency=self.purchase_info.price.currency)
        super().discount(rounded, affected_quantity, incl_tax=includes_tax, offer=offer)

    def get_warning(self):
        """Return what changed since the line was put in; a price in another currency cannot be compared."""
        if self.purchase_info.price.currency not in (None, self.price_currency):
            return None
        return super().get_warning()


from oscar.apps.basket.models import *
