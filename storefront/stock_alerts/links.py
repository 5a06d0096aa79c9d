"""The signed links in mails: each names an alert, by a number that says nothing of the person."""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from storefront.markets.editions import address_in_edition
from storefront.stock_alerts.errors import LinkNotValid

if TYPE_CHECKING:
    from storefront.stock_alerts.models import StockAlert

CONFIRM_DAYS = 7


class Purpose(StrEnum):
    CONFIRM = "stock_alerts.confirm"
    END = "stock_alerts.end"


def make_token(*, alert_id: int, purpose: Purpose) -> str:
    """Return the end of a link that proves whoever follows it reads the mail of an alert."""
    return signing.dumps(alert_id, salt=purpose)


def read_token(token: str, *, purpose: Purpose) -> int:
    """Return the alert a link was made for. Raises LinkNotValid; a link that ends an alert never grows old."""
    max_age = timedelta(days=CONFIRM_DAYS) if purpose is Purpose.CONFIRM else None
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise LinkNotValid from error


def link_address(*, purpose: Purpose, alert: "StockAlert") -> str:
    """Return the whole address of an alert's link, in the edition it was asked for in while that is open."""
    path = reverse(purpose.value.replace(".", ":"), args=[make_token(alert_id=alert.pk, purpose=purpose)])
    return address_in_edition(path, market_code=alert.market_code, language=alert.language)
