"""Many writers at once make one chain."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from storefront.evidence.selectors import check_chain
from storefront.evidence.services import record_event

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_eight_writers_at_once_make_one_chain(now):
    def write(writer):
        try:
            for turn in range(5):
                record_event(verb="test.written", subject=f"writer:{writer}", by=None, now=now, turn=turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(write, range(8)))
    assert check_chain() == 40
