"""Every movement of gift cards and store credit: issued, spent on an order, returned from it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from storefront.core.money import fits_currency
from storefront.tender.codes import hash_code, new_code, normalise_code
from storefront.tender.errors import AmountRefused
from storefront.tender.models import AccountKind, CreditAccount, CreditEntry, EntryReason
from storefront.tender.selectors import plan_credit

ZERO = Decimal(0)


@dataclass(frozen=True)
class IssuedCard:
    """A new gift card and its code, which nothing can show a second time."""

    account: CreditAccount
    code: str


def issue_gift_card(
    *,
    amount: Decimal,
    currency: str,
    now: datetime,
    by: Any = None,
    expires_on: date | None = None,
    note: str = "",
) -> IssuedCard:
    """Make a gift card worth `amount`. Raises AmountRefused."""
    _check_amount(amount, currency)
    code = new_code()
    with transaction.atomic():
        account = CreditAccount.objects.create(
            kind=AccountKind.GIFT_CARD,
            code_hash=hash_code(code),
            code_end=normalise_code(code)[-4:],
            currency=currency,
            expires_on=expires_on,
            note=note,
            created_at=now,
        )
        _move(account, amount=amount, reason=EntryReason.ISSUED, key=f"issue-{account.pk}", by=by, now=now)
    return IssuedCard(account, code)


def give_store_credit(
    *, customer: Any, amount: Decimal, currency: str, now: datetime, by: Any = None, key: str = ""
) -> CreditAccount:
    """Add `amount` to the customer's store credit; the same `key` adds it once. Raises AmountRefused."""
    _check_amount(amount, currency)
    key = key or f"give-{uuid.uuid4().hex}"
    with transaction.atomic():
        account, _is_new = CreditAccount.objects.get_or_create(
            kind=AccountKind.STORE_CREDIT, customer=customer, currency=currency, defaults={"created_at": now}
        )
        account = CreditAccount.objects.select_for_update().get(pk=account.pk)
        if not CreditEntry.objects.filter(key=key).exists():
            _move(account, amount=amount, reason=EntryReason.ISSUED, key=key, by=by, now=now)
    return account


def spend_credit(
    *, order: Any, accounts: Sequence[int], amount: Decimal, currency: str, now: datetime
) -> Decimal:
    """Pay up to `amount` of the order from the accounts, in their order, and return how much they paid.

    Call it in the transaction that writes the order: what it takes is gone or stays with it.
    """
    locked = CreditAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk")
    by_key = {account.pk: account for account in locked}
    parts = plan_credit(
        accounts=[by_key[key] for key in dict.fromkeys(accounts) if key in by_key],
        amount=amount,
        currency=currency,
        now=now,
    )
    for part in parts:
        key = f"spend-{order.pk}-{part.account.pk}"
        _move(part.account, amount=-part.amount, reason=EntryReason.SPENT, key=key, order=order, now=now)
    return sum((part.amount for part in parts), ZERO)


def return_credit(*, order: Any, now: datetime, amount: Decimal | None = None, key: str = "all") -> Decimal:
    """Give back what the order took, up to `amount`, the account used last first; return how much.

    Never more than was taken, and each `key` once, so that it may run twice.
    """
    with transaction.atomic():
        taken = CreditEntry.objects.filter(order=order)
        keys = sorted(set(taken.values_list("account_id", flat=True)))
        accounts = list(CreditAccount.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        entries = list(taken.order_by("pk"))
        if any(entry.key.startswith(f"return-{order.pk}-{key}-") for entry in entries):
            return ZERO
        by_key = {account.pk: account for account in accounts}
        returned = ZERO
        for account_id in dict.fromkeys(reversed([entry.account_id for entry in entries])):
            open_amount = -sum((e.amount for e in entries if e.account_id == account_id), ZERO)
            part = open_amount if amount is None else min(open_amount, amount - returned)
            if part > 0:
                _move(
                    by_key[account_id],
                    amount=part,
                    reason=EntryReason.RETURNED,
                    key=f"return-{order.pk}-{key}-{account_id}",
                    order=order,
                    now=now,
                )
                returned += part
    return returned


def _move(
    account: CreditAccount,
    *,
    amount: Decimal,
    reason: EntryReason,
    key: str,
    now: datetime,
    order: Any = None,
    by: Any = None,
) -> None:
    """Write an entry and the balance it leaves. The account's row is locked, or was made in this transaction."""
    account.balance = account.balance + amount
    account.save(update_fields=["balance"])
    CreditEntry.objects.create(
        account=account,
        key=key,
        reason=reason,
        amount=amount,
        balance_after=account.balance,
        order=order,
        by=by,
        at=now,
    )


def _check_amount(amount: Decimal, currency: str) -> None:
    if amount <= 0 or not fits_currency(amount=amount, currency=currency):
        raise AmountRefused(
            _(
                "%(amount)s %(currency)s cannot be given: enter an amount above zero in the currency's own digits."
            )
            % {"amount": amount, "currency": currency}
        )
