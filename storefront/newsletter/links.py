"""The signed links in mails: each names an address and what it may be used for."""

from datetime import timedelta
from enum import StrEnum

from django.core import signing
from django.urls import reverse

from storefront.markets.editions import address_in_edition
from storefront.newsletter.errors import LinkNotValid

CONFIRM_DAYS = 7


class Purpose(StrEnum):
    CONFIRM = "newsletter.confirm"
    END = "newsletter.end"


def make_token(*, email: str, purpose: Purpose) -> str:
    """Return the end of a link that proves whoever follows it reads the mail of `email`."""
    return signing.dumps(email, salt=purpose)


def read_token(token: str, *, purpose: Purpose) -> str:
    """Return the address a link was made for. Raises LinkNotValid; a link to unsubscribe never grows old."""
    max_age = timedelta(days=CONFIRM_DAYS) if purpose is Purpose.CONFIRM else None
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise LinkNotValid from error


def link_address(*, purpose: Purpose, email: str, market_code: str, language: str) -> str:
    """Return the whole address of a link, in the edition the newsletter was asked for in while it is open."""
    path = reverse(purpose.value.replace(".", ":"), args=[make_token(email=email, purpose=purpose)])
    return address_in_edition(path, market_code=market_code, language=language)
