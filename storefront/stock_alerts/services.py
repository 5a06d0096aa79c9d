"""Every write of this app: ask, confirm, end, tell, forget (double opt-in: GDPR Art. 7(1), UWG § 7)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from storefront.stock_alerts.errors import LinkNotValid
from storefront.stock_alerts.links import CONFIRM_DAYS, Purpose, read_token
from storefront.stock_alerts.mail import send_alert, send_confirmation_link
from storefront.stock_alerts.models import State, StockAlert
from storefront.stock_alerts.selectors import due_alerts

MAIL_AGAIN_AFTER = timedelta(minutes=10)
TOLD_KEPT_DAYS = 30
WAITING_KEPT_DAYS = 365


def ask_for_alert(
    *, product_id: int, email: str, language: str, market_code: str, consent_text: str, now: datetime
) -> None:
    """Keep the wish and mail the link that confirms it; who waits already, or was just mailed, gets no other mail."""
    wish = {"language": language, "market_code": market_code, "consent_text": consent_text, "asked_at": now}
    email = email.strip().lower()
    with transaction.atomic():
        StockAlert.objects.get_or_create(product_id=product_id, email=email, defaults=wish)
        row = StockAlert.objects.select_for_update().get(product_id=product_id, email=email)
        was_mailed_just_now = row.mailed_at is not None and now - row.mailed_at < MAIL_AGAIN_AFTER
        if row.state in (State.CONFIRMED, State.SENDING) or was_mailed_just_now:
            return
        StockAlert.objects.filter(pk=row.pk).update(
            **wish, state=State.ASKED, mailed_at=now, confirmed_at=None, sent_at=None
        )
        transaction.on_commit(lambda: send_confirmation_link.enqueue(row.pk))


def confirm(*, token: str, now: datetime) -> StockAlert:
    """Let an alert wait for its product; a second time changes nothing. Raises LinkNotValid."""
    key = read_token(token, purpose=Purpose.CONFIRM)
    StockAlert.objects.filter(pk=key, state=State.ASKED).update(state=State.CONFIRMED, confirmed_at=now)
    return read_alert(key)


def end(*, token: str) -> None:
    """Delete an alert; a second time changes nothing. Raises LinkNotValid."""
    StockAlert.objects.filter(pk=read_token(token, purpose=Purpose.END)).delete()


def read_alert(key: int) -> StockAlert:
    """Return an alert with its product. Raises LinkNotValid where it is gone."""
    row = StockAlert.objects.filter(pk=key).select_related("product__parent").first()
    if row is None:
        raise LinkNotValid
    return row


def send_due_alerts(*, now: datetime) -> int:
    """Have everybody told whose product is there again; return how many.

    Whoever moves an alert out of "confirmed" is the one that has it mailed: two of these at once tell nobody twice.
    """
    count = 0
    for key in list(due_alerts(now=now)):
        with transaction.atomic():
            claimed = StockAlert.objects.filter(pk=key, state=State.CONFIRMED).update(
                state=State.SENDING, sent_at=now
            )
            if claimed:
                send_alert.enqueue(key)
                count += 1
    return count


def forget_old_alerts(*, now: datetime) -> int:
    """Delete what was never confirmed, what was told a month ago and what waited a year; return how many."""
    never_confirmed = Q(state=State.ASKED, asked_at__lt=now - timedelta(days=CONFIRM_DAYS))
    told = Q(state__in=[State.SENT, State.SENDING], sent_at__lt=now - timedelta(days=TOLD_KEPT_DAYS))
    waiting = Q(state=State.CONFIRMED, confirmed_at__lt=now - timedelta(days=WAITING_KEPT_DAYS))
    return StockAlert.objects.filter(never_confirmed | told | waiting).delete()[0]
