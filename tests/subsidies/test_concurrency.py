"""Two people push the same button at once: one moves the project, the other is told who did."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from storefront.evidence.models import Event
from storefront.evidence.selectors import check_chain
from storefront.subsidies.errors import MoveBlocked
from storefront.subsidies.models import FrozenVersion, Project
from storefront.subsidies.services import projects

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_checkers_approve_at_once_and_one_is_told(ready, move, people, now):
    projects.add_member(project=ready, user=people["other"], role="checker", by=people["owner"], now=now)
    Project.objects.filter(pk=ready.pk).update(state="internal_review")

    def approve(by):
        try:
            return move(ready, "approve", by=by)
        except MoveBlocked as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = sorted(pool.map(approve, ["checker", "other"]), key=len)
    assert answers[0] == "frozen"
    winner = Event.objects.get(verb="project.moved").actor
    assert f"“Frozen” since 2026-11-22 12:00, moved by {winner}" in answers[1]
    assert FrozenVersion.objects.count() == 1
    check_chain()
