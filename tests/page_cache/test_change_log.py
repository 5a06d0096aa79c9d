"""What one process learns of the changes that others announce."""

import pytest
from django.core.cache import cache

from storefront.page_cache.change_log import CLOCK_KEY, ChangeLog, announce
from storefront.page_cache.shown import EVERYTHING

pytestmark = pytest.mark.django_db


def _now(log):
    return log.follow(cache.get(CLOCK_KEY))


def test_page_made_before_a_change_of_what_it_shows_is_stale():
    log = ChangeLog()
    made_at = _now(log)

    announce(["product:1"])
    _now(log)

    assert not log.is_fresh(keys=["product:1"], made_at=made_at)
    assert log.is_fresh(keys=["product:2"], made_at=made_at)


def test_page_begun_before_the_change_and_finished_after_it_is_stale():
    log, other = ChangeLog(), ChangeLog()
    begun_at = _now(log)
    announce(["product:1"])
    _now(other)

    assert not other.is_fresh(keys=["product:1"], made_at=begun_at)


def test_new_process_keeps_what_it_can_tell_is_fresh():
    announce(["product:1"])
    made_at = _now(ChangeLog())
    announce(["product:2"])

    log = ChangeLog()
    _now(log)

    assert log.is_fresh(keys=["product:1"], made_at=made_at)
    assert not log.is_fresh(keys=["product:2"], made_at=made_at)


def test_lost_entry_of_the_log_makes_everything_stale():
    log = ChangeLog()
    made_at = _now(log)
    announce(["product:1"])
    cache.delete(f"pages.change.{cache.get(CLOCK_KEY)}")
    _now(log)

    assert not log.is_fresh(keys=["product:2"], made_at=made_at)


def test_lost_clock_makes_everything_stale():
    log = ChangeLog()
    made_at = _now(log)
    for _number in range(3):
        announce(["product:1"])
    cache.delete(CLOCK_KEY)

    later = _now(log)

    assert later != made_at
    assert not log.is_fresh(keys=["product:2"], made_at=made_at)


def test_change_of_everything_spares_nothing():
    log = ChangeLog()
    made_at = _now(log)
    announce([EVERYTHING])
    _now(log)

    assert not log.is_fresh(keys=[], made_at=made_at)


def test_parts_of_every_page_are_read_anew_after_a_change_of_the_site():
    log = ChangeLog()
    _now(log)
    before = log.generation
    announce(["product:1"])
    _now(log)
    assert log.generation == before

    announce(["site"])
    _now(log)

    assert log.generation != before
