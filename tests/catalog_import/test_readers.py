"""Rows become listings with exact values; a bad cell costs a field or a row, never the file."""

import random
from decimal import Decimal

import nh3
import pytest

from catalog_import.listing import ProblemKind
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from catalog_import.readers.values import (
    DESCRIPTION_TAGS,
    clean_text,
    decide_decimal_mark,
    normalise_gtin,
    parse_price,
    sanitise_description,
)
from tests.catalog_import.conftest import DE_FILES, DEMO_BRAND, REPORT_HEADER, US_FILES


def read(*paths, marketplace="us"):
    return read_files(paths=paths, marketplace=find_marketplace(marketplace))


@pytest.mark.parametrize(("marketplace", "files", "count"), [("us", US_FILES, 177), ("de", DE_FILES, 173)])
def test_the_demo_brand_reads_as_its_answer_key_says(answers, marketplace, files, count):
    reading = read(*files, marketplace=marketplace)

    assert reading.problems == []
    assert len(reading.listings) == count
    for listing in reading.listings:
        item = answers[listing.sku]
        assert listing.title == item["title"][marketplace]
        assert listing.asin == item["asin"]
        assert listing.role == item["role"]
        assert (listing.parent_sku or "") == item["parent_sku"]
        assert listing.status == item["status"][marketplace].lower()
        assert (listing.gtin or "").zfill(14) == (item["gtin14"] or "0" * 14)
        assert [p.url for p in listing.pictures if p.role != "swatch"] == item["images"]
        if item["role"] != "parent":
            assert listing.offer.price == Decimal(item["price"][marketplace])
            assert listing.offer.quantity == item["quantity"][marketplace]
            assert (listing.offer.fulfilment == "amazon") == item["fba"]


def test_text_and_workbook_of_one_report_say_the_same():
    stem = DEMO_BRAND / "category_listings" / "Category_Listings_Report_CHARGING_ADAPTER_DE"

    text, workbook = (read(stem.with_suffix(end), marketplace="de").listings for end in (".txt", ".xlsx"))

    assert [(one.sku, one.title, one.offer, one.bullet_points, one.gtin) for one in text] == [
        (one.sku, one.title, one.offer, one.bullet_points, one.gtin) for one in workbook
    ]


def test_bullets_and_specifications_speak_the_language_of_the_file():
    listing = next(one for one in read(*DE_FILES, marketplace="de").listings if one.sku == "ZL-C60-BLK-1M")

    assert listing.language == "de"
    assert listing.bullet_points[0].startswith("60W LEISTUNG: Lädt ein 13-Zoll-Notebook")
    assert ("Artikelgewicht", "60 Gramm") in listing.specifications
    assert "generic_keyword" in listing.attributes
    assert not any("ladekabel schnellladen" in value for _, value in listing.specifications)


def test_a_quote_in_a_title_swallows_no_rows(write_report):
    path = write_report({"sku": "A", "title": '"Half quoted'}, {"sku": "B", "title": '12" x 8" tray'})

    assert [one.title for one in read(path).listings] == ['"Half quoted', '12" x 8" tray']


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
def test_every_line_ending_is_read(tmp_path, ending):
    path = tmp_path / "report.txt"
    path.write_bytes(
        (REPORT_HEADER + "Thing\t\tA\t1.00\t1\t\tDEFAULT\tActive\n").replace("\n", ending).encode()
    )

    assert [one.sku for one in read(path).listings] == ["A"]


