"""Reads: which credit a shopper has, what it would pay, what it paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from storefront.tender.codes import hash_code
from storefront.tender.errors import CardRefused
from storefront.tender.models import AccountKind, CreditAccount, CreditEntry

ZERO = Decimal(0)


@dataclass(frozen=True)
class CreditPart:
    """What one account pays."""

    account: CreditAccount
    amount: Decimal


def gift_card_by_code(*, code: str, currency: str, now: datetime) -> CreditAccount:
    """Return the gift card of a code that pays in `currency` now. Raises CardRefused with the reason."""
    card = CreditAccount.objects.filter(kind=AccountKind.GIFT_CARD, code_hash=hash_code(code)).first()
    if card is None or card.is_blocked:
        raise CardRefused(_("No gift card has this code. Check each letter, then try again."))
    if card.currency != currency:
        raise CardRefused(
            _("This gift card is in %(card)s; this order is in %(order)s.")
            % {"card": card.currency, "order": currency}
        )
    if not card.can_pay(currency=currency, now=now):
        raise CardRefused(_("Nothing is left on this gift card, or it is no longer valid."))
    return card


def store_credit_of(customer: Any, *, currency: str) -> CreditAccount | None:
    """Return the customer's store credit in `currency`; None for guests and for those without."""
    if not customer.is_authenticated:
        return None
    return CreditAccount.objects.filter(
        kind=AccountKind.STORE_CREDIT, customer=customer, currency=currency, balance__gt=0, is_blocked=False
    ).first()


def accounts_by_key(keys: Sequence[int]) -> list[CreditAccount]:
    """Return the accounts in the order of their keys; those that are gone are left out."""
    found = CreditAccount.objects.in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]


def plan_credit(
    *, accounts: Iterable[CreditAccount], amount: Decimal, currency: str, now: datetime
) -> list[CreditPart]:
    """Return what each account would pay of `amount`, in their order; together never more than it."""
    parts = []
    for account in accounts:
        part = min(account.balance, amount)
        if part > 0 and account.can_pay(currency=currency, now=now):
            parts.append(CreditPart(account, part))
            amount -= part
    return parts


def credit_used(order: Any) -> Decimal:
    """Return how much of the order gift cards and store credit have paid and did not get back.

    Reads `credit_entries`, of which an order has a handful: lists of orders prefetch it.
    """
    return -sum((entry.amount for entry in order.credit_entries.all()), ZERO)


def ledger(account: CreditAccount) -> QuerySet[CreditEntry]:
    """Return the account's entries, newest first, with their orders and authors."""
    return account.entries.select_related("order", "by").order_by("-pk")
