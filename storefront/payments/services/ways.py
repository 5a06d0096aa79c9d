"""What differs between the ways to pay before any money moves: how long stock is kept, and whether money is real."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from storefront.payments import gateway
from storefront.payments.charge_limits import is_too_small
from storefront.payments.errors import AmountTooSmall, TransferNotOffered
from storefront.payments.models import BankTransferSetup, PaymentSetup, PaymentWay
from storefront.payments.models.captures import setup_in_use
from storefront.payments.selectors.charges import describe_too_small


def time_to_pay(*, way: PaymentWay, currency: str) -> timedelta:
    """Return how long the order's stock is kept; raises TransferNotOffered for a transfer nobody could send."""
    if way == PaymentWay.STRIPE:
        return timedelta(minutes=settings.PAYMENT_EXPIRY_MINUTES)
    setup = BankTransferSetup.load()
    if not setup.takes(currency):
        raise TransferNotOffered(
            _("Bank transfer is not offered any more. Choose another way to pay. Nothing was charged.")
        )
    return timedelta(days=setup.days_to_pay)


def takes_real_money(way: PaymentWay) -> bool:
    """Say whether an order placed now is about real money: a transfer is, unless the shop is the demo."""
    return gateway.takes_real_money() if way == PaymentWay.STRIPE else not settings.STRIPE_STANDIN


def payment_setup(way: PaymentWay) -> PaymentSetup:
    """Return how an order placed now is paid: when the money is taken, and on whose page."""
    return setup_in_use() if way == PaymentWay.STRIPE else PaymentSetup()


def check_charge(*, way: PaymentWay, amount: Decimal, currency: str) -> None:
    """Raise AmountTooSmall where less is left to pay than Stripe charges."""
    if way == PaymentWay.STRIPE and is_too_small(amount=amount, currency=currency):
        raise AmountTooSmall(describe_too_small(amount=amount, currency=currency))
