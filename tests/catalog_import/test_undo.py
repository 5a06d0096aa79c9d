"""An import is taken back: the shop says what it said before, but for what somebody changed since."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.errors import NotApplicable
from catalog_import.models import AmazonListing, ImportRun
from catalog_import.rights.models import HeldProduct
from catalog_import.services import undo_run
from storefront.markets.models import MarketPrice, PriceChange, ProductText
from storefront.markets.services.prices import set_price
from tests.catalog_import.conftest import DE_FILES, PLANTERS, US_FILES
from tests.catalog_import.dump import dump_catalogue

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
Category = get_model("catalogue", "Category")


def undo(run=None):
    return undo_run(run or ImportRun.objects.latest("pk"), now=timezone.now())


def catalogue():
    """Return the catalogue with the prices that are in force; ended ones are history and stay."""
    found = dump_catalogue()
    for product in found.values():
        product["prices"] = [price for price in product["prices"] if price[4] is None]
    notes = AmazonListing.objects.order_by("marketplace", "sku").values_list("marketplace", "sku", "imported")
    return found, list(notes)


def test_the_first_import_leaves_an_empty_shop(import_amazon):
    before = set(get_model("catalogue", "ProductClass").objects.values_list("slug", flat=True))
    import_amazon("apply", *US_FILES)
    history = PriceChange.objects.count()

    report = undo()

    assert report.run.state == "undone"
    assert report.run.changed_since == []
    assert not Product.objects.exists()
    assert not AmazonListing.objects.exists()
    assert not Category.objects.exists()
    assert set(get_model("catalogue", "ProductClass").objects.values_list("slug", flat=True)) == before
    assert PriceChange.objects.count() == history  # what was asked once stays proven


def test_the_catalogue_is_as_it_was_before_a_second_import(import_amazon, tmp_path):
    import_amazon("apply", PLANTERS)
    before = catalogue()
    changed = tmp_path / PLANTERS.name
    changed.write_bytes(
        PLANTERS.read_bytes()
        .replace(b"12.99", b"13.99")
        .replace(b"Planter", b"Flowerpot")
        .replace(b"erracotta", b"ed")
    )
    import_amazon("apply", changed)
    assert catalogue() != before

    assert undo().run.changed_since == []
    assert catalogue() == before


def test_a_second_marketplace_is_taken_back_and_the_first_stays(import_amazon):
    import_amazon("apply", *US_FILES)
    before = catalogue()
    import_amazon("apply", *DE_FILES, marketplace="de")

    assert undo().run.changed_since == []
    assert catalogue() == before


def test_what_was_withdrawn_comes_back(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}))
    before = catalogue()
    import_amazon("apply", write_report({"sku": "A"}))
    assert Product.objects.filter(is_public=True).count() == 1

    undo()

    assert catalogue() == before


def test_after_an_undo_the_same_files_are_imported_again(import_amazon):
    import_amazon("apply", PLANTERS)
    before = catalogue()
    undo()
    import_amazon("apply", PLANTERS)

    assert catalogue() == before


def test_a_field_that_was_changed_since_stays_and_is_listed(import_amazon, tmp_path):
    import_amazon("apply", PLANTERS)
    changed = tmp_path / PLANTERS.name
    changed.write_bytes(PLANTERS.read_bytes().replace(b"Planter", b"Flowerpot").replace(b"12.99", b"13.99"))
    import_amazon("apply", changed)
    text = ProductText.objects.filter(title__contains="Flowerpot").first()
    text.title = "Mine"
    text.save()
    price = MarketPrice.objects.filter(amount="13.99", valid_until=None).first()
    set_price(
        product=price.product, market=price.market, amount=Decimal("20"), source="me", now=timezone.now()
    )

    changed_since = undo().run.changed_since

    sku = price.product.amazon_listings.get().sku
    assert {"sku": sku, "what": "market_price"} in changed_since
    assert [line["what"] for line in changed_since if line["what"] == "title"] == ["title"]
    text.refresh_from_db()
    assert text.title == "Mine"
    assert MarketPrice.objects.filter(product=price.product, amount="20.00", valid_until=None).exists()
    assert ProductText.objects.filter(title__contains="Flowerpot").count() == 0


def test_a_product_that_was_edited_since_stays_with_its_family(import_amazon):
    import_amazon("apply", PLANTERS)
    child = Product.objects.filter(structure="child").first()
    text = ProductText.objects.get(product=child, language="en")
    text.title = "Mine"
    text.save()

    changed_since = undo().run.changed_since

    assert changed_since == [{"sku": child.amazon_listings.get().sku, "what": "text_title"}]
    assert set(Product.objects.values_list("pk", flat=True)) == {child.pk, child.parent_id}
    assert AmazonListing.objects.count() == 2


def test_a_product_that_was_ordered_since_stays(import_amazon):
    from tests.back_office.shop import make_order

    import_amazon("apply", PLANTERS)
    product = Product.objects.filter(structure="child", stockrecords__isnull=False).first()
    product.stockrecords.update(num_in_stock=5)
    make_order("S-1", product=product)

    assert undo().run.changed_since == [{"sku": product.amazon_listings.get().sku, "what": "order"}]
    assert Product.objects.filter(pk=product.pk).exists()


def test_products_that_wait_for_their_brand_are_taken_back_too(import_amazon):
    from catalog_import.rights.models import BrandConfirmation

    BrandConfirmation.objects.all().delete()
    import_amazon("apply", PLANTERS)
    assert HeldProduct.objects.exists()

    assert undo().run.changed_since == []
    assert not Product.objects.exists()


def test_only_the_newest_import_of_a_marketplace_is_undone_and_only_once(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}))
    first = ImportRun.objects.get()
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}))

    with pytest.raises(NotApplicable):
        undo(first)
    undo()
    with pytest.raises(NotApplicable):
        undo()
    undo(first)
    assert not Product.objects.exists()


def test_the_command_undoes_a_run(import_amazon):
    import_amazon("apply", PLANTERS)

    code, printed, _ = import_amazon("undo")

    assert (code, printed["state"], printed["changed_since"]) == (1, "undone", [])
    assert json.dumps(printed)
    assert not Product.objects.exists()
