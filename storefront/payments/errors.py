"""What can go wrong between an order and its money, each with a sentence for the person who reads it."""

from collections.abc import Sequence
from decimal import Decimal

from storefront.core.errors import StorefrontError


class PaymentError(StorefrontError):
    """The root of this app's errors."""


class SoldOut(PaymentError):
    """A line of the basket can no longer be bought in the quantity asked for; `lines` names each."""

    def __init__(self, message: str, *, lines: Sequence[str]):
        super().__init__(message)
        self.lines = lines


class TotalChanged(PaymentError):
    """The total the shopper saw is no longer the total."""

    def __init__(self, message: str, *, total: Decimal):
        super().__init__(message)
        self.total = total


class BasketClosed(PaymentError):
    """The basket was merged, saved or emptied meanwhile."""


class VoucherRefused(PaymentError):
    """A voucher in the basket can no longer be used."""


class TaxUnavailable(PaymentError):
    """The tax of an order cannot be worked out just now, so it cannot be placed."""


class NotDelivered(PaymentError):
    """The market has no delivery method."""


class AccountExists(PaymentError):
    """Somebody has an account with the email of a guest's order."""


class OrderTaken(PaymentError):
    """A guest's order is not, or no longer, one that an account can take."""


class PaymentClosed(PaymentError):
    """The payment is over: paid, cancelled or expired."""


class UnknownPayment(PaymentError):
    """No payment of this shop belongs to this intent, or the client secret is not the intent's."""


class NotConfigured(PaymentError):
    """Neither Stripe's keys nor the stand-in are set."""


class AmountDoesNotFit(PaymentError):
    """The amount has more digits than its currency."""


class AmountTooSmall(PaymentError):
    """Less is left to pay than Stripe charges in the currency."""


class TransferNotOffered(PaymentError):
    """Bank transfer is not offered, or not in this currency."""


class TransferRefused(PaymentError):
    """A transfer cannot be confirmed or cancelled: another amount arrived, or the order is decided already."""


class CaptureRefused(PaymentError):
    """Reserved money cannot be taken or released: none is there, too little, or it is being taken already."""


class ConsentMissing(PaymentError):
    """A card may be kept only after the customer's own tick."""


class CardNotFound(PaymentError):
    """The card is not one of this customer's."""


class RefundBlocked(PaymentError):
    """Nothing can be given back on this payment."""


class RefundTooLarge(PaymentError):
    """More was asked back than is left of what was taken; `left` is how much that is."""

    def __init__(self, message: str, *, left: Decimal):
        super().__init__(message)
        self.left = left


class ParcelRefused(PaymentError):
    """What was typed is no parcel's number, or none of this order's."""


class SignatureRefused(PaymentError):
    """A webhook was not signed by a secret we share with Stripe, or not now."""


class GatewayError(PaymentError):
    """Stripe did not do what we asked."""


class GatewayUnreachable(GatewayError):
    """Whether Stripe did it is not known: no answer, an overload, or the same request still running."""


class GatewayFailed(GatewayUnreachable):
    """Stripe answered that it failed; it would give the same answer to the same idempotency key."""


class GatewayRefused(GatewayError):
    """Stripe understood and said no; `code` is Stripe's, empty where it gave none."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code
