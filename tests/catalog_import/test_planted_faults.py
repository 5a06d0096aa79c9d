"""102,000 rows in three formats with a planted fault in every twentieth are handled as the generator's key says."""

import json
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog_import.families import build_family
from catalog_import.listing import Fulfilment, ProblemKind
from catalog_import.marketplaces import find_marketplace
from catalog_import.places import Place
from catalog_import.planner import plan_parts
from catalog_import.readers import read_files
from tests.data import generate_listings

pytestmark = pytest.mark.long

ROWS = 34_000  # of each format
SKIPPED = {"extra_tab", "blank_line", "empty_sku", "example_row", "delete_row"}
KINDS = {  # what is reported for a fault; a fault that is not here is repaired without a word
    "replaced_char": {ProblemKind.LOST_CHARACTER},
    "bad_byte": {ProblemKind.LOST_CHARACTER},
    "extra_tab": {ProblemKind.ROW_TOO_LONG},
    "empty_sku": {ProblemKind.MISSING_SKU},
    "empty_title": {ProblemKind.MISSING_TITLE},
    "long_title": {ProblemKind.LONG_TITLE},
    "quantity_blank_own": {ProblemKind.UNKNOWN_QUANTITY},
    "quantity_text": {ProblemKind.BAD_QUANTITY},
    "price_blank": {ProblemKind.MISSING_PRICE},
    "price_zero": {ProblemKind.BAD_PRICE},
    "price_negative": {ProblemKind.BAD_PRICE},
    "gtin_scientific": {ProblemKind.BAD_GTIN},
    "gtin_check_digit": {ProblemKind.BAD_GTIN},
    "date_invalid": {ProblemKind.BAD_DATE},
    "duplicate_sku": {ProblemKind.DUPLICATE_SKU},
    "orphan_child": {ProblemKind.ORPHAN_CHILD},
    "example_row": {ProblemKind.EXAMPLE_ROW},
    "delete_row": {ProblemKind.DELETED_ROW},
    "image_private": {ProblemKind.BAD_PICTURE_ADDRESS},
    "image_scheme": {ProblemKind.BAD_PICTURE_ADDRESS},
}
NOT_SHOWN = {"empty_title", "price_blank", "price_zero", "price_negative"}


def read_export(tmp_path, name, format_, market, dirty):
    path = tmp_path / name
    generate_listings.generate(ROWS, format_, market, "1", str(path), dirty)
    return path, read_files(paths=[path], marketplace=find_marketplace(market))


class EmptyShop:
    """A shop that has nothing yet."""

    is_empty, language = True, "en"

    def __init__(self, here):
        self.here = here

    def parents_among(self, skus):
        return set()


def plan(reading, market):
    """Plan the listings for an empty shop; return the entries of the plan by SKU and all its problems."""
    parts = list(
        plan_parts(
            listings=reading.listings,
            shop=EmptyShop(Place(marketplace=market, rank=0, market_id=1)),
            problems=reading.problems,
            language=find_marketplace(market).language,
            is_complete=False,
            now=datetime(2026, 6, 15, tzinfo=UTC),
            size=2000,
            make=lambda part: part,
        )
    )
    entries = {note.sku: entry for part in parts for entry in part.create for note in entry.notes}
    staged = (family for families in reading.listings.families(2000) for family in families)
    axes = {each.page: build_family(each)[0].axes for each in staged if each.has_page}
    problems = [*reading.problems, *(problem for part in parts for problem in part.problems)]
    return entries, axes, problems


def expect(fault, clean):
    """Return the listings that are right for a row with this fault, given the undamaged one."""
    offer, title = clean.offer, clean.title

    def priced(amount):
        return [replace(clean, offer=replace(offer, price=amount))]

    def titled(*titles):
        return [replace(clean, title=text) for text in titles]

    unknown = replace(offer, quantity=None, fulfilment=Fulfilment.MERCHANT)
    match fault["fault"]:
        case "raw_quote":
            return titled(f'"{title}', f'{title} 12" x 8')
        case "replaced_char":
            return titled(f"{title} Caf?s")
        case "mojibake" | "duplicate_sku":
            return titled(fault["expected_title"])
        case "bad_byte" | "control_char":
            return titled(title)
        case "empty_title":
            return titled(None)
        case "long_title":
            return titled(((title + " ") * 30)[:255].rstrip())
        case "formula":
            return titled("=1+1+cmd|' /C calc'!A0", '=HYPERLINK("http://example.test","x")')
        case "short_row":
            return [replace(clean, status=None)]
        case "quantity_blank_own" | "quantity_text":
            return [replace(clean, offer=unknown)]
        case "price_blank" | "price_zero" | "price_negative":
            return priced(None)
        case "price_ambiguous":
            wanted = fault["expected_price"]
            return priced(None) if "reject" in wanted else priced(Decimal(wanted))
        case "gtin_scientific" | "gtin_check_digit":
            return [replace(clean, gtin=None)]
        case "gtin_lost_zero":
            # The key writes the number as an EAN with its zero; kept is the same number's shortest form, the UPC.
            return [replace(clean, gtin=fault["expected_gtin"].removeprefix("0"))]
        case "date_invalid":
            return [replace(clean, opened_at=None)]
        case "duplicate_variant":
            twin = replace(offer, quantity=9, fulfilment=Fulfilment.MERCHANT)
            return [replace(clean, sku=fault["sku"], gtin=None, offer=twin)]
        case "orphan_child":
            return [replace(clean, parent_sku=f"GONE-{clean.parent_sku}")]
        case "html_script":
            return [replace(clean, description="<p>Good</p>")]
        case "image_private" | "image_scheme":
            return [replace(clean, pictures=clean.pictures[:1] + clean.pictures[2:])]
    return [clean]  # repaired without a trace, or no matter of the listing


