"""The shop's entries in Wagtail's menu, and the figures of the day on its home page."""

import json
import re

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.back_office.shop import make_order
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


def menu_of(client) -> list[tuple[str, list[str]]]:
    """Return the labels of the menu with those under them, as the page hands them to Wagtail's sidebar."""
    html = client.get("/admin/").content.decode()
    sidebar = json.loads(
        re.search(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.DOTALL)[1]
    )
    (main,) = [module for module in sidebar["modules"] if module["_type"].endswith("MainMenuModule")]
    return [(item["_args"][0]["label"], children_of(item)) for item in main["_args"][0]]


def children_of(item) -> list[str]:
    return (
        [child["_args"][0]["label"] for child in item["_args"][1]]
        if item["_type"].endswith("SubMenuItem")
        else []
    )


def labels_of(client) -> list[str]:
    return [label for label, _ in menu_of(client)]


def test_orders_come_first_then_the_rest_of_the_shop_then_pages(owner):
    order = [
        "Orders",
        "Catalog",
        "Customers",
        "Offers",
        "Reviews",
        "Pages",
        "Images",
        "Documents",
        "Reports",
        "Settings",
    ]
    labels = labels_of(owner)
    assert labels[0] == "Orders"
    assert [label for label in labels if label in order] == order


def test_reports_and_email_templates_are_among_wagtails_own(owner):
    menu = dict(menu_of(owner))
    assert menu["Reports"][0] == "Sales and customers"
    assert "Email templates" in menu["Settings"]


def test_fulfilment_sees_orders_and_nothing_else_of_the_shop(packer):
    labels = labels_of(packer)
    assert labels[0] == "Orders"
    assert not {"Catalog", "Customers", "Offers", "Reviews", "Pages"} & set(labels)


def test_home_counts_what_waits_for_the_merchant(owner):
    for number, status in enumerate(["Paid", "Paid", "Awaiting payment", "Shipped"], start=100001):
        make_order(f"S-{number}", status=status)
    record = make_product(stock=1).stockrecords.get()
    record.low_stock_threshold = 5
    record.save()
    html = owner.get("/admin/").content.decode()
    figures = re.findall(
        r'href="(/admin/shop/[^"]+)">.*?<strong>(\d+)</strong>\s*<span>([^<]+)', html, re.DOTALL
    )
    assert figures == [
        ("/admin/shop/orders/?status=Paid", "2", "Orders to ship"),
        ("/admin/shop/orders/?status=Awaiting+payment", "1", "Orders awaiting payment"),
        ("/admin/shop/catalogue/stock-alerts/?status=Open", "1", "Products low in stock"),
    ]


def test_home_takes_as_many_queries_for_many_orders(owner, count_queries):
    make_order("S-100001", status="Paid")
    few = count_queries(owner, "/admin/")
    for number in range(100002, 100012):
        make_order(f"S-{number}", status="Paid")
    assert count_queries(owner, "/admin/") == few


def test_home_shows_fulfilment_no_stock(packer):
    html = packer.get("/admin/").content.decode()
    assert "Orders to ship" in html
    assert "Products low in stock" not in html


def test_low_stock_page_lists_what_the_home_page_counts(owner):
    record = make_product(title="Rain barrel", stock=1).stockrecords.get()
    record.low_stock_threshold = 5
    record.save()
    assert get_model("partner", "StockAlert").objects.count() == 1
    assert (
        "Rain barrel" in owner.get(reverse("dashboard:stock-alert-list"), {"status": "Open"}).content.decode()
    )
