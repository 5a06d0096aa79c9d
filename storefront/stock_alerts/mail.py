"""The two mails: the link that confirms, and the news that the product is there."""

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from storefront.markets.editions import address_in_edition
from storefront.stock_alerts.links import CONFIRM_DAYS, Purpose, link_address
from storefront.stock_alerts.models import State, StockAlert
from storefront.stock_alerts.selectors import alert_titles


@task()
def send_confirmation_link(alert_id: int) -> bool:
    """Mail the link to an address that still waits for it; return whether this call did."""
    row = _read(alert_id, State.ASKED)
    if row is None:
        return False
    _send(row, "confirm", days=CONFIRM_DAYS, link=link_address(purpose=Purpose.CONFIRM, alert=row))
    return True


@task()
def send_alert(alert_id: int) -> bool:
    """Mail that the product is there to whom `send_due_alerts` chose; return whether this call did.

    Only one call moves it out of "sending". A mail server that refuses the
    mail puts it back for the next round; a process that dies in between leaves it, told once or not at all.
    """
    row = _read(alert_id, State.SENDING)
    if row is None or not StockAlert.objects.filter(pk=alert_id, state=State.SENDING).update(
        state=State.SENT
    ):
        return False
    try:
        _send(
            row,
            "there",
            link=address_in_edition(
                row.product.get_absolute_url(), market_code=row.market_code, language=row.language
            ),
            end_link=link_address(purpose=Purpose.END, alert=row),
        )
    except (SMTPException, OSError):
        StockAlert.objects.filter(pk=alert_id, state=State.SENT).update(state=State.CONFIRMED, sent_at=None)
        raise
    return True


def _read(alert_id: int, state: State) -> StockAlert | None:
    rows = StockAlert.objects.filter(pk=alert_id, state=state)
    return rows.select_related("product__parent").first()


def _send(row: StockAlert, name: str, **context: Any) -> None:
    with translation.override(row.language):
        context |= {"shop_name": settings.SHOP_NAME, "title": alert_titles(row)}
        folder = f"stock_alerts/mail_{name}"
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"{folder}_subject.txt", context).split()),
            body=render_to_string(f"{folder}.txt", context),
            to=[row.email],
        )
        message.attach_alternative(render_to_string(f"{folder}.html", context), "text/html")
        message.send()
