"""Every export a seller still has: older templates, Open Listings, JSON, archives, and files a spreadsheet saved."""

import gzip
import json
import os
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from catalog_import.errors import PersonalDataFile, UnreadableFile
from catalog_import.listing import Picture, ProblemKind
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from catalog_import.readers.moments import parse_local_moment
from tests.catalog_import.conftest import DE_FILES, DEMO_BRAND, REPORT_HEADER, US_FILES

MODELS = DEMO_BRAND.parents[3] / "shared" / "data" / "amazon"


def read(*paths, marketplace="us"):
    return read_files(paths=paths, marketplace=find_marketplace(marketplace))


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


HEADERS = {
    "en": "item-name|seller-sku|price|quantity|asin1|fulfillment-channel|status|open-date",
    "uk": "item-name|seller-sku|price|quantity|asin1|fulfilment-channel|status|open-date",
    "de": "Artikelbezeichnung|Händler-SKU|Preis|Menge|ASIN 1|Versender|Status|Erstellungsdatum",
    "fr": "nom-produit|sku-vendeur|prix|quantité|ASIN1|canal-traitement|état|date-ouverture",
    "it": "Nome dell'articolo|SKU venditore|Prezzo|Quantità|ASIN1|Canale di gestione|stato|Data di creazione",
    "es": "Título del producto|SKU del vendedor|Precio|Cantidad|ASIN1|Canal de gestión logística|estado|"
    "Fecha de creación",
    "ja": "商品名|出品者SKU|価格|数量|ASIN1|フルフィルメント・チャンネル|ステータス|出品日",
    "zh": "商品名称|卖家 SKU|价格|数量|ASIN1|配送渠道|状态|开售日期",
    "misread": "Artikelbezeichnung|H?ndler-SKU|Preis|Menge|ASIN 1|Versender|Status|Erstellungsdatum",
}
STATUS = {
    "de": "Inaktiv",
    "fr": "inactif",
    "it": "inattivo",
    "es": "inactivo",
    "ja": "停止中",
    "zh": "不可售",
}


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_listings_reports_are_read_in_every_language_of_their_headers(language, delimiter, tmp_path):
    row = ["Thing", "A-1", "12.50", "3", "B0ZZ000001", "DEFAULT", STATUS.get(language, "Inactive")]
    row += ["2022-03-15 02:26:37 PDT"]
    lines = [HEADERS[language].replace("|", delimiter), delimiter.join(row)]

    (listing,) = read(write(tmp_path / "report.txt", "\n".join(lines))).listings

    assert (listing.title, listing.sku, listing.asin) == ("Thing", "A-1", "B0ZZ000001")
    assert (listing.offer.price, listing.offer.quantity) == (Decimal("12.50"), 3)
    assert (listing.status, listing.offer.fulfilment) == ("inactive", "merchant")
    assert listing.opened_at == datetime(2022, 3, 15, 9, 26, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "marketplace", "moment"),
    [
        ("29/09/2025 16:19:39 BST", "uk", datetime(2025, 9, 29, 15, 19, 39, tzinfo=UTC)),
        ("01/02/2025 00:30:00 MEZ", "de", datetime(2025, 1, 31, 23, 30, tzinfo=UTC)),
        ("01/02/2025", "us", datetime(2025, 1, 2, tzinfo=UTC)),
        ("2009/09/18 15:18:58 JST", "jp", datetime(2009, 9, 18, 6, 18, 58, tzinfo=UTC)),
        ("29.09.2025", "de", datetime(2025, 9, 29, tzinfo=UTC)),
        ("31/02/2025 10:00:00 XST", "de", None),
        ("01/02/2025 10:00:00 XST", "de", None),
        ("yesterday", "de", None),
    ],
)
def test_dates_are_read_by_marketplace_and_zone(text, marketplace, moment):
    assert parse_local_moment(text, marketplace=marketplace) == moment


def test_open_listings_bring_price_and_quantity(tmp_path):
    path = write(
        tmp_path / "o.txt", 'sku\tasin\tprice\tquantity\n\'007/"A"\tB0ZZ000001\t9.99\t\nB\t\t5.00\t0\n'
    )

    reading = read(path)

    assert [file.format for file in reading.files] == ["Open Listings Report"]
    assert [(one.sku, one.offer.quantity) for one in reading.listings] == [('\'007/"A"', None), ("B", 0)]
    assert not reading.is_complete


