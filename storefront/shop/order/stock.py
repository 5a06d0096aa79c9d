"""Stock kept for an order, all its lines at once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

StockAlert = get_model("partner", "StockAlert")
StockRecord = get_model("partner", "StockRecord")


def allocate_stock(basket_lines: Sequence[Any]) -> None:
    """Keep what the lines need, and raise Oscar's alert for what runs low; the stock records are locked already."""
    records = {
        line.stockrecord.pk: line.stockrecord
        for line in basket_lines
        if line.stockrecord.can_track_allocations
    }
    wanted = Counter[int]()
    for line in basket_lines:
        if line.stockrecord.pk in records:
            wanted[line.stockrecord.pk] += line.quantity
    if not wanted:
        return
    more = Case(*(When(pk=key, then=Value(count)) for key, count in wanted.items()))
    StockRecord.objects.filter(pk__in=wanted).update(num_allocated=Coalesce(F("num_allocated"), 0) + more)
    for key, record in records.items():
        record.num_allocated = (record.num_allocated or 0) + wanted[key]
    _alert({key: record for key, record in records.items() if record.is_below_threshold})


def _alert(low: dict[int, Any]) -> None:
    if not low:
        return
    alerts = StockAlert.objects.filter(stockrecord__in=low, status=StockAlert.OPEN)
    told = set(alerts.values_list("stockrecord_id", flat=True))
    StockAlert.objects.bulk_create(
        StockAlert(stockrecord=record, threshold=record.low_stock_threshold)
        for key, record in low.items()
        if key not in told
    )