def disagree(fault, listing, clean, entry, axes, kinds):
    """Return what is not as the key says about one faulty row; empty when all is."""
    kind, sku = fault["fault"], fault["sku"]
    wanted_kinds = KINDS.get(kind, set())
    if kind == "price_ambiguous":
        wanted_kinds = {
            ProblemKind.BAD_PRICE if "reject" in fault["expected_price"] else ProblemKind.AMBIGUOUS_PRICE
        }
    if kind == "duplicate_variant":  # said where both are the merchant's own stock
        kinds = kinds - {ProblemKind.DUPLICATE_VARIANT}
    if kinds != wanted_kinds:
        return f"reported {sorted(kinds)}, not {sorted(wanted_kinds)}"
    if kind in SKIPPED:
        return "was imported" if sku and listing else ""
    if listing is None:
        return "is missing"
    same = {"file": clean.file, "row": clean.row}
    if kind == "parent_price":
        same["offer"] = clean.offer
    if kind == "theme_spelling":
        same["variation_theme"] = clean.variation_theme
    if replace(listing, **same) not in expect(fault, clean):
        like = expect(fault, clean)[0]
        names = (each.name for each in fields(listing))
        return str({name: got for name in names if (got := getattr(listing, name)) != getattr(like, name)})
    if kind in NOT_SHOWN and entry.changes["is_public"]:
        return "is shown"
    if kind == "duplicate_variant" and fault["same_options_as"] not in {note.sku for note in entry.notes}:
        return "is not its twin's variant"
    if kind == "orphan_child" and (entry.parent_sku or entry.changes["structure"] != "standalone"):
        return "has a parent"
    if kind == "theme_spelling" and set(axes[sku]) != {"color", "size"}:
        return f"has the axes {axes[sku]}"
    if kind == "parent_price" and entry.changes.keys() & {"stock_price", "market_price", "num_in_stock"}:
        return f"is priced: {entry.changes}"
    return ""


@pytest.mark.parametrize(("format_", "market"), [("all-listings", "us"), ("clr", "de"), ("flat-file", "jp")])
def test_every_planted_fault_is_handled_as_the_key_says(format_, market, tmp_path):
    _, clean = read_export(tmp_path, "clean.txt", format_, market, 0.0)
    path, reading = read_export(tmp_path, "dirty.txt", format_, market, 0.05)
    faults = json.loads(path.with_name("dirty.txt.faults.json").read_text("utf-8"))["faults"]
    assert not clean.problems
    assert len(faults) > ROWS * 0.045

    clean_of = {listing.sku: listing for listing in clean.listings}
    listing_of = {listing.sku: listing for listing in reading.listings}
    entries, axes, problems = plan(reading, market)
    kinds = defaultdict(set)
    for problem in problems:
        kinds[problem.row].add(problem.kind)

    kinds.pop(None, None)  # one sentence about all stock that is at Amazon

    wrong = []
    for fault in faults:
        sku = fault["sku"]
        like = clean_of.get(fault.get("same_options_as", sku))
        reason = disagree(
            fault, listing_of.pop(sku, None), like, entries.get(sku), axes, kinds.pop(fault["row"], set())
        )
        if reason:
            wrong.append((fault["row"], fault["fault"], sku, reason))
    assert wrong == []
    assert dict(kinds) == {}, "rows without a fault were reported"
    for sku, listing in listing_of.items():  # damage stays in its row
        like = clean_of[sku]
        assert replace(listing, file=like.file, row=like.row) == like
    skipped = sum(fault["fault"] in SKIPPED - {"blank_line"} for fault in faults)
    twice = sum(fault["fault"] == "duplicate_sku" for fault in faults)
    blank = sum(fault["fault"] == "blank_line" for fault in faults)
    assert len(reading.listings) == ROWS - skipped - twice - blank
