"""Which delivery methods a basket may choose from."""

from collections.abc import Sequence
from typing import Any

from oscar.apps.shipping import repository
from oscar.core.loading import get_class

from storefront.markets.selectors.markets import delivery_methods

Delivery = get_class("shipping.methods", "Delivery")


class Repository(repository.Repository):
    """The methods of the basket's market, the first of them the default; without a market the built-in ones."""

    methods = get_class("shipping.methods", "DELIVERIES")

    def get_available_shipping_methods(
        self, basket: Any, shipping_addr: Any = None, **kwargs: Any
    ) -> Sequence[Any]:
        if basket.market is None:
            return self.methods
        return [
            Delivery(
                code=row.code,
                name=row.name,
                price=row.price,
                working_days=(row.min_days, row.max_days),
                free_from=row.free_from,
                tax_class=row.tax_class,
            )
            for row in delivery_methods(basket.market)
        ]
