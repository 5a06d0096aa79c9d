"""Products of a brand are shown once the merchant says that they may; until then they are imported, but hidden."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import ImportRun
from catalog_import.rights.models import BrandConfirmation, HeldProduct
from catalog_import.rights.services import confirm_brand, settle_rights, take_back_confirmation
from tests.catalog_import.conftest import PLANTERS, US_FILES

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


@pytest.fixture
def unconfirmed():
    BrandConfirmation.objects.all().delete()


def public_pages():
    return Product.objects.filter(is_public=True).exclude(structure="child").count()


def test_a_brand_nobody_confirmed_is_imported_but_hidden_and_the_run_says_why(import_amazon, unconfirmed):
    _code, printed, _ = import_amazon("apply", PLANTERS)

    held = HeldProduct.objects.count()
    assert printed["counts"]["create"] == Product.objects.count() == 18
    assert public_pages() == 0
    assert held > 0
    assert printed["notes"] == [
        f"{held} products of the brand Fernowick are not shown: confirm under Brands and rights that you may sell"
        " under this brand with these texts and pictures."
    ]


def test_confirming_shows_them_and_a_second_time_nothing_more(import_amazon, unconfirmed):
    import_amazon("apply", PLANTERS)
    held = HeldProduct.objects.count()

    assert confirm_brand(name=" FERNOWICK ", basis="own", now=timezone.now()) == held
    assert confirm_brand(name="Fernowick", basis="own", now=timezone.now()) == 0
    assert public_pages() == held
    assert not HeldProduct.objects.exists()


def test_only_the_brand_that_was_confirmed_is_shown(import_amazon, unconfirmed):
    confirm_brand(name="Zellumo", basis="permission", now=timezone.now())

    import_amazon("apply", *US_FILES)

    roots = Product.objects.exclude(structure="child")
    shown = roots.filter(is_public=True, attribute_values__attribute__code="brand")
    assert set(shown.values_list("attribute_values__value_text", flat=True)) == {"Zellumo"}
    waiting = roots.filter(held_for_rights__isnull=False, attribute_values__attribute__code="brand")
    assert set(waiting.values_list("attribute_values__value_text", flat=True)) == {"Fernowick"}


def test_waiting_is_no_decision_of_the_merchant_so_the_next_import_changes_and_keeps_nothing(
    import_amazon, unconfirmed
):
    import_amazon("apply", PLANTERS)

    _, printed, _ = import_amazon("plan", PLANTERS)

    assert {name: printed["counts"][name] for name in ("create", "update", "keep", "unchanged")} == {
        "create": 0,
        "update": 0,
        "keep": 0,
        "unchanged": 18,
    }


def test_a_plan_is_not_stale_because_its_brand_was_confirmed(import_amazon, unconfirmed, tmp_path):
    import_amazon("apply", PLANTERS)
    other = tmp_path / PLANTERS.name
    other.write_bytes(PLANTERS.read_bytes().replace(b"12.99", b"13.99"))
    import_amazon("plan", other)
    confirm_brand(name="Fernowick", basis="own", now=timezone.now())

    out = io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("import_amazon", "apply", "--run", str(ImportRun.objects.latest("pk").pk), stdout=out)
    assert exit_.value.code == 1  # done; the stock of these planters is in no file
    assert ImportRun.objects.latest("pk").state == "done"


def test_what_was_withdrawn_meanwhile_is_not_shown_by_a_confirmation(import_amazon, unconfirmed):
    import_amazon("apply", PLANTERS)
    product = HeldProduct.objects.order_by("pk").first().product

    settle_rights(product_ids=[product.pk], hidden=[product.pk])
    confirm_brand(name="Fernowick", basis="own", now=timezone.now())

    product.refresh_from_db()
    assert not product.is_public


def test_taking_the_confirmation_back_hides_them_again(import_amazon):
    import_amazon("apply", PLANTERS)
    shown = public_pages()

    take_back_confirmation(name="fernowick")

    assert shown > 0
    assert public_pages() == 0
    assert HeldProduct.objects.count() == shown


def test_a_listing_without_a_brand_is_shown_as_the_file_says(import_amazon, unconfirmed, write_report):
    import_amazon("apply", write_report({"sku": "A"}))

    assert public_pages() == 1


def test_products_made_in_the_shop_are_never_held_back(import_amazon, unconfirmed):
    import_amazon("apply", PLANTERS)
    mine = (
        Product.objects.filter(structure="standalone").first()
        or Product.objects.filter(structure="parent").first()
    )
    mine.amazon_listings.all().delete()
    HeldProduct.objects.filter(product=mine).delete()
    Product.objects.filter(pk=mine.pk).update(is_public=True)

    settle_rights()

    mine.refresh_from_db()
    assert mine.is_public


def test_the_command_lists_and_confirms(import_amazon, unconfirmed):
    import_amazon("apply", PLANTERS)
    held, out = HeldProduct.objects.count(), io.StringIO()

    call_command("confirm_brand", stdout=out)
    call_command("confirm_brand", "Fernowick", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0].endswith(f"not confirmed, {held} hidden")
    assert lines[1] == f"Fernowick is confirmed; {held} products are shown now."
