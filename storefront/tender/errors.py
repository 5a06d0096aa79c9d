"""What can go wrong with gift cards and store credit."""

from storefront.core.errors import StorefrontError


class TenderError(StorefrontError):
    """The root of this app's errors."""


class CardRefused(TenderError):
    """A gift card's code is unknown, or the card cannot pay here now."""


class CreditChanged(TenderError):
    """The credit the shopper saw is no longer there."""


class AmountRefused(TenderError):
    """An amount to issue is not above zero, or has more digits than its currency."""
