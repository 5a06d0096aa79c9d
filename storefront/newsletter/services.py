"""Every write of this app: ask, confirm, end, forget (double opt-in: GDPR Art. 7(1), UWG § 7)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from storefront.newsletter.links import CONFIRM_DAYS, Purpose, read_token
from storefront.newsletter.mail import send_confirmation_link
from storefront.newsletter.models import State, Subscription

MAIL_AGAIN_AFTER = timedelta(minutes=10)


def ask_to_subscribe(
    *, email: str, language: str, market_code: str, consent_text: str, now: datetime
) -> None:
    """Keep the wish and mail the link that confirms it.

    Whoever is subscribed already gets no mail, and nobody gets one twice within ten minutes: the caller cannot
    tell which it was, so that the form tells no stranger who reads the newsletter.
    """
    email = email.strip().lower()
    wish = {"language": language, "market_code": market_code, "consent_text": consent_text, "asked_at": now}
    with transaction.atomic():
        Subscription.objects.get_or_create(email=email, defaults=wish)
        row = Subscription.objects.select_for_update().get(email=email)
        was_mailed_just_now = row.mailed_at is not None and now - row.mailed_at < MAIL_AGAIN_AFTER
        if row.state == State.CONFIRMED or was_mailed_just_now:
            return
        Subscription.objects.filter(pk=row.pk).update(**wish, state=State.ASKED, ended_at=None, mailed_at=now)
        transaction.on_commit(lambda: send_confirmation_link.enqueue(row.pk))


def confirm(*, token: str, now: datetime) -> Subscription:
    """Subscribe the address of a link; a second time changes nothing. Raises LinkNotValid."""
    email = read_token(token, purpose=Purpose.CONFIRM)
    Subscription.objects.filter(email=email, state=State.ASKED).update(
        state=State.CONFIRMED, confirmed_at=now
    )
    return Subscription.objects.filter(email=email).first() or Subscription(email=email, state=State.ENDED)


def end(*, token: str, now: datetime) -> None:
    """Unsubscribe the address of a link; a second time changes nothing. Raises LinkNotValid."""
    email = read_token(token, purpose=Purpose.END)
    Subscription.objects.filter(email=email).exclude(state=State.ENDED).update(
        state=State.ENDED, ended_at=now
    )


def forget_old_wishes(*, now: datetime) -> int:
    """Delete what was never confirmed while its link was valid, and what ended three years ago; return how many.

    Three years is how long a claim over unwanted mail can be brought (BGB § 195): until then the proof is kept.
    """
    never_confirmed = Q(state=State.ASKED, asked_at__lt=now - timedelta(days=CONFIRM_DAYS))
    ended = Q(state=State.ENDED, ended_at__lt=now - timedelta(days=3 * 366))
    return Subscription.objects.filter(never_confirmed | ended).delete()[0]
