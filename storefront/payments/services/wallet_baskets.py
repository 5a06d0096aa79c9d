"""Forget the baskets of wallets' sheets that led to no order."""

from datetime import datetime, timedelta

from django.db import transaction

from storefront.payments.selectors.wallet_baskets import wallet_baskets

_KEPT_FOR = timedelta(days=1)
_BATCH = 500


def forget_wallet_baskets(*, now: datetime) -> int:
    """Delete those older than a day and return how many; one that is just being ordered is left to the next run."""
    forgotten = 0
    while keys := _forget_some(before=now - _KEPT_FOR):
        forgotten += keys
    return forgotten


@transaction.atomic
def _forget_some(*, before: datetime) -> int:
    # Placing an order locks its basket and makes it "submitted": whoever locks the row first decides.
    old = wallet_baskets().filter(date_created__lt=before, payment=None, order=None)
    locked = old.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:_BATCH]
    keys = [basket.pk for basket in locked]
    wallet_baskets().filter(pk__in=keys).delete()
    return len(keys)
