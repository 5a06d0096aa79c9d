"""The merchant confirms a brand on its screen, and only who may."""

import pytest
from wagtail.models import ModelLogEntry

from catalog_import.rights.models import BrandConfirmation, HeldProduct
from tests.catalog_import.back_office.test_journey import text_of
from tests.catalog_import.conftest import PLANTERS

pytestmark = pytest.mark.django_db
BRANDS = "/admin/imports/brands/"


@pytest.fixture
def held(import_amazon):
    BrandConfirmation.objects.all().delete()
    import_amazon("apply", PLANTERS)
    return HeldProduct.objects.count()


def test_a_brand_waits_with_its_products_and_is_confirmed_with_the_ground(merchant, held):
    before = text_of(merchant.get(BRANDS))
    page = merchant.post(BRANDS, {"brand": "Fernowick", "basis": "own"}, follow=True)

    assert f"{held} hidden until you confirm" in before
    assert f"Fernowick is confirmed; {held} products are shown now." in text_of(page)
    confirmation = BrandConfirmation.objects.get()
    assert (confirmation.basis, confirmation.confirmed_by.email) == ("own", "manager@example.test")
    assert ModelLogEntry.objects.get(action="brand_rights.confirm").data == {"basis": "own"}
    assert not HeldProduct.objects.exists()


@pytest.mark.parametrize(
    "data", [{"brand": "Fernowick"}, {"brand": "Fernowick", "basis": "because"}, {"brand": "X"}]
)
def test_without_a_ground_or_a_known_brand_nothing_is_confirmed(merchant, held, data):
    merchant.post(BRANDS, data)

    assert not BrandConfirmation.objects.exists()
    assert HeldProduct.objects.count() == held


def test_a_confirmation_is_taken_back(merchant, held):
    merchant.post(BRANDS, {"brand": "Fernowick", "basis": "own"})
    merchant.post(BRANDS, {"brand": "Fernowick", "take_back": "1"})

    assert HeldProduct.objects.count() == held


def test_the_report_of_an_import_says_what_is_hidden_and_where_to_confirm(merchant, held, upload):
    from catalog_import.models import ImportRun

    page = merchant.get(f"/admin/imports/{ImportRun.objects.get().pk}/").content.decode()

    assert f"{held} products are hidden until you confirm their brands." in page
    assert f'href="{BRANDS}"' in page


def test_packers_do_not_confirm_brands(packer, held):
    assert packer.get(BRANDS).status_code == 302
    packer.post(BRANDS, {"brand": "Fernowick", "basis": "own"})
    assert not BrandConfirmation.objects.exists()
