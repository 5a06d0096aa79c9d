"""The demo brand in both its marketplaces, against figures taken from its files by hand, not by the answer key."""

import json
from decimal import Decimal

import pytest

from storefront.cms.models import ProductStory
from tests.catalog_import.conftest import DEMO_BRAND
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db

# All Listings Reports, first and last column of interest: 177 rows in the US (4 inactive), 173 in Germany (4
# inactive, 1 incomplete); 36 are parents in both, 4 are the seller's own offers of what Amazon stocks too.
LISTED = {"us": 177 - 4, "de": 173 - 4}
SOLD = {"us": 177 - 36 - 4 - 4, "de": 173 - 35 - 4 - 4 - 1}
SUM_OF_PRICES = {"us": Decimal("2685.67"), "de": Decimal("2663.21")}
UNPUBLISHED = ["FW-CAN-ANT-5L", "ZL-C60-RED-2M", "ZL-EXT-3M", "ZL-HUB-9"]
ONLY_IN = {"us": {"FW-TRW-2", "ZL-A2C-GRN-1M", "ZL-G30-BLK", "ZL-P20-P1", "ZL-P20-P2"}, "de": {"ZL-STRIP-DE"}}
AXES = {
    ("size",): "FW-BAG FW-DRP FW-HNG FW-HOS FW-LOP FW-RAK ZL-C240 ZL-EXT ZL-HDMI",
    ("color", "size"): "FW-CAN FW-GLV FW-POT FW-PRN ZL-A2C ZL-C100 ZL-C60 ZL-EDGE",
    (
        "color",
    ): "FW-KNE FW-NOZ FW-WED ZL-B10 ZL-B20 ZL-B5M ZL-COIL ZL-G100 ZL-G30 ZL-G65 ZL-QI15 ZL-QI3 ZL-STD ZL-TRIO",
    ("style",): "FW-TRW ZL-A2CS ZL-HUB ZL-P20",
    ("color", "style"): "ZL-CAR",
}
# Title, price and options as each marketplace says them; stock in the own warehouse and at Amazon, as the US counts it,
# Germany where only it does.
PRODUCTS = {
    "ZL-C60-BLK-1M": (
        ("Zellumo USB-C to USB-C Cable 60W, Braided Fast Charging Cord, Black, 3.3 ft", "9.99", "Black 3.3 ft"),
        ("Zellumo USB-C auf USB-C Kabel 60W, geflochtenes Schnellladekabel, Schwarz, 1 m", "8.99", "Schwarz 1 m"),
        {"own": 0, "fba": 48},
    ),
    "ZL-C60-RED-2M": (
        ("Zellumo USB-C to USB-C Cable 60W, Braided Fast Charging Cord, Red, 6.6 ft", None, "Red 6.6 ft"),
        ("Zellumo USB-C auf USB-C Kabel 60W, geflochtenes Schnellladekabel, Rot, 2 m", None, "Rot 2 m"),
        {"own": 0, "fba": 0},
    ),
    "FW-PRN-ORG-S": (
        ("Fernowick Bypass Pruning Shears, Orange, Small", "18.99", "Orange Small"),
        ("Fernowick Bypass-Gartenschere, Orange, Klein", "18.99", "Orange Klein"),
        {"own": 0, "fba": 183},
    ),
    "ZL-CAR-SLV-CBL": (
        ("Zellumo Car Charger 48W, USB-C and USB-A, Silver, With USB-C cable", "19.99", "Silver With USB-C cable"),
        ("Zellumo Kfz-Ladegerät 48W, USB-C und USB-A, Silber, Mit USB-C-Kabel", "18.99", "Silber Mit USB-C-Kabel"),
        {"own": 0, "fba": 52},
    ),
    "ZL-G65-BLK": (
        ("Zellumo GaN Charger 65W, 3-Port with Detachable Mains Lead, Black", "32.99", "Black"),
        ("Zellumo GaN Ladegerät 65W, 3 Anschlüsse mit abnehmbarem Netzkabel, Schwarz", "34.99", "Schwarz"),
        {"own": 12, "fba": 199},
    ),
    "FW-DIB": (
        ("Fernowick Wooden Seed Dibber with Brass Tip", "13.99", ""),
        ("Fernowick Pflanzholz mit Messingspitze", "13.99", ""),
        {"own": 77},
    ),
    "ZL-TIE50": (
        ("Zellumo Reusable Cable Ties, 50 Pack", "7.99", ""),
        ("Zellumo Wiederverwendbare Kabelbinder, 50 Stück", "7.49", ""),
        {"own": 0, "fba": 76},
    ),
    "ZL-STRIP-DE": (None, ("Zellumo Tischsteckdose mit Klemme, Schuko", "39.99", ""), {"own": 0, "fba": 228}),
}  # fmt: skip
STORIES = {
    "Zellumo C60 cables": "logo banner grid comparison specifications text",
    "Fernowick pruning": "logo banner grid side details sidebar text",
    "Zellumo slim power bank": "grid slides details",
}
TELLS = {
    "Zellumo C60 cables": {"ZL-C60-PARENT"},
    "Fernowick pruning": {"FW-PRN-PARENT", "FW-TRW-PARENT"},
    "Zellumo slim power bank": {"ZL-B10-PARENT"},
}


