"""What a batch was planned from is read without the rest of it, however long, and of plans of earlier versions too."""

import zlib

import orjson

from catalog_import.plan import Entry, ListingNote
from catalog_import.stored_plan import Batch, pack, read_footprint


def make_batch(count):
    names = [f"SKU {number:06} with words that take their place" for number in range(count)]
    notes = [(ListingNote(name, True, {"title": name}),) for name in names]
    return Batch(
        entries=[
            Entry(sku=name, family=name, language="en", product_id=None, changes={"title": name}, notes=note)
            for name, note in zip(names, notes, strict=True)
        ]
    )


def test_long_footprint_is_read_whole():
    batch = make_batch(20_000)

    assert len(orjson.dumps(batch.footprint.skus)) > 500_000
    assert read_footprint(pack(batch, batch.footprint)) == batch.footprint


def test_plan_of_an_earlier_version_is_unpacked():
    batch = make_batch(3)
    older = zlib.compress(zlib.decompress(pack(batch, batch.footprint)).partition(b"\n")[2])

    assert read_footprint(older) == batch.footprint
