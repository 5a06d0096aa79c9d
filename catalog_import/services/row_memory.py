"""What is remembered of files that were read: which of their rows had no problem."""

from collections.abc import Mapping
from datetime import datetime

from catalog_import.models import KnownLayout
from catalog_import.readers.known_rows import FaultlessRows

_LAYOUTS = 50  # a seller has a handful of files a marketplace; those of earlier versions go this way, too


def recall(layout: bytes) -> bytes:
    """Return what is remembered of the rows of a layout."""
    found = KnownLayout.objects.filter(layout=layout.hex()).values_list("rows", flat=True).first()
    return bytes(found or b"")


def remember_rows(faultless: Mapping[bytes, FaultlessRows], *, now: datetime) -> None:
    """Remember the rows of some layouts in the place of those that were read before."""
    changed = [
        KnownLayout(layout=layout.hex(), rows=now_known, read_at=now)
        for layout, rows in faultless.items()
        if (now_known := rows.to_bytes()) != recall(layout)
    ]
    if not changed:
        return
    KnownLayout.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["layout"], update_fields=["rows", "read_at"]
    )
    latest = KnownLayout.objects.order_by("-read_at").values_list("pk", flat=True)[:_LAYOUTS]
    KnownLayout.objects.exclude(pk__in=list(latest)).delete()
