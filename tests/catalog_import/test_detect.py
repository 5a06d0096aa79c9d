"""Files are recognised by content; everything else is refused in a sentence that names it."""

import gzip

import pytest

from catalog_import.errors import OtherMarketplaceFile, PersonalDataFile, UnreadableFile
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from catalog_import.readers.detect import recognise as recognise_source
from catalog_import.readers.encoding import find_encoding
from catalog_import.readers.sources import expand_sources
from tests.catalog_import.conftest import DEMO_BRAND


def recognise(path):
    (source,) = expand_sources([path])
    return recognise_source(source)


@pytest.mark.parametrize(
    ("path", "format", "encoding"),
    [
        ("listings/All_Listings_Report_US.txt", "All Listings Report", "cp1252"),
        ("listings/All_Listings_Report_DE.txt", "All Listings Report", "cp1252"),
        (
            "category_listings/Category_Listings_Report_PLANTER_US.txt",
            "Category Listings Report",
            "utf-8-sig",
        ),
        ("category_listings/Category_Listings_Report_PLANTER_DE.xlsx", "Category Listings Report", "xlsx"),
        ("reports/FBA_MYI_Unsuppressed_Inventory_DE.txt", "FBA inventory", "cp1252"),
    ],
)
def test_amazon_files_are_recognised_by_their_content(path, format, encoding, tmp_path):
    renamed = tmp_path / "download.dat"
    renamed.write_bytes((DEMO_BRAND / path).read_bytes())

    file = recognise(renamed)

    assert (file.format, file.encoding) == (format, encoding)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (gzip.compress(b"x" * 99, mtime=0)[:-20], "is damaged"),
        (b"<html><body>Sign in</body></html>", "is a web page"),
        (b"\x00\x01\x02\x03", "not a text file"),
        (b"hello world\n", "first row reads 'hello world'"),
        (b'{"asin": "B0"}', "JSON document"),
        (b"settlement-id\ttotal-amount\torder-id\n", "is a settlement report"),
        (b"item-name\tseller-sku\tprice\tquantity\tasin1\tadd-delete\n", "is a Cancelled Listings Report"),
        (b"{" * 100_000, "is a damaged JSON document"),
    ],
)
def test_anything_else_is_refused_with_its_name_and_a_reason(content, sentence, tmp_path):
    path = tmp_path / "strange.txt"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match=sentence) as refusal:
        read_files(paths=[path], marketplace=find_marketplace("us"))

    assert "strange.txt" in str(refusal.value)


@pytest.mark.parametrize("header", ["buyer-email", "recipient-name", "ship-address-1", "amazon-order-id"])
def test_an_orders_report_is_refused_because_of_the_buyers(header, tmp_path):
    path = tmp_path / "orders.txt"
    path.write_text(f"sku\tprice\tquantity\t{header}\n")

    with pytest.raises(PersonalDataFile, match="Amazon buyers' names or addresses"):
        recognise(path)


def test_a_file_of_another_marketplace_is_refused():
    german = DEMO_BRAND / "listings" / "All_Listings_Report_DE.txt"

    with pytest.raises(OtherMarketplaceFile, match="AMAZON_EU"):
        read_files(paths=[german], marketplace=find_marketplace("us"))


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("Kaffeemühle".encode(), "Kaffeemühle", "utf-8"),
        ("Kaffeemühle ™".encode("cp1252"), "Kaffeemühle ™", "cp1252"),
        ("デスクライト".encode("cp932"), "デスクライト", "cp932"),
        ("größer".encode("utf-16"), "größer", "utf-16"),
        ("größer als alles".encode("utf-16-le"), "größer als alles", "utf-16-le"),
        ("süß, heiß, weiß, groß, klein ".encode() * 20 + b"\x81", None, "utf-8"),
    ],
)
def test_encodings_are_told_apart(content, text, encoding, tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    (source,) = expand_sources([path])

    found = find_encoding(source)

    assert found == encoding
    assert text is None or content.decode(found) == text


def test_every_file_of_a_folder_is_read_or_explained():
    reading = read_files(paths=[DEMO_BRAND], marketplace=find_marketplace("us"))

    read = [file for file in reading.files if not file.refusal and file.format != "Picture"]
    assert len(reading.files) == sum(1 for path in DEMO_BRAND.rglob("*") if path.is_file())
    assert len(read) == 17 + 1 + 31 + 11  # reports and workbooks, the flat file, catalog items, A+ content
    assert all(file.name in file.refusal for file in reading.files if file.refusal)
