"""Cells of a template: those that Python's csv finds, whichever way a line is read."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_import.readers import tabular
from catalog_import.readers.sources import Source
from catalog_import.readers.tabular import OVERLONG, TemplateText

SIGNS = st.text(alphabet='ab"\t,;\r\n \0é', max_size=60)


def read(text, *, delimiter="\t"):
    content = text.encode()
    source = Source("template.txt", is_named=True, open_raw=lambda: io.BytesIO(content))
    return list(TemplateText(source, "utf-8", delimiter).rows())


@settings(max_examples=500, deadline=None)
@given(text=SIGNS, delimiter=st.sampled_from("\t,;"))
def test_cells_are_those_of_csv(text, delimiter):
    expected = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1))

    assert read(text, delimiter=delimiter) == expected


def test_rows_are_counted_as_a_spreadsheet_shows_them():
    rows = read('a\tb\n\n"c\n""d"\te\nf\t13" wide\n')

    assert rows == [(1, ["a", "b"]), (2, []), (3, ['c\n"d', "e"]), (4, ["f", '13" wide'])]


def test_too_long_a_line_costs_its_own_record_only(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_LINE_CHARACTERS", 10)
    rows = read("a\tb\n" + "x" * 30 + '\n"c\n' + "y" * 30 + '\nd"\te\nf\n')

    assert [cells is OVERLONG for _number, cells in rows] == [False, True, True, False]
    assert (rows[0], rows[3]) == ((1, ["a", "b"]), (4, ["f"]))
