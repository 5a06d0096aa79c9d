"""What is changed in the back office of one server is seen by an anonymous visitor of the other at the next request."""

import time

import pytest
import requests
from django.db import connection
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.page_cache.two_servers import Merchant, two_servers

pytestmark = pytest.mark.postgres
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def shop(django_db_setup, tmp_path_factory):
    database = connection.settings_dict
    server = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/postgres"
    )
    template = f"{database['NAME']}_seed"
    with two_servers(folder=tmp_path_factory.mktemp("shop"), server=server, template=template) as running:
        yield running


@pytest.fixture(scope="module")
def merchant(shop):
    return Merchant(shop.first)


def _ask(address):
    answer = requests.get(address, timeout=60)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text, answer.headers.get("X-Page-Cache")


def _keep(*addresses):
    for address in addresses:
        _ask(address)
        assert _ask(address)[1] == "hit", address


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("stockrecords-0-price", "77.70", "77.70"),
        ("stockrecords-0-num_in_stock", "3", "Only 3 left"),
        ("stockrecords-0-num_in_stock", "0", "Sold out"),
        ("description", "Burns for forty hours.", "Burns for forty hours."),
        ("title", "Lantern", "Lantern"),
    ],
)
def test_change_of_a_product_is_seen_at_the_other_server_at_the_next_request(
    shop, merchant, field, value, seen
):
    lamp, chair = (f"{shop.second}{shop.paths[name]}" for name in ("Lamp", "Chair"))
    _keep(lamp, chair)
    assert seen not in _ask(lamp)[0]

    merchant.send(shop.paths["Lamp's form"], {field: value, "action": "continue"})

    assert seen in _ask(lamp)[0]
    assert _ask(chair)[1] == "hit"


def test_change_of_a_page_is_seen_at_the_other_server_at_the_next_request(shop, merchant):
    home = f"{shop.second}/"
    _wait_until(
        lambda: _ask(home)[1] == "hit"
    )  # what lists products is kept once the worker has indexed them
    rail = {"heading": "Fresh from the yard", "text": "", "source": "newest", "category": "", "limit": "8"}
    body = streamfield([("product_rail", rail | {"products": {"count": "0"}})])
    fields = {"body": body, "comments": inline_formset([]), "action-publish": "1"}

    merchant.send(shop.paths["home's form"], nested_form_data(fields))

    assert "Fresh from the yard" in _ask(home)[0]


def test_cdn_before_the_other_server_is_told_as_soon_as_it_hears(shop, merchant):
    address = f"{shop.cdn.url}{shop.paths['Chair']}"
    lamp = f"{shop.cdn.url}{shop.paths['Lamp']}"
    for page in (address, lamp):
        requests.get(page, timeout=60)
        assert requests.get(page, timeout=60).headers["X-CDN"] == "hit"
    shop.cdn.mode = "purge_down"
    chair = shop.paths["Lamp's form"].replace(_number(shop.paths["Lamp"]), _number(shop.paths["Chair"]))

    merchant.send(chair, {"stockrecords-0-price": "55.50", "action": "continue"})
    _wait_until(lambda: shop.cdn.refused >= 2)
    assert "55.50" not in requests.get(address, timeout=60).text
    shop.cdn.mode = "up"

    _wait_until(lambda: "55.50" in requests.get(address, timeout=60).text)
    assert any(f"product:{_number(shop.paths['Chair'])}" in keys for keys in shop.cdn.purges)


def _number(path):
    return path.rstrip("/").rpartition("_")[2]


def _wait_until(is_true):
    end = time.monotonic() + WAIT_SECONDS
    while not is_true():
        assert time.monotonic() < end, f"not within {WAIT_SECONDS} s"
        time.sleep(0.2)