@pytest.mark.parametrize("marketplace", ["us", "de"])
def test_a_template_of_generation_3_says_what_the_category_reports_say(marketplace):
    described = {
        one.sku: one
        for one in read(*(US_FILES if marketplace == "us" else DE_FILES), marketplace=marketplace).listings
    }

    reading = read(
        DEMO_BRAND / "flat_files" / f"Flat_File_fptcustom_{marketplace.upper()}.txt", marketplace=marketplace
    )

    assert reading.problems == []
    assert reading.files[0].format == "Inventory file template"
    assert len(reading.listings) == len(described)
    for one in reading.listings:
        other = described[one.sku]
        for name in (
            "title",
            "description",
            "brand",
            "bullet_points",
            "role",
            "parent_sku",
            "gtin",
            "product_type",
        ):
            assert getattr(one, name) == getattr(other, name), (one.sku, name)
        assert [p for p in one.pictures if p.role == "main"] == [
            p for p in other.pictures if p.role == "main"
        ]
        assert one.offer.price == other.offer.price
        assert one.attributes.get("color") == other.attributes.get("color")


GENERATION_1 = (
    "TemplateType=Computers\tVersion=2012.1008\t\t\t\t\t\t\t\t\t\t\t\n"
    "Artikel\tEAN\tTyp\tTitel\tMarke\tStufe\tEltern\tThema\tFarbe\tPreis\tAnzahl\tBild\tPunkt\n"
    "{keys}\n"
    "P\t\t\tLamp\tAcme\tParent\t\tColorName\t\t\t\t\t\n"
    '00A\t4006381333931\tEAN\t"Lamp ""Red"", 12\nline"\tAcme\tChild\tP\tColorName\tRed\t12.50\t4\thttps://i.example.test/1.jpg\tBright\n'
)
CAMEL = (
    "SKU StandardProductID ProductIDType Title Brand Parentage ParentSKU "
    "VariationTheme Color ItemPrice Quantity MainImageURL BulletPoint1"
)
KEBAB = (
    "sku standard-product-id product-id-type title brand parentage parent-sku "
    "variation-theme color item-price quantity main-image-url bullet-point1"
)
SNAKE = (
    "item_sku external_product_id external_product_id_type item_name brand_name parent_child parent_sku "
    "variation_theme color_name standard_price quantity main_image_url bullet_point1"
)


