"""Choosing products and categories, editing the home page, and the first steps."""

import json

import pytest
from django.urls import reverse
from oscar.test import factories
from wagtail.blocks import StructBlockValidationError
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from storefront.cms.models import ContentPage
from storefront.cms.selectors import first_steps

pytestmark = pytest.mark.django_db


def inline_list(values):
    """Return the form data of a list block."""
    items = {
        str(place): {"value": value, "deleted": "", "order": str(place)} for place, value in enumerate(values)
    }
    return items | {"count": str(len(values))}


def test_chooser_lists_products_with_their_sku(admin, make_products):
    make_products(2)
    answer = json.loads(admin.get(reverse("product_chooser:choose")).content)
    assert answer["step"] == "choose"
    assert "Cable 1" in answer["html"]
    assert "ZL-002" in answer["html"]


@pytest.mark.parametrize("query", ["ZL-002", "zl-002", "Cable 2"])
def test_chooser_finds_a_product_by_sku_or_title(admin, make_products, query):
    make_products(3)
    html = admin.get(reverse("product_chooser:choose_results"), {"q": query}).content.decode()
    assert "Cable 2" in html
    assert "Cable 1" not in html


def test_chooser_finds_the_family_of_a_variants_sku(admin):
    parent = factories.create_product(structure="parent", title="Braided cable")
    child = factories.create_product(
        structure="child", parent=parent, title="Braided cable, red", partner_sku="RED-1"
    )
    html = admin.get(reverse("product_chooser:choose_results"), {"q": "RED-1"}).content.decode()
    assert reverse("product_chooser:chosen", args=[parent.pk]) in html
    assert reverse("product_chooser:chosen", args=[child.pk]) not in html


def test_category_chooser_finds_by_name(admin, make_categories):
    _cables, tools = make_categories("Cables", "Garden tools")
    html = admin.get(reverse("category_chooser:choose_results"), {"q": "gard"}).content.decode()
    assert "Garden tools" in html
    assert "Cables" not in html
    answer = json.loads(admin.get(reverse("category_chooser:chosen", args=[tools.pk])).content)
    assert answer["result"]["title"] == "Garden tools"


def test_customers_may_not_choose(client, django_user_model):
    client.force_login(django_user_model.objects.create_user(email="anna@example.test", password="x"))
    assert client.get(reverse("product_chooser:choose")).status_code == 302


def test_editor_opens_with_a_product_that_is_gone(admin, home, make_products):
    gone, kept = make_products(2)
    home.body = [
        ("product_rail", {"heading": "Two", "source": "chosen", "products": [gone, kept], "limit": 8})
    ]
    home.save()
    gone.delete()
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[home.pk]))
    assert response.status_code == 200
    assert "Cable 2" in response.content.decode()


def test_published_page_shows_what_was_chosen(admin, home, make_products):
    products = make_products(3)
    rail = {
        "heading": "Two of three",
        "text": "",
        "source": "chosen",
        "category": "",
        "products": inline_list([str(products[2].pk), str(products[0].pk)]),
        "limit": "8",
    }
    form = {"title": "Shop", "slug": home.slug, "body": streamfield([("product_rail", rail)])}
    form |= {"comments": inline_formset([]), "action-publish": "1"}
    response = admin.post(reverse("wagtailadmin_pages:edit", args=[home.pk]), nested_form_data(form))
    assert response.status_code == 302
    html = admin.get("/").content.decode()
    assert html.index("Cable 3") < html.index("Cable 1")
    assert "Cable 2" not in html
    assert first_steps()[2].is_done


def test_draft_is_not_an_edited_home_page(home):
    home.save_revision()
    assert not first_steps()[2].is_done


def test_rail_of_a_category_asks_for_the_category(home):
    block = home.body.stream_block.child_blocks["product_rail"]
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(block.to_python({"heading": "Cables", "source": "category"}))
    assert "category" in refusal.value.block_errors


def test_button_refuses_a_script_as_address(home):
    block = home.body.stream_block.child_blocks["hero"].child_blocks["button"]
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(block.to_python({"text": "Go", "path": "javascript:alert(1)"}))
    assert "path" in refusal.value.block_errors


def test_first_steps_follow_the_facts(home, make_products, settings):
    assert [step.is_done for step in first_steps()] == [False, False, False, False]
    make_products(1)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_STANDIN = "sk_live_x", False
    home.save_revision().publish()
    ContentPage.objects.update(awaits_review=False)
    assert [step.is_done for step in first_steps()] == [True, True, True, True]


def test_pretended_payments_are_not_a_connected_stripe(home, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_STANDIN = "sk_test_standin", True
    assert not first_steps()[1].is_done


def test_back_office_shows_the_first_steps_until_they_are_done(admin, home, make_products, settings):
    html = admin.get("/admin/").content.decode()
    assert "First steps: 0 of 4 done" in html
    make_products(1)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_STANDIN = "sk_live_x", False
    home.save_revision().publish()
    ContentPage.objects.update(awaits_review=False)
    assert "First steps" not in admin.get("/admin/").content.decode()
