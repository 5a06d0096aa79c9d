"""The markets a shop starts with."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from storefront.markets.models import Market, MarketDelivery

MARKETS_FILE = Path(__file__).parent.parent / "data" / "markets.toml"


def ensure_markets(file: Path = MARKETS_FILE) -> int:
    """Add the file's markets that are missing, with their delivery methods; return how many were added.

    A market that exists is left alone, its delivery methods too: they are the merchant's.
    """
    wanted: dict[str, dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))
    with transaction.atomic():
        known = set(Market.objects.values_list("code", flat=True))
        missing = [code for code in wanted if code not in known]
        for position, code in enumerate(wanted):
            if code in missing:
                _add_market(code=code, position=position, facts=dict(wanted[code]))
    return len(missing)


def _add_market(*, code: str, position: int, facts: dict[str, Any]) -> None:
    deliveries = facts.pop("deliveries", [])
    market = Market(code=code, position=position, **facts)
    market.full_clean()
    market.save()
    for place, delivery in enumerate(deliveries):
        price, free_from = Decimal(delivery.pop("price")), delivery.pop("free_from", None)
        MarketDelivery.objects.create(
            market=market,
            position=place,
            price=price,
            free_from=Decimal(free_from) if free_from else None,
            **delivery,
        )
