"""A merchant's forms save what was typed: products, stock, pictures, categories, ranges, vouchers."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.theming.pictures import RENDITION_WIDTHS, rendition_name
from tests.back_office.shop import make_catalogue_product
from tests.back_office.test_pages import make_offer

pytestmark = pytest.mark.django_db
PICTURE = Path(__file__).parent.parent / "data" / "demo_brand" / "images" / "FW-CAN_ANT_main.jpg"


def picture_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("can.jpg", PICTURE.read_bytes(), content_type="image/jpeg")


def form_data(page) -> dict[str, object]:
    """Return what a browser would send back unchanged from the form of the page."""
    form = BeautifulSoup(page.content, "html.parser").select_one("main form[method=post]")
    data = {}
    for field in form.select("input[name]:not([type=file]), textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[field["name"]] = field.get_text(strip=True)
        elif field.get("type") not in ("checkbox", "radio"):
            data[field["name"]] = field.get("value", "")
        elif field.has_attr("checked"):
            data[field["name"]] = field.get("value", "on")
    return data


def test_product_form_saves_title_stock_and_picture(owner):
    product = make_catalogue_product(title="Watering can", stock=3)
    address = reverse("dashboard:catalogue-product", args=[product.pk])
    changes = {
        "title": "Watering can, moss",
        "stockrecords-0-num_in_stock": 77,
        "images-0-original": picture_file(),
        "action": "continue",
    }
    page = owner.post(address, form_data(owner.get(address)) | changes, follow=True)
    assert page.request["PATH_INFO"] == address
    product.refresh_from_db()
    assert product.title == "Watering can, moss"
    assert product.stockrecords.get().num_in_stock == 77
    picture = product.images.get().original.name
    assert all(default_storage.exists(rendition_name(picture, width)) for width in RENDITION_WIDTHS)


def test_saved_product_is_said_as_wagtail_says_it(owner):
    product = make_catalogue_product(title="Watering can")
    address = reverse("dashboard:catalogue-product", args=[product.pk])
    html = owner.post(
        address, form_data(owner.get(address)) | {"action": "save"}, follow=True
    ).content.decode()
    assert re.search(r'<li class="success">.*?<a href="[^"]+" class="btn btn-success">', html, re.DOTALL)


def test_category_form_makes_a_category_with_a_picture(owner):
    address = reverse("dashboard:catalogue-category-create")
    owner.post(address, form_data(owner.get(address)) | {"name": "Barrels", "image": picture_file()})
    category = get_model("catalogue", "Category").objects.get(name="Barrels")
    assert default_storage.exists(rendition_name(category.image.name, RENDITION_WIDTHS[0]))


def test_category_form_changes_a_category(owner):
    category = get_model("catalogue", "Category").add_root(name="Barrel")
    address = reverse("dashboard:catalogue-category-update", args=[category.pk])
    owner.post(address, form_data(owner.get(address)) | {"name": "Barrels"})
    category.refresh_from_db()
    assert category.name == "Barrels"


def test_range_form_makes_a_range_and_its_message_is_not_shown_as_code(owner):
    page = owner.post(reverse("dashboard:range-create"), {"name": "Cans"}, follow=True)
    assert get_model("offer", "Range").objects.filter(name="Cans").exists()
    assert "&lt;strong&gt;" not in page.content.decode()


def test_voucher_form_makes_a_voucher(owner):
    data = {
        "name": "Autumn",
        "code": "AUTUMN5",
        "start_datetime": "2026-01-01 00:00:00",
        "end_datetime": "2027-01-01 00:00:00",
        "usage": "Multi-use",
        "offers": [make_voucher_offer().pk],
    }
    assert owner.post(reverse("dashboard:voucher-create"), data).status_code == 302
    assert get_model("voucher", "Voucher").objects.get().code == "AUTUMN5"


def make_voucher_offer():
    offer = make_offer()
    offer.offer_type = "Voucher"
    offer.save()
    return offer
