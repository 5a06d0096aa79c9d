"""Oscar's price policies, which say besides what a shopper is shown: the price with tax or without."""

from decimal import Decimal

from oscar.apps.partner import prices


class Unavailable(prices.Unavailable):
    """No price: the product is not sold here."""

    shown: Decimal | None = None
    includes_tax = False


class FixedPrice(prices.FixedPrice):
    """A price shown without tax, or where there is none; Oscar's offers are worked out on it."""

    includes_tax = False

    @property
    def shown(self) -> Decimal:
        return self.excl_tax


class TaxInclusiveFixedPrice(prices.TaxInclusiveFixedPrice):
    """A price shown with its tax; Oscar's offers are worked out on it."""

    includes_tax = True

    @property
    def shown(self) -> Decimal:
        return self.incl_tax
