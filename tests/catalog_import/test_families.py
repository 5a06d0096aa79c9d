"""Variation themes become axes; parents, children, twins and orphans find their place."""

from decimal import Decimal

import pytest

from catalog_import.families import parse_variation_theme
from catalog_import.listing import Fulfilment, Listing, Offer, ProblemKind, Role
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from tests.catalog_import.conftest import US_FILES, build_families, stage


def make_listing(sku, *, parent=None, role=None, fulfilment=Fulfilment.MERCHANT, **values):
    offer = Offer(currency="USD", price=Decimal("9.99"), quantity=1, fulfilment=fulfilment)
    role = role or (Role.CHILD if parent else Role.STANDALONE)
    values = {"title": sku} | values
    return Listing(
        marketplace="us", sku=sku, file="f.txt", row=2, offer=offer, role=role, parent_sku=parent, **values
    )


@pytest.mark.parametrize(
    ("theme", "axes"),
    [
        ("COLOR/SIZE", ("color", "size")),
        ("SizeName-ColorName", ("size", "color")),
        ("Sizename-Colorname", ("size", "color")),
        ("SIZE_NAME/COLOR_NAME", ("size", "color")),
        ("SizeColor", ("size", "color")),
        ("color-size", ("color", "size")),
        ("ITEM_PACKAGE_QUANTITY", ("item_package_quantity",)),
    ],
)
def test_themes_name_the_same_axes_however_they_are_spelt(theme, axes):
    assert parse_variation_theme(theme) == axes


def test_the_demo_brand_has_the_families_of_its_answer_key(answers):
    reading = read_files(paths=US_FILES, marketplace=find_marketplace("us"))

    families, problems = build_families(reading.listings)

    assert problems == []
    assert sum(1 for family in families if family.parent) == 36
    assert sum(1 for family in families if not family.parent) == 14
    variants = [variant for family in families for variant in family.variants]
    assert len(variants) == 123 + 14
    for variant in variants:
        first = answers[variant.listings[0].sku]
        assert dict(variant.options) == first["options"]["us"]
        assert [answers[twin.sku]["twin_of"] for twin in variant.listings[1:]] == (
            [first["sku"]] if len(variant.listings) == 2 else []
        )
    assert sum(len(variant.listings) == 2 for variant in variants) == 4


def test_an_orphan_becomes_a_product_of_its_own_and_is_reported():
    families, problems = build_families(stage([make_listing("A", parent="GONE")]))

    assert [(family.parent_sku, len(family.variants)) for family in families] == [(None, 1)]
    assert [(problem.sku, problem.kind) for problem in problems] == [("A", ProblemKind.ORPHAN_CHILD)]


def test_a_child_joins_the_parent_the_shop_has():
    red = make_listing("A", parent="P", variation_theme="COLOR", attributes={"color": "Red"})

    families, problems = build_families(stage([red]), known_parents={"P"})

    assert (families[0].parent_sku, families[0].parent, problems) == ("P", None, [])


def test_two_own_stock_skus_with_the_same_options_are_one_variant_and_reported():
    red = {"variation_theme": "COLOR", "attributes": {"color": "Red"}}
    listings = [make_listing("P", role=Role.PARENT), *(make_listing(s, parent="P", **red) for s in "AB")]

    families, problems = build_families(stage(listings))

    assert [[one.sku for one in variant.listings] for variant in families[0].variants] == [["A", "B"]]
    assert [problem.kind for problem in problems] == [ProblemKind.DUPLICATE_VARIANT]


def test_options_missing_from_the_attributes_are_taken_from_the_title():
    listings = [
        make_listing("P", role=Role.PARENT, title="Lamp", variation_theme="COLOR/SIZE"),
        make_listing("A", parent="P", title="Lamp, Red, Large"),
    ]

    families, _ = build_families(stage(listings))

    assert families[0].variants[0].options == (("color", "Red"), ("size", "Large"))


def test_skus_of_one_asin_are_one_product_but_a_used_copy_is_another():
    listings = [
        make_listing("A", asin="B000000001", condition="new"),
        make_listing("A-FBM", asin="B000000001", condition="new"),
        make_listing("A-USED", asin="B000000001", condition="2"),
    ]

    families, _ = build_families(stage(listings))

    assert [[one.sku for one in family.variants[0].listings] for family in families] == [
        ["A", "A-FBM"],
        ["A-USED"],
    ]


def test_a_type_of_product_is_divided_where_its_pages_have_several_keywords():
    def make(sku, keyword, **values):
        return make_listing(sku, product_type="LAMP", item_type_keyword=keyword, **values)

    variants = [make("L-red", "table-lamps", parent="L"), make("L-blue", "floor-lamps", parent="L")]
    listings = [make("L", "table-lamps", role=Role.PARENT), *variants, make("S", "table-lamps")]
    one, two = stage(listings), stage([*listings, make("F", "floor-lamps")])
    for staging in (one, two):
        staging.group(lambda skus: ())

    assert (one.divided_types(), two.divided_types()) == (set(), {"LAMP"})
