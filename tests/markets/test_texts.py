"""Texts: whole, in the language or its fallback, one query for any number of products."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.test.factories import create_product

from storefront.markets.models import CategoryText, OptionText, ProductText
from storefront.markets.selectors.texts import (
    category_texts_for,
    describe_missing_texts,
    missing_texts,
    option_texts_for,
    texts_for,
)


def write(product, language, title, description=""):
    return ProductText.objects.create(
        product=product, language=language, title=title, description=description
    )


def test_a_text_without_a_title_falls_back_whole(product):
    write(product, "en", "Desk lamp", "Bright.")
    write(product, "de", "", "Hell.")
    text = texts_for(products=[product], language="de", fallback="en")[product.pk]
    assert (text.language, text.title, text.description) == ("en", "Desk lamp", "Bright.")


def test_a_text_in_the_language_is_taken_with_its_gaps(product):
    write(product, "en", "Desk lamp", "Bright.")
    write(product, "de", "Schreibtischlampe")
    text = texts_for(products=[product], language="de", fallback="en")[product.pk]
    assert (text.title, text.description) == ("Schreibtischlampe", "")


def test_a_product_without_any_text_is_absent(product):
    write(product, "fr", "Lampe")
    assert texts_for(products=[product], language="de", fallback="en") == {}


def test_a_variant_takes_its_parents_text_in_the_language_before_its_own_in_another(db):
    parent = create_product(structure="parent", title="Lamp")
    child = create_product(structure="child", parent=parent, title="")
    write(child, "en", "Lamp, black")
    write(parent, "de", "Lampe")
    assert texts_for(products=[child], language="de", fallback="en")[child.pk].title == "Lampe"


@pytest.mark.parametrize("count", [2, 20])
def test_texts_take_one_query(make_products, django_assert_num_queries, count):
    products = make_products(count)
    for product in products:
        write(product, "de", "Lampe")
    with django_assert_num_queries(1):
        assert len(texts_for(products=products, language="de", fallback="en")) == count


def test_a_merchant_learns_which_products_lack_a_language(make_products):
    products = make_products(4)
    write(products[0], "de", "Lampe")
    write(products[1], "de", "")
    products[3].is_public = False
    products[3].save()
    lacking = list(missing_texts("de"))
    assert lacking == [products[1], products[2]]
    assert describe_missing_texts(language_name="German", count=2) == "2 products have no text in German."
    assert describe_missing_texts(language_name="German", count=1) == "1 product has no text in German."


def test_variants_do_not_count_as_lacking_texts(db):
    parent = create_product(structure="parent", title="Lamp")
    create_product(structure="child", parent=parent, title="")
    assert list(missing_texts("de")) == [parent]


def test_categories_are_named_in_the_language_or_the_fallback(product):
    category = product.get_categories().first() or product.categories.create(
        name="Lamps", depth=1, path="0001"
    )
    CategoryText.objects.create(category=category, language="en", name="Lamps")
    assert (
        category_texts_for(categories=[category], language="de", fallback="en")[category.pk].name == "Lamps"
    )
    CategoryText.objects.create(category=category, language="de", name="Lampen", meta_title="Lampen kaufen")
    text = category_texts_for(categories=[category], language="de", fallback="en")[category.pk]
    assert (text.name, text.meta_title) == ("Lampen", "Lampen kaufen")


def test_options_of_a_variant_never_mix_languages(product):
    for axis, label, value in (("color", "Color", "Black"), ("size", "Size", "L")):
        OptionText.objects.create(product=product, language="en", axis=axis, label=label, value=value)
    OptionText.objects.create(product=product, language="de", axis="color", label="Farbe", value="Schwarz")

    def values():
        found = option_texts_for(products=[product], language="de", fallback="en")[product.pk]
        return [found[axis].value for axis in ("color", "size")]

    assert values() == ["Black", "L"]
    OptionText.objects.create(product=product, language="de", axis="size", label="Größe", value="L")
    assert values() == ["Schwarz", "L"]


@pytest.mark.parametrize("count", [2, 20])
def test_options_take_one_query(make_products, count):
    products = make_products(count)
    with CaptureQueriesContext(connection) as captured:
        option_texts_for(products=products, language="de", fallback="en")
    assert len(captured) == 1
