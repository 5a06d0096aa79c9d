"""Two people push the same button at once, or two workers take the same job: it happens once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from storefront.evidence.models import Event
from storefront.evidence.selectors import check_chain
from storefront.evidence.storage import evidence_storage
from storefront.subsidies.errors import MoveBlocked
from storefront.subsidies.models import DossierExport, FrozenVersion, Project
from storefront.subsidies.services import projects
from storefront.subsidies.services.dossiers import file_name, make_dossier, request_dossier
from storefront.subsidies.services.freezing import freeze

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


def test_two_workers_make_one_dossier_at_once_and_one_of_them_is_logged(ready, people, now):
    frozen = freeze(project=ready, by=people["checker"], now=now)
    export = request_dossier(frozen=frozen, by=people["owner"], now=now)

    def make(_):
        try:
            return make_dossier(DossierExport.objects.get(pk=export.pk), now=now).sha256
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        hashes = set(pool.map(make, range(2)))

    assert hashes == {DossierExport.objects.get().sha256} and "" not in hashes
    assert evidence_storage().exists(file_name(hashes.pop()))
    assert Event.objects.filter(verb="dossier.exported").count() == 1
    check_chain()
