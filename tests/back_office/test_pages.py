"""Every page of Oscar's dashboard opens inside Wagtail's shell and asks nobody else for anything."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, reverse
from oscar.core.loading import get_model

from tests.back_office.shop import make_order, make_user
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db

THIRD_PARTY = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]+(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
)
# Addresses that answer something else than a page, and what they answer when nothing is asked of them.
NOT_PAGES = {
    "index": 302,  # Wagtail's home
    "login": 302,  # Wagtail's login
    "logout": 405,  # Wagtail's logout: a POST
    "offer-condition": 302,  # the steps of a new offer: back to the first
    "offer-benefit": 302,
    "offer-restrictions": 302,
    "catalogue-product-create": 302,  # back to the list: no product type was chosen
    "catalogue-product-lookup": 200,  # JSON
    "catalogue-product-bulk-action": 302,  # nothing was selected
}


def url_names(patterns) -> Iterator[tuple[str, bool]]:
    """Yield each address name with whether it takes an argument."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, bool(pattern.pattern.regex.groups)
        else:
            yield from url_names(pattern.url_patterns)


def pages_without_arguments() -> list[str]:
    names = {
        name for name, has_argument in url_names(apps.get_app_config("dashboard").urls[0]) if not has_argument
    }
    return sorted(names - NOT_PAGES.keys())


def assert_is_wagtail_page(response) -> None:
    assert response.status_code == 200
    html = response.content.decode()
    assert 'id="wagtail-sidebar"' in html
    assert not THIRD_PARTY.findall(html)
    if response.request["PATH_INFO"].startswith("/admin/shop/"):
        assert html.count("shop-page__main") == 1
        assert len(re.findall(r"<h1\b", html)) == 1


@pytest.mark.parametrize("name", pages_without_arguments())
def test_page_opens_in_wagtails_shell(owner, name):
    assert_is_wagtail_page(owner.get(reverse(f"dashboard:{name}")))


@pytest.mark.parametrize(("name", "status"), NOT_PAGES.items())
def test_address_that_is_no_page_answers(owner, name, status):
    assert owner.get(reverse(f"dashboard:{name}")).status_code == status


def make_category():
    return {"pk": get_model("catalogue", "Category").add_root(name="Garden").pk}


def make_review():
    customer = make_user("reviewer@example.test")
    return get_model("reviews", "ProductReview").objects.create(
        product=make_product(), user=customer, title="Good", body="No drips.", score=5
    )


def make_voucher(**fields):
    return get_model("voucher", "Voucher").objects.create(
        name="Autumn",
        code="AUTUMN5",
        start_datetime="2026-01-01T00:00Z",
        end_datetime="2027-01-01T00:00Z",
        **fields,
    )


def make_voucher_set():
    return get_model("voucher", "VoucherSet").objects.create(
        name="Autumn",
        count=2,
        code_length=8,
        start_datetime="2026-01-01T00:00Z",
        end_datetime="2027-01-01T00:00Z",
    )


def make_offer(number: int = 1):
    products = get_model("offer", "Range").objects.create(
        name=f"Products {number}", includes_all_products=True
    )
    condition = get_model("offer", "Condition").objects.create(range=products, type="Count", value=1)
    benefit = get_model("offer", "Benefit").objects.create(range=products, type="Percentage", value=10)
    return get_model("offer", "ConditionalOffer").objects.create(
        name=f"Ten percent off {number}", condition=condition, benefit=benefit
    )


def make_order_line():
    order = make_order("S-100001")
    return {"number": order.number, "line_id": order.lines.get().pk}


def make_alert():
    return get_model("customer", "ProductAlert").objects.create(
        product=make_product(), user=make_user("waiting@example.test"), status="Active"
    )


def make_email_type():
    return {
        "slug": get_model("communication", "CommunicationEventType")
        .objects.create(code="HELLO", name="Hello")
        .code
    }


def create(app_label, model, **fields):
    return lambda: get_model(app_label, model).objects.create(**fields)


