"""Rows that were read before are told by their digests; what is read of the files is the same with and without."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog_import.marketplaces import find_marketplace
from catalog_import.models import KnownLayout
from catalog_import.readers import known_rows, read_files
from catalog_import.readers.known_rows import FaultlessRows, KnownRows, join_cells, split_cells
from catalog_import.readers.template_rows import Template
from catalog_import.services import row_memory
from tests.catalog_import.conftest import DE_FILES, US_FILES
from tests.data.generate_listings import generate


def remembered(reading):
    return {layout: rows.to_bytes() for layout, rows in reading.faultless.items()}


def read(paths, market, known=None):
    return read_files(
        paths=paths,
        marketplace=find_marketplace(market),
        recall=lambda layout: (known or {}).get(layout, b""),
    )


def families(reading):
    reading.listings.group(lambda skus: set())
    return [family for part in reading.listings.families(1000) for family in part]


def check_same(again, first):
    assert again.problems == first.problems
    assert list(again.listings) == list(first.listings)
    assert (again.files, again.is_complete) == (first.files, first.is_complete)
    assert remembered(again) == remembered(first)
    ours, theirs = families(again), families(first)
    assert [family.digest(b"") for family in ours] == [family.digest(b"") for family in theirs]
    assert [family.listings() for family in ours] == [family.listings() for family in theirs]


@pytest.fixture
def parsed(monkeypatch):
    """The numbers of the rows of templates that are read in full."""
    numbers = []
    really = Template.read

    def note(self, number, cells):
        numbers.append(number)
        return really(self, number, cells)

    monkeypatch.setattr(Template, "read", note)
    return numbers


@pytest.mark.parametrize(
    ("format_", "market"), [("clr", "us"), ("all-listings", "de"), ("flat-file", "us"), ("clr", "de")]
)
def test_known_rows_are_read_as_unknown_ones(format_, market, tmp_path):
    path = tmp_path / "report.txt"
    generate(4_000, format_, market, 5, str(path), 0.05)
    first = read([path], market)

    again = read([path], market, remembered(first))

    assert len(first.problems) > 50
    assert sum(len(rows) for rows in remembered(first).values()) > 8 * 3_000
    check_same(again, first)


@pytest.mark.parametrize(("files", "market"), [(US_FILES, "us"), (DE_FILES, "de")])
def test_several_files_of_one_sku_are_known_apart(files, market):
    first = read(files, market)

    check_same(read(files, market, remembered(first)), first)


def test_only_rows_that_are_new_or_have_a_problem_are_read_in_full(tmp_path, parsed):
    path = tmp_path / "report.txt"
    generate(400, "clr", "us", 5, str(path))
    first = read([path], "us")
    lines = path.read_text().splitlines(keepends=True)
    lines[200] = lines[200].replace("\t", "x\t", 1)
    path.write_text("".join(lines))
    parsed.clear()

    read([path], "us", remembered(first))

    assert parsed == [201]


def test_other_ways_of_reading_a_cell_know_no_row(tmp_path, parsed, monkeypatch):
    path = tmp_path / "report.txt"
    generate(50, "clr", "us", 5, str(path))
    known = remembered(read([path], "us"))
    parsed.clear()

    read([path], "us", known)
    assert not parsed
    monkeypatch.setattr(known_rows, "code_digest", lambda: b"another version")
    read([path], "us", known)
    assert len(parsed) > 40


def test_a_column_of_a_report_that_is_not_read_may_change(tmp_path, write_report_text):
    first = read([write_report_text("pending-quantity", "1")], "us")
    again = read([write_report_text("pending-quantity", "7")], "us")
    other = read([write_report_text("status", "Inactive")], "us")

    assert remembered(again) == remembered(first)
    assert remembered(other) != remembered(first)


@pytest.fixture
def write_report_text(tmp_path) -> Path:
    """Write a listings report of one row, with a value in one of two columns."""

    def write(column, value):
        cells = {"seller-sku": "A", "item-name": "Lamp", "price": "9.00", "quantity": "3", "status": "Active"}
        cells |= {"pending-quantity": "0", column: value}
        path = tmp_path / "report.txt"
        path.write_text("\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n")
        return path

    return write


@given(st.lists(st.text(alphabet='a\x1f\t\n"é\ud800', max_size=4), min_size=1, max_size=5))
def test_joined_cells_are_the_cells_again_or_not_joined(cells):
    joined = join_cells(cells)

    assert joined is None if any("\x1f" in cell for cell in cells) else split_cells(joined) == cells


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=20), st.binary(min_size=16, max_size=16))
def test_rows_are_known_by_their_digests(digests, other):
    faultless = FaultlessRows()
    for digest in digests:
        faultless.add(digest)
    known = KnownRows(faultless.to_bytes())

    assert all(digest in known for digest in digests)
    assert (other in known) == (other[:8] in {digest[:8] for digest in digests})


@pytest.mark.django_db
def test_layouts_that_were_not_read_for_long_are_forgotten():
    rows, now = FaultlessRows(), timezone.now()
    rows.add(b"1" * 16)
    for number in range(60):
        row_memory.remember_rows({bytes([number] * 16): rows}, now=now + timedelta(minutes=number))

    assert KnownLayout.objects.count() == 50
    assert row_memory.recall(bytes([9] * 16)) == b""
    assert row_memory.recall(bytes([10] * 16)) == row_memory.recall(bytes([59] * 16)) == rows.to_bytes()
