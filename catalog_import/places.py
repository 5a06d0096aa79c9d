"""Where the offers of each Amazon marketplace go in this shop, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One marketplace in this shop: the market its prices and texts belong to, if there is one.

    Of two marketplaces that say different things about one product the lower `rank` counts. `owns_stock_price` is
    true where the market is the shop's default: the stock record's own price is then this marketplace's.
    """

    marketplace: str
    rank: int
    market_id: int | None = None
    owns_stock_price: bool = False

    @property
    def is_sold(self) -> bool:
        """Return whether what is offered there is sold in this shop, too."""
        return self.market_id is not None or self.owns_stock_price
