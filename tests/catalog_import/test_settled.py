"""Families that neither the files nor the shop changed are left alone: they are not even looked at."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing
from catalog_import.oscar_catalogue import OscarShop
from catalog_import.services import planning
from catalog_import.services.undoing import undo_run
from tests.catalog_import.conftest import DE_FILES, PLANTERS, US_FILES

pytestmark = pytest.mark.django_db
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def looked_at(monkeypatch):
    """The SKUs that imports have looked at in the shop, with all that is known of their products."""
    seen = set()
    look = OscarShop.look

    def record(self, *, skus=(), **rest):
        seen.update(skus)
        return look(self, skus=skus, **rest)

    monkeypatch.setattr(OscarShop, "look", record)
    return seen


def digests(marketplace="us"):
    return dict(AmazonListing.objects.filter(marketplace=marketplace).values_list("sku", "digest"))


def test_a_second_import_of_the_same_files_looks_at_no_product(import_amazon, looked_at):
    import_amazon("apply", *US_FILES)
    before, count = digests(), sum(1 for _ in AmazonListing.objects.filter(is_primary=True))
    looked_at.clear()

    code, said, _ = import_amazon("apply", *US_FILES)

    assert (code, said["counts"]["unchanged"], looked_at) == (0, count, set())
    assert all(before.values())
    assert digests() == before


@pytest.mark.parametrize("change", ["title", "price", "text", "attribute"])
def test_whatever_changes_in_the_shop_is_looked_at_again(import_amazon, looked_at, change):
    import_amazon("apply", PLANTERS)
    listing = AmazonListing.objects.filter(product__structure="child").order_by("id").first()
    product = listing.product
    rows = {
        "title": type(product).objects.filter(pk=product.pk),
        "price": product.market_prices.all(),
        "text": product.texts.all(),
        "attribute": product.attribute_values.all(),
    }[change]
    field = {
        "title": "title",
        "price": "amount",
        "text": "title",
        "attribute": "value_text",
    }
    looked_at.clear()
    rows.update(**{field[change]: 3 if change == "price" else "Changed in the shop"})

    _, said, _ = import_amazon("apply", PLANTERS)

    assert listing.sku in looked_at
    assert len(looked_at) < len(digests())
    assert said["counts"]["keep"] == 1

    looked_at.clear()
    _, said, _ = import_amazon("apply", PLANTERS)

    assert listing.sku in looked_at
    assert said["counts"]["keep"] == 1  # what is kept is said at every import


def test_a_sale_touches_nothing_of_the_imports(import_amazon, looked_at):
    import_amazon("apply", PLANTERS)
    before = digests()
    looked_at.clear()
    StockRecord.objects.update(num_allocated=1, num_in_stock=2)

    _, said, _ = import_amazon("apply", PLANTERS)

    assert (said["counts"]["update"], looked_at, digests()) == (0, set(), before)
    assert set(StockRecord.objects.values_list("num_in_stock", flat=True)) == {2}


def test_an_undone_import_is_done_again(import_amazon):
    _, first, _ = import_amazon("apply", PLANTERS)
    undo_run(planning.ImportRun.objects.get(), now=timezone.now())

    _, said, _ = import_amazon("apply", PLANTERS)

    assert said["counts"] == first["counts"]


def test_another_version_of_the_importer_looks_again_once(import_amazon, looked_at, monkeypatch):
    import_amazon("apply", PLANTERS)
    looked_at.clear()
    monkeypatch.setattr(planning, "code_digest", lambda: b"another version")

    _, said, _ = import_amazon("apply", PLANTERS)
    again = set(looked_at)
    looked_at.clear()
    import_amazon("apply", PLANTERS)

    assert (said["counts"]["update"], said["counts"]["create"]) == (0, 0)
    assert again and not looked_at


def test_another_marketplace_has_them_looked_at_again(import_amazon, looked_at):
    import_amazon("apply", *US_FILES)
    import_amazon("apply", *DE_FILES, marketplace="de")
    looked_at.clear()

    code, said, _ = import_amazon("apply", *US_FILES)

    assert (code, said["counts"]["create"]) == (0, 0)
    assert looked_at