def test_short_rows_and_repeated_headers_do_not_shift_cells(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("商品名称\t卖家 SKU\t不适用项目\t价格\t不适用项目\t数量\t状态\nThing\tA\tx\t5.00\n")

    (listing,) = read(path, marketplace="uk").listings

    assert (listing.sku, listing.offer.price, listing.offer.quantity) == ("A", Decimal("5.00"), None)


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [
        ({"price": "12,90x"}, "price", ProblemKind.BAD_PRICE),
        ({"price": "-3.00"}, "price", ProblemKind.BAD_PRICE),
        ({"quantity": "abc"}, "quantity", ProblemKind.BAD_QUANTITY),
        ({"sku": ""}, "seller-sku", ProblemKind.MISSING_SKU),
        ({"title": "Caf?s"}, "item-name", ProblemKind.LOST_CHARACTER),
        ({"title": "long " * 60}, "item-name", ProblemKind.LONG_TITLE),
        ({"status": "Zzz"}, "status", ProblemKind.UNKNOWN_STATUS),
    ],
)
def test_a_bad_cell_is_reported_with_row_and_column_and_the_others_are_read(write_report, row, column, kind):
    path = write_report({"sku": "A"}, {"sku": "B"} | row, {"sku": "C"})

    reading = read(path)

    (problem,) = reading.problems
    assert (problem.file, problem.row, problem.column, problem.kind) == ("report.txt", 3, column, kind)
    assert {"A", "C"} <= {one.sku for one in reading.listings}


def test_a_row_longer_than_the_header_is_left_out(write_report):
    reading = read(write_report({"sku": "A"}, {"sku": "B", "title": "Moved\tcells"}))

    assert [one.sku for one in reading.listings] == ["A"]
    assert [problem.kind for problem in reading.problems] == [ProblemKind.ROW_TOO_LONG]


def test_of_two_rows_with_one_sku_the_later_counts(write_report):
    reading = read(write_report({"sku": "A", "price": "1.00"}, {"sku": "A", "price": "2.00"}))

    assert [one.offer.price for one in reading.listings] == [Decimal("2.00")]
    assert [problem.kind for problem in reading.problems] == [ProblemKind.DUPLICATE_SKU]


@pytest.mark.parametrize(
    ("cells", "default", "mark"),
    [(["1.299", "12,99"], ".", ","), (["1,299.00"], ",", "."), (["1.299"], ",", ","), ([], ".", ".")],
)
def test_the_decimal_mark_is_decided_for_the_whole_file(cells, default, mark):
    assert decide_decimal_mark(cells, default=default) == mark


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1.299,50 €", ",", Decimal("1299.50")),
        ("$1,299.50", ".", Decimal("1299.50")),
        ("￥1,299", ".", Decimal("1299")),
        ("1\u202f299,00", ",", Decimal("1299.00")),
        ("12,90x", ",", None),
        ("12.90", ",", None),
        ("1e3", ".", None),
    ],
)
def test_prices_in_many_notations(text, mark, amount):
    assert parse_price(text, decimal_mark=mark) == amount


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381333931.0", "4006381333931"),
        ("00012345678905", "012345678905"),
        ("12345678905", "012345678905"),
        ("4006381333932", None),
        ("4.01E+12", None),
    ],
)
def test_product_codes_are_repaired_or_refused(text, gtin):
    assert normalise_gtin(text) == gtin


def test_descriptions_keep_only_harmless_tags():
    html = '<p onclick="x()">Good</p><script>alert(1)</script><a href="http://x"><b>bold</b></a>'

    assert sanitise_description(html) == "<p>Good</p><b>bold</b>"


def test_descriptions_that_are_not_parsed_are_what_parsing_makes_of_them():
    dice = random.Random(7)
    pieces = [
        "<p>",
        "</p>",
        "<br>",
        "a b",
        " ",
        "  ",
        "é",
        "\u3000",
        "'",
        '"',
        "=",
        "/",
        "🪴",
        "<b>",
        "&",
        ">",
    ]
    weights = [6, 6, 4, *[1] * (len(pieces) - 3)]
    texts = {"".join(dice.choices(pieces, weights, k=dice.randrange(10))) for _ in range(20_000)}

    changed = {text: nh3.clean(text, tags=DESCRIPTION_TAGS, attributes={}).strip() for text in texts}

    assert {text: sanitise_description(text) for text in texts} == changed


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("CafÃ© CrÃ¨me", "Café Crème"), ("a\x07b\x0b  c", "ab c"), ("São Tomé", "São Tomé")],
)
def test_titles_are_repaired(text, cleaned):
    assert clean_text(text) == cleaned
