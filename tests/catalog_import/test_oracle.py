"""Whole catalogues compared byte by byte: undone, imported again, with rows that vanish and come back."""

import json
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import ImportRun
from catalog_import.services import undo_run
from storefront.markets.models import Market, ProductText
from storefront.markets.services.prices import set_price
from tests.catalog_import.conftest import DE_FILES, DEMO_BRAND, PLANTERS, US_FILES
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db
PICTURES = DEMO_BRAND / "images"


def undo():
    return undo_run(ImportRun.objects.latest("pk"), now=timezone.now()).run


def rewritten(tmp_path, *changes, rows=lambda line: True):
    """Return the planters' report with other words, or without some of its rows."""
    content = PLANTERS.read_bytes()
    for before, after in changes:
        assert before in content
        content = content.replace(before, after)
    lines = content.splitlines(keepends=True)
    path = tmp_path / PLANTERS.name
    path.write_bytes(b"".join(line for line in lines if rows(line)))
    return path


def picture_addresses():
    """Return the planters' picture addresses, the most frequent first."""
    found = re.findall(rb"https://[^\t\r\n]+", PLANTERS.read_bytes())
    return sorted(set(found), key=lambda url: (-found.count(url), url))


def test_an_undo_gives_the_very_export_of_before(import_amazon):
    import_amazon("apply", *US_FILES)
    before = export()
    import_amazon("apply", *DE_FILES, marketplace="de")
    assert export() != before

    assert undo().changed_since == []
    assert export() == before


def test_an_undo_brings_back_texts_prices_and_rows_that_were_gone(import_amazon, tmp_path):
    import_amazon("apply", PLANTERS)
    before = export()
    some = rewritten(
        tmp_path, (b"12.99", b"13.99"), (b"Planter", b"Flowerpot"), rows=lambda line: b"PLT-TC-10" not in line
    )
    import_amazon("apply", some)
    assert export() != before

    assert undo().changed_since == []
    assert export() == before


def test_an_undo_brings_back_pictures_that_were_dropped(import_amazon, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    import_amazon("apply", PLANTERS, pictures=PICTURES)
    before = export()
    assert b'"sha256"' in before
    gone, other = picture_addresses()[:2]
    import_amazon("apply", rewritten(tmp_path, (gone, other)), pictures=PICTURES)
    assert export() != before

    assert undo().changed_since == []
    assert export() == before


def test_pictures_that_come_back_are_not_fetched_again(import_amazon, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    import_amazon("apply", PLANTERS, pictures=PICTURES)
    before = export()
    gone, other = picture_addresses()[:2]
    import_amazon("apply", rewritten(tmp_path, (gone, other)), pictures=PICTURES)
    (tmp_path / "none").mkdir()

    _, printed, _ = import_amazon("apply", PLANTERS, pictures=tmp_path / "none")

    assert [problem for problem in printed["problems"] if problem["column"] == "picture"] == []
    assert export() == before


@pytest.mark.parametrize("marketplace", ["us", "de"])
def test_the_same_files_twice_change_nothing(import_amazon, marketplace):
    files = US_FILES if marketplace == "us" else DE_FILES
    import_amazon("apply", *files, marketplace=marketplace)
    before = export()

    _, printed, _ = import_amazon("apply", *files, marketplace=marketplace)

    assert [printed["counts"][name] for name in ("create", "update", "withdraw", "keep")] == [0, 0, 0, 0]
    assert export() == before


def test_rows_that_vanish_and_come_back_leave_no_trace(import_amazon, tmp_path):
    report = US_FILES[0]
    import_amazon("apply", *US_FILES)
    before = export(with_amazon=False)
    lines = report.read_bytes().splitlines(keepends=True)
    some = tmp_path / report.name
    some.write_bytes(b"".join(lines[:1] + lines[10:]))
    import_amazon("apply", some, *US_FILES[2:])
    vanished = [json.loads(line) for line in export().splitlines()]
    assert sum(record.get("withdrawn", False) for record in vanished) > 0

    import_amazon("apply", *US_FILES)

    assert export(with_amazon=False) == before
    _, printed, _ = import_amazon("apply", *US_FILES)
    assert printed["counts"]["update"] == 0


def test_what_the_merchant_edited_is_there_after_every_import_and_undo(import_amazon, tmp_path):
    import_amazon("apply", PLANTERS)
    child = get_model("catalogue", "Product").objects.filter(structure="child").order_by("id").first()
    ProductText.objects.filter(product=child).update(title="Mine", bullet_points=["mine"])
    market = Market.objects.get(code="us")
    set_price(product=child, market=market, amount=Decimal("1.23"), source="me", now=timezone.now())
    edited = export()

    _, printed, _ = import_amazon("apply", PLANTERS)
    assert printed["counts"]["update"] == 0
    assert export() == edited
    import_amazon("apply", rewritten(tmp_path, (b"12.99", b"13.99"), (b"Planter", b"Flowerpot")))
    after = next(
        record
        for record in map(json.loads, export().splitlines())
        if record["texts"].get("en", {}).get("title") == "Mine"
    )
    assert after["texts"]["en"]["bullet_points"] == ["mine"]
    assert after["offers"]["us"]["price"] == "1.23"

    assert undo().changed_since == []
    assert export() == edited
