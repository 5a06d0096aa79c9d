"""The hunt: visitors of every kind at random while prices change, and never a page that is not wholly theirs."""

import random
import threading
from decimal import Decimal
from itertools import count

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storefront.markets.services.prices import set_price
from storefront.search.indexing import update_index
from tests.catalogue import factories
from tests.servers.processes import redis_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

REQUESTS = 2000
CACHES = ["locmem", "redis"]
_WORDS = {"en": "Skip to content", "de": "Zum Inhalt springen"}


class Shop:
    """Six products in three markets and four editions; every price that was ever set is another number."""

    def __init__(self, open_markets):
        markets = open_markets(["us", "de", "uk"])
        self.editions = [("", "us", "en"), ("/de", "de", "de"), ("/de-en", "de", "en"), ("/uk", "uk", "en")]
        self.markets = {code: markets[code] for code in ("us", "de", "uk")}
        self.category = factories.make_category("Garden")
        self.products = [factories.make_single(f"Thing{n}", category=self.category) for n in range(6)]
        self._numbers = count(1001)
        self.prices: dict[tuple[int, str], Decimal] = {}
        self.gone: set[Decimal] = set()
        for product in self.products:
            for code in self.markets:
                self.change_price(product, code)
        update_index(now=timezone.now())

    def change_price(self, product, code):
        fresh = Decimal(next(self._numbers)) + Decimal("0.37")
        if old := self.prices.get((product.pk, code)):
            self.gone.add(old)
        set_price(product=product, market=self.markets[code], amount=fresh, now=timezone.now())
        self.prices[product.pk, code] = fresh


@pytest.fixture(scope="module")
def redis():
    with redis_server() as address:
        yield address


@pytest.fixture(params=CACHES)
def _each_cache(request, settings):
    """Keep the pages in the process's memory, as the demo does, and in Redis, as production does."""
    if request.param == "redis":
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": request.getfixturevalue("redis"),
            }
        }
    cache.clear()


@pytest.fixture
def shop(_each_cache, open_markets):
    return Shop(open_markets)


def _check(text, shop, *, products, market, language):
    figures = _plain(text)
    assert _WORDS[language] in text
    for product in products:
        wanted = shop.prices[product.pk, market]
        assert _digits(wanted) in figures, f"{product} in {market}-{language} is not {wanted}"
    foreign = [amount for (_pk, code), amount in shop.prices.items() if code != market]
    for amount in [*foreign, *shop.gone]:
        assert _digits(amount) not in figures, f"{amount} belongs to another market or is gone"


def _digits(amount):
    return f"{amount:.2f}".replace(".", "")


def _plain(text):
    return text.replace(",", "").replace(".", "")


def test_no_page_mixes_markets_languages_visitors_or_old_prices(shop, django_user_model):
    chance = random.Random(20261126)
    shopper = Client()
    shopper.post(reverse("basket:add", kwargs={"pk": shop.products[0].pk}), {"quantity": 3})
    member = Client()
    member.force_login(django_user_model.objects.create_user(email="ann@example.test", password="x"))
    hits = 0

    for _number in range(REQUESTS):
        if chance.random() < 0.02:
            shop.change_price(chance.choice(shop.products), chance.choice(list(shop.markets)))
        prefix, market, language = chance.choice(shop.editions)
        product = chance.choice(shop.products)
        path, products = chance.choice(
            [
                (product.get_absolute_url(), [product]),
                (shop.category.get_absolute_url(), shop.products),
                ("/products/", shop.products),
                (f"/search/?q={product.title}", [product]),
            ]
        )
        who = chance.choice([*["nobody"] * 6, "basket", "member"])
        client = {"nobody": Client(), "basket": shopper, "member": member}[who]
        answer = client.get(f"{prefix}{path}")

        _check(answer.text, shop, products=products, market=market, language=language)
        is_kept = "X-Page-Cache" in answer.headers
        assert is_kept <= (who == "nobody")
        assert ('aria-hidden="true">3</span>' in answer.text) == (who == "basket")
        hits += answer.headers.get("X-Page-Cache") == "hit"

    assert hits > REQUESTS / 5


def test_visitor_never_sees_a_price_older_than_the_last_one_that_was_saved(shop):
    """Readers and a writer at the same time: a page that was begun before a change is not kept after it."""
    product, market = shop.products[0], shop.markets["us"]
    address = product.get_absolute_url()
    saved = asked = 5000
    set_price(product=product, market=market, amount=Decimal(saved), now=timezone.now())
    wrong: list[str] = []
    is_over = threading.Event()

    def read():
        try:
            while not is_over.is_set():
                lowest = saved
                text = Client().get(address).text
                shown = next((n for n in range(lowest, asked + 1) if f"${n:,}.00" in text), None)
                if shown is None:
                    wrong.append(f"wanted {lowest} to {asked}")
        finally:
            connections.close_all()

    readers = [threading.Thread(target=read) for _number in range(3)]
    for reader in readers:
        reader.start()
    for _number in range(60):
        asked = saved + 1
        set_price(product=product, market=market, amount=Decimal(asked), now=timezone.now())
        saved = asked
    is_over.set()
    for reader in readers:
        reader.join()

    assert wrong == []
