"""Which amounts Stripe can charge, and what shoppers are told of one that it cannot."""

from decimal import Decimal

from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from storefront.core.money import format_money
from storefront.payments.charge_limits import is_too_small, least_charge
from storefront.payments.selectors.transfers import offers_transfer


def describe_too_small(*, amount: Decimal, currency: str) -> str:
    """Return why so little cannot be paid by card, and what to do; empty where it can."""
    if not is_too_small(amount=amount, currency=currency):
        return ""
    words = {"amount": _shown(amount, currency), "least": _shown(least_charge(currency), currency)}
    if offers_transfer(currency):
        return (
            _(
                "%(amount)s is too little to be paid by card or wallet: that needs at least %(least)s. "
                "Add something to your basket, or pay by bank transfer. Nothing was charged."
            )
            % words
        )
    return (
        _(
            "%(amount)s is too little to be paid by card or wallet: that needs at least %(least)s. "
            "Add something to your basket, then order again. Nothing was charged."
        )
        % words
    )


def _shown(amount: Decimal, currency: str) -> str:
    return format_money(amount=amount, currency=currency, locale=to_locale(get_language() or "en"))
