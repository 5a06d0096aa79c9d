"""What an unpaid order gives back to the warehouse, as much SQL for fifty lines as for one."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Least
from oscar.core.loading import get_model

Line = get_model("order", "Line")
StockAlert = get_model("partner", "StockAlert")
StockRecord = get_model("partner", "StockRecord")


def release_stock(order: Any, *, now: datetime) -> None:
    """Free what the order's lines still hold, and close Oscar's alerts of stock that is enough again.

    The stock records are locked in the order of their keys. Call it in a transaction, the order locked.
    """
    lines = [
        line
        for line in order.lines.select_related("product__product_class", "product__parent__product_class")
        .filter(num_allocated__gt=0, allocation_cancelled=False, stockrecord__isnull=False)
        .order_by("stockrecord_id", "pk")
        if line.product is not None and line.product.get_product_class().track_stock
    ]
    held = Counter[int]()
    for line in lines:
        held[line.stockrecord_id] += line.num_allocated
    if not held:
        return
    records = StockRecord.objects.filter(pk__in=held)
    list(records.select_for_update().order_by("pk").values_list("pk"))
    less = Case(*(When(pk=key, then=Value(count)) for key, count in held.items()))
    allocated = Coalesce(F("num_allocated"), 0)
    records.update(num_allocated=allocated - Least(allocated, less))
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(num_allocated=0, allocation_cancelled=True)
    left = F("stockrecord__num_in_stock") - Coalesce(F("stockrecord__num_allocated"), 0)
    StockAlert.objects.filter(stockrecord__in=held, status=StockAlert.OPEN).alias(left=left).exclude(
        left__lt=F("stockrecord__low_stock_threshold")
    ).update(status=StockAlert.CLOSED, date_closed=now)
