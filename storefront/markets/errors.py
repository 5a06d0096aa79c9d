"""What can go wrong with markets, prices and tax, each with a sentence for the person who reads it."""

from storefront.core.errors import StorefrontError


class MarketsError(StorefrontError):
    """The root of this app's errors."""


class PriceRefused(MarketsError):
    """A price that cannot be: too many digits, in the past, twice for one product; nothing was written."""


class TaxRateMissing(MarketsError):
    """The table of rates has no standard rate for a country on a day."""


class SalesTaxUnavailable(MarketsError):
    """The seller must collect US sales tax at the destination, and no provider that can reckon it is set up."""


class VatIdMalformed(MarketsError):
    """What was typed cannot be a VAT id of a member state of the EU."""


class CorrectionRefused(MarketsError):
    """A correction of a VAT id check without a reason, or to an answer that decides nothing."""