def in_language(record, market, language):
    """Return a record's title, price and options as the reports of that marketplace say them."""
    if language not in record["texts"]:
        return None
    offer = record.get("offers", {}).get(market)
    options = [option["texts"][language]["value"] for option in record.get("options", {}).values()]
    return record["texts"][language]["title"], offer and offer["price"], " ".join(options)


def test_everything_dropped_at_once_becomes_the_catalogue_its_files_tell_by_hand(
    import_amazon, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    code, printed, _ = import_amazon("apply", DEMO_BRAND, marketplace="us")
    assert (code, printed["counts"]["create"], printed["counts"]["problem"]) == (0, 36 + 123 + 14, 0)
    code, printed, _ = import_amazon("apply", DEMO_BRAND, marketplace="de")
    assert (code, printed["counts"]["create"], printed["counts"]["problem"]) == (0, 1, 0)

    records = {record["sku"]: record for record in map(json.loads, export(with_amazon=False).splitlines())}

    kinds = [record["structure"] for record in records.values()]
    assert [kinds.count(kind) for kind in ("parent", "child", "standalone")] == [36, 123, 15]
    assert [sku for sku, record in records.items() if not record["published"]] == UNPUBLISHED
    families = {tuple(one["option_axes"]): set() for one in records.values() if one["structure"] == "parent"}
    for sku, record in records.items():
        if record["structure"] == "parent":
            families[tuple(record["option_axes"])].add(sku)
    assert families == {
        axes: {f"{family}-PARENT" for family in names.split()} for axes, names in AXES.items()
    }
    for market, currency in (("us", "USD"), ("de", "EUR")):
        listed = [record for record in records.values() if market in record["listings"]]
        offers = [record["offers"][market] for record in listed if market in record.get("offers", {})]
        assert len(listed) == LISTED[market]
        assert len(offers) == SOLD[market]
        assert {offer["currency"] for offer in offers} == {currency}
        assert sum(Decimal(offer["price"]) for offer in offers) == SUM_OF_PRICES[market]
        alone = {sku for sku, record in records.items() if list(record.get("offers", {})) == [market]}
        assert alone == ONLY_IN[market]
    for sku, (american, german, stock) in PRODUCTS.items():
        record = records[sku]
        assert in_language(record, "us", "en") == american
        assert in_language(record, "de", "de") == german
        assert {place: one["quantity"] for place, one in record["stock"].items()} == stock
    assert_stories_told()


def assert_stories_told():
    told = {(story.name, story.language): story for story in ProductStory.objects.all()}
    assert set(told) == {
        (f"{name} {locale}", locale[:2]) for name in STORIES for locale in ("en-US", "de-DE")
    }
    for (name, _), story in told.items():
        subject = name[: -len(" en-US")]
        assert " ".join(block.block_type for block in story.body) == STORIES[subject]
        products = story.story_products.values_list("product__amazon_listings__sku", flat=True)
        assert set(products) == TELLS[subject]
