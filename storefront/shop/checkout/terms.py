"""The terms checkout sells under: the shopper's market, the address typed so far, the VAT id and its answer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from storefront.markets.errors import VatIdMalformed
from storefront.markets.models import VatIdCheck
from storefront.markets.services.vat_ids import check_vat_id
from storefront.markets.tax.assessment import Destination
from storefront.payments.quotes import Terms

from .address_formats import state_code


def market_of(request: HttpRequest) -> Any:
    """Return the market the request is in, None while none is open."""
    edition = getattr(request, "edition", None)
    return edition.market if edition else None


def takes_vat_ids(market: Any) -> bool:
    """Say whether businesses may name a VAT id here."""
    return market is not None and market.is_in_eu


def read_terms(request: HttpRequest, *, forms: Any, now: datetime) -> Terms | None:
    """Return the terms of what is filled in so far; None while no market is open.

    Call it outside any transaction: a VAT id is checked with VIES.
    """
    edition = getattr(request, "edition", None)
    if edition is None:
        return None
    return Terms(
        market=edition.market,
        language=edition.language,
        destination=_destination(forms.shipping, edition.market),
        vat_check=_check(forms.vat_id, now=now) if takes_vat_ids(edition.market) else None,
    )


def _destination(form: Any, market: Any) -> Destination:
    def typed(name: str) -> str:
        return str(form[name].value() or "").strip()

    country = typed("country")
    country = country if country in market.countries else market.main_country
    return Destination(
        country=country,
        region=state_code(country=country, typed=typed("state")),
        postal_code=typed("postcode"),
        city=typed("line4"),
        line1=typed("line1"),
    )


def _check(vat_id: str, *, now: datetime) -> VatIdCheck | None:
    if not vat_id:
        return None
    try:
        return check_vat_id(vat_id=vat_id, now=now)
    except VatIdMalformed:
        return None  # the form says so