@pytest.mark.parametrize("keys", [CAMEL, KEBAB, SNAKE], ids=["generation 1", "2013", "generation 2"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_older_templates_are_read_whatever_their_keys_encoding_and_lines(keys, encoding, ending, tmp_path):
    text = GENERATION_1.format(keys="\t".join(keys.split())).replace("\n", ending)
    reading = read(write(tmp_path / "template.txt", text, encoding))

    parent, child = reading.listings
    assert reading.problems == []
    assert (parent.role, child.role, child.parent_sku) == ("parent", "child", "P")
    assert (child.sku, child.gtin, child.title) == ("00A", "4006381333931", 'Lamp "Red", 12 line')
    assert (child.brand, child.attributes["color"], child.variation_theme) == ("Acme", "Red", "ColorName")
    assert (child.offer.price, child.offer.quantity) == (Decimal("12.50"), 4)
    assert child.pictures == (Picture("https://i.example.test/1.jpg", "main"),)
    assert child.bullet_points == ("Bright",)


def test_a_row_that_says_what_is_required_is_no_product(tmp_path):
    keys = "\t".join(SNAKE.split())
    required = "\t".join(["Required"] * 3 + ["Optional"] * 10)
    row = "\t".join(["A", "", "", "Lamp", *[""] * 9])
    path = write(tmp_path / "t.txt", f"TemplateType=fptcustom\nlabels\n{keys}\n{required}\n{row}\n")

    reading = read(path)

    assert [(one.sku, one.row) for one in reading.listings] == [("A", 5)]


def test_a_price_in_another_currency_is_left_out(tmp_path):
    keys = "item_sku\titem_name\tstandard_price\tcurrency\tbullet_point1"
    path = write(
        tmp_path / "t.txt",
        f"TemplateType=fptcustom\n\n{keys}\nA\tLamp\t12.00\tEUR\t\nB\tLamp\t12.00\tUSD\t\n",
    )

    reading = read(path)

    assert [one.offer.price for one in reading.listings] == [None, Decimal("12.00")]
    assert [(p.kind, p.sku, p.column) for p in reading.problems] == [
        (ProblemKind.OTHER_CURRENCY, "A", "currency")
    ]


def test_catalog_items_fill_what_a_report_leaves_open():
    report = read(US_FILES[0], US_FILES[2])
    assert all(not one.pictures for one in report.listings)

    reading = read(US_FILES[0], US_FILES[2], DEMO_BRAND / "catalog_items")

    full = {one.sku: one for one in read(*US_FILES).listings}
    pot = next(one for one in reading.listings if one.sku == "FW-POT-WHT-25")
    assert pot.brand == "Fernowick"
    assert pot.bullet_points == full["FW-POT-WHT-25"].bullet_points
    assert pot.gtin == full["FW-POT-WHT-25"].gtin
    assert [p.url for p in pot.pictures] == [
        p.url.replace("SL1500", "SL1600") for p in full["FW-POT-WHT-25"].pictures if p.role != "swatch"
    ]
    assert pot.offer == full["FW-POT-WHT-25"].offer
    assert len(reading.listings) == len(report.listings)


LISTINGS_ITEM = {
    "sku": "00/A \"1\"",
    "summaries": [
        {"marketplaceId": "A1PA6795UKMFR9", "asin": "B0ZZ000001", "productType": "LAMP", "status": ["BUYABLE"],
         "itemName": "Lampe Rot", "conditionType": "new_new"},
    ],
    "attributes": {
        "item_name": [{"value": "Lamp Red", "language_tag": "en_GB", "marketplace_id": "A1PA6795UKMFR9"},
                      {"value": "Lampe Rot", "language_tag": "de_DE", "marketplace_id": "A1PA6795UKMFR9"}],
        "bullet_point": [{"value": "Hell", "language_tag": "de_DE"}],
        "color": [{"value": "Rot", "language_tag": "de_DE"}],
        "item_weight": [{"value": 10.49999998929, "unit": "grams"}],
        "purchasable_offer": [
            {"audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 1.0}]}]},
            {"audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 12.5}]}]},
        ],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}],
        "child_parent_sku_relationship": [{"parent_sku": "P"}],
        "main_product_image_locator": [{"media_location": "https://i.example.test/1.jpg"}],
        "externally_assigned_product_identifier": [{"type": "ean", "value": "4006381333931"}],
    },
}  # fmt: skip


def test_listings_items_are_the_sellers_own_listings(tmp_path):
    path = write(tmp_path / "items.json", json.dumps({"items": [LISTINGS_ITEM]}))

    (one,) = read(path, marketplace="de").listings

    assert (one.sku, one.asin, one.status, one.language) == ('00/A "1"', "B0ZZ000001", "active", "de")
    assert (one.title, one.bullet_points, one.attributes["color"]) == ("Lampe Rot", ("Hell",), "Rot")
    assert (one.offer.price, one.offer.currency, one.offer.quantity) == (Decimal("12.5"), "EUR", 7)
    assert (one.role, one.parent_sku, one.gtin) == ("child", "P", "4006381333931")
    assert one.specifications == (("Item weight", "10.5 grams"),)
    assert one.pictures == (Picture("https://i.example.test/1.jpg", "main"),)


def test_amazons_own_examples_of_json_are_read():
    folder = MODELS / "model_examples"
    if not folder.is_dir():
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("Amazon's own model examples are not beside the project")

    reading = read(*sorted(folder.glob("listingsItems_*ListingsItem*.200.example.json"))[1:2], folder)

    assert [one.sku for one in reading.listings] == ["GM-ZDPI-9B4E"]
    read_ones = {file.name.split(".")[1] for file in reading.files if not file.refusal}
    assert read_ones >= {"getCatalogItem", "searchCatalogItems", "getListingsItem", "searchListingsItems"}


def test_a_json_of_orders_is_refused(tmp_path):
    with pytest.raises(PersonalDataFile, match="buyers' data"):
        read(write(tmp_path / "o.json", json.dumps({"payload": {"Orders": [{"AmazonOrderId": "1"}]}})))


def test_everything_in_one_archive_is_recognised_explained_or_refused(tmp_path):
    path = tmp_path / "everything.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in US_FILES[0], US_FILES[2]:
            archive.write(file, f"reports/{file.name}")
        for file in sorted(US_FILES[1].glob("*PLANTER_US*")):
            archive.write(file, file.name)
        archive.writestr("orders.txt", "order-id\tsku\tbuyer-email\n1\tA\tx@example.test\n")
        archive.writestr("report.txt.gz", gzip.compress(US_FILES[0].read_bytes()))
        archive.writestr("note.txt", "call Bob")
        archive.writestr("__MACOSX/._note.txt", "x")

    reading = read(path)

    named = {file.name.removeprefix("everything.zip/"): file for file in reading.files}
    assert {name: file.format for name, file in named.items() if not file.refusal} == {
        "reports/All_Listings_Report_US.txt": "All Listings Report",
        "reports/FBA_MYI_Unsuppressed_Inventory_US.txt": "FBA inventory",
        "Category_Listings_Report_PLANTER_US.txt": "Category Listings Report",
        "Category_Listings_Report_PLANTER_US.xlsx": "Category Listings Report",
        "report.txt.gz": "All Listings Report",
    }
    assert "buyers' names" in named["orders.txt"].refusal
    assert "first row reads 'call Bob'" in named["note.txt"].refusal
    assert len(reading.listings) == 177
    assert sum(1 for one in reading.listings if one.pictures) == 18


def test_a_gzip_is_unpacked_whatever_its_name(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(gzip.compress(US_FILES[0].read_bytes()))

    assert len(read(path).listings) == 177


def test_a_report_that_a_spreadsheet_saved_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Export"
    book.active.append(["Kommentar"])
    book.active.append(
        ["item-name", "seller-sku", "price", "quantity", "product-id-type", "product-id", "status"]
    )
    book.active.append(["Lamp", 7, 12.5, 3.0, 4, 4006381333931, "Active"])
    book.active.append(["=1+1", "B", 12, None, 4, "4.01E+12", "Active"])
    book.save(tmp_path / "export.xlsx")
    quoted = '"item-name","seller-sku","price","quantity"\n"Lamp, 12""","A","12.50","3"\n'

    workbook = read(tmp_path / "export.xlsx")
    table = read(write(tmp_path / "export.csv", quoted))

    lamp, other = workbook.listings
    assert (lamp.sku, lamp.offer.price, lamp.offer.quantity) == ("7", Decimal("12.5"), 3)
    assert (lamp.gtin, lamp.row) == ("4006381333931", 3)
    assert other.offer.quantity is None
    assert [(p.kind, p.row, p.column) for p in workbook.problems] == [(ProblemKind.BAD_GTIN, 4, "product-id")]
    assert [(one.sku, one.title) for one in table.listings] == [("A", 'Lamp, 12"')]


@pytest.mark.parametrize(
    "header",
    ["order-id\tsku\tship-city", "Name des Käufers\tSKU", "商品名\t購入者氏名", "sku\tcustomer-comments",
     "amazon-order-id,sku,quantity", "sku;recipient-name"],
)  # fmt: skip
def test_buyers_data_is_refused_in_every_language_and_notation(header, tmp_path):
    with pytest.raises(PersonalDataFile, match="may not be taken into a shop"):
        read(write(tmp_path / "orders.txt", header + "\n"))


def test_a_file_named_by_itself_that_is_not_there_is_explained(tmp_path):
    with pytest.raises(UnreadableFile, match=r"gone.txt: the file cannot be opened \(No such file"):
        read(tmp_path / "gone.txt")


def test_rows_of_two_files_are_one_listing(tmp_path):
    report = write(tmp_path / "r.txt", REPORT_HEADER + "Short\t\tA\t5.00\t2\tB0ZZ000001\tDEFAULT\tActive\n")
    template = write(
        tmp_path / "t.txt",
        "x\n\nitem_sku\titem_name\tstandard_price\tbullet_point1\nA\tLong title\t4.00\tBright\n",
    )

    (one,) = read(report, template).listings

    assert (one.title, one.bullet_points, one.offer.price, one.asin) == (
        "Long title",
        ("Bright",),
        Decimal("5.00"),
        "B0ZZ000001",
    )
