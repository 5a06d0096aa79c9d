"""The export as bytes: what tests compare two states of the shop by."""

import io

from django.utils import timezone

from catalog_import.services.exporting import export_catalogue


def export(*, format="jsonl", with_amazon=True):
    """Return the whole catalogue as the export command writes it, with what was last imported."""
    stream = io.BytesIO()
    export_catalogue(stream, format=format, now=timezone.now(), with_amazon=with_amazon)
    return stream.getvalue()