DETAIL_PAGES = {
    "order-detail": lambda: {"number": make_order("S-100001").number},
    "order-line-detail": make_order_line,
    "order-shipping-address": lambda: {"number": make_order("S-100001").number},
    "catalogue-product": make_product,
    "catalogue-product-create-child": lambda: {
        "parent_pk": create(
            "catalogue",
            "Product",
            structure="parent",
            title="Can",
            product_class=create("catalogue", "ProductClass", name="Can")(),
        )().pk
    },
    "catalogue-product-delete": make_product,
    "catalogue-category-detail-list": make_category,
    "catalogue-category-update": make_category,
    "catalogue-category-delete": make_category,
    "catalogue-class-update": create("catalogue", "ProductClass", name="Can"),
    "catalogue-class-delete": create("catalogue", "ProductClass", name="Can"),
    "catalogue-option-update": create("catalogue", "Option", name="Engraving", type="text"),
    "catalogue-option-delete": create("catalogue", "Option", name="Engraving", type="text"),
    "catalogue-attribute-option-group-update": create("catalogue", "AttributeOptionGroup", name="Colours"),
    "catalogue-attribute-option-group-delete": create("catalogue", "AttributeOptionGroup", name="Colours"),
    "range-update": create("offer", "Range", name="Cans"),
    "range-products": create("offer", "Range", name="Cans"),
    "range-delete": create("offer", "Range", name="Cans"),
    "user-detail": lambda: make_user("anna@example.test"),
    "user-alert-update": make_alert,
    "user-alert-delete": make_alert,
    "offer-detail": make_offer,
    "offer-metadata": make_offer,
    "offer-benefit": make_offer,
    "offer-condition": make_offer,
    "offer-restrictions": make_offer,
    "offer-delete": make_offer,
    "voucher-update": make_voucher,
    "voucher-delete": make_voucher,
    "voucher-stats": make_voucher,
    "voucher-set-update": make_voucher_set,
    "voucher-set-detail": make_voucher_set,
    "voucher-set-delete": make_voucher_set,
    "reviews-update": make_review,
    "reviews-delete": make_review,
    "partner-manage": create("partner", "Partner", name="Warehouse"),
    "partner-delete": create("partner", "Partner", name="Warehouse"),
    "comms-update": make_email_type,
    "shipping-method-detail": create("shipping", "WeightBased", name="Parcel"),
    "shipping-method-edit": create("shipping", "WeightBased", name="Parcel"),
    "shipping-method-delete": create("shipping", "WeightBased", name="Parcel"),
}


@pytest.mark.parametrize("name", DETAIL_PAGES)
def test_detail_page_opens_in_wagtails_shell(owner, name):
    made = DETAIL_PAGES[name]()
    arguments = made if isinstance(made, dict) else {"pk": made.pk}
    assert_is_wagtail_page(owner.get(reverse(f"dashboard:{name}", kwargs=arguments)))


def test_merchant_shows_a_review_and_replies_to_it_on_one_page(owner):
    review = make_review()
    address = reverse("dashboard:reviews-update", kwargs={"pk": review.pk})
    form = {"title": review.title, "body": review.body, "score": review.score, "status": 1}
    assert owner.post(address, {**form, "reply": "Thank you, Anna."}).status_code == 302
    assert "Thank you, Anna." in owner.get(address).content.decode()
    assert (review.shop_reply.body, type(review).objects.get().status) == ("Thank you, Anna.", 1)
    assert owner.post(address, {**form, "reply": ""}).status_code == 302
    assert "Thank you, Anna." not in owner.get(address).content.decode()


def test_flat_pages_are_gone_because_wagtail_owns_pages(owner):
    assert owner.get("/admin/shop/pages/").status_code == 404


def test_window_opened_for_a_related_record_has_no_menu(owner):
    html = owner.get(reverse("dashboard:catalogue-option-create"), {"_popup": 1}).content.decode()
    assert "shop-page--popup" in html


@pytest.mark.parametrize("address", ["/admin/", "/admin/users/", "/admin/users/new/", "/admin/groups/new/"])
def test_wagtails_own_pages_ask_nobody_else(owner, address):
    assert_is_wagtail_page(owner.get(address))
