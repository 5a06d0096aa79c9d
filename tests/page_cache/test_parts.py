"""Parts of every page: asked of the cache once by each process, read anew once the shop may have changed."""

import pytest
from django.core.cache import cache

from storefront.page_cache.change_log import CLOCK_KEY, announce, change_log
from storefront.page_cache.parts import forget_part, part
from storefront.page_cache.shown import SITE

pytestmark = pytest.mark.usefixtures("_many_seconds")


@pytest.fixture
def _many_seconds(settings):
    settings.PARTS_KEPT_SECONDS = 1000
    yield
    forget_part("menu")


@pytest.fixture
def read():
    times = []
    return lambda: times.append(1) or len(times)


def menu(read):
    return part("menu", read, seconds=1000)


def test_a_part_is_kept_by_the_process_when_the_cache_lost_it(read):
    assert menu(read) == 1
    cache.clear()
    assert menu(read) == 1


def test_a_change_of_the_site_has_it_read_anew(read):
    assert menu(read) == 1
    announce([SITE])
    change_log.follow(cache.get(CLOCK_KEY))
    assert (menu(read), menu(read)) == (2, 2)


def test_what_one_product_changes_leaves_it(read):
    change_log.follow(cache.get(CLOCK_KEY))
    assert menu(read) == 1
    announce(["product:1"])
    change_log.follow(cache.get(CLOCK_KEY))
    assert menu(read) == 1


def test_who_changes_it_reads_it_anew_at_once(read):
    assert menu(read) == 1
    forget_part("menu")
    assert menu(read) == 2
