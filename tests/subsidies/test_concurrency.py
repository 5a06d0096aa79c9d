"""Two people push the same button at once, or two workers take the same job: it happens once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import DatabaseError, connections, transaction
from django.db.models import F

from storefront.evidence.models import Event
from storefront.evidence.selectors import check_chain
from storefront.evidence.storage import evidence_storage
from storefront.subsidies.errors import EntryRefused, MoveBlocked
from storefront.subsidies.models import DossierExport, FrozenVersion, Project, ProjectWork
from storefront.subsidies.services import projects
from storefront.subsidies.services.auditors import answer_finding, invite_auditor, write_finding
from storefront.subsidies.services.dossiers import file_name, make_dossier, request_dossier
from storefront.subsidies.services.freezing import freeze
from storefront.subsidies.services.statements import import_bank_statement, import_customs_list
from storefront.subsidies.services.work import request_work, run_work

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


def test_two_people_begin_work_at_once_and_one_is_told(ready, people, now):
    def ask(by):
        try:
            request_work(project=ready, kind="figures", by=people[by], now=now)
            return "asked"
        except EntryRefused as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = sorted(pool.map(ask, ["owner", "finance"]), key=len)
    assert answers[0] == "asked" and "is under way" in answers[1]
    assert ProjectWork.objects.count() == 1


def test_two_workers_take_one_work_and_one_of_them_does_it(ready, people, now):
    work = request_work(project=ready, kind="figures", by=people["owner"], now=now)

    def run(_):
        try:
            return run_work(work.pk, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert "done" in set(pool.map(run, range(2)))
    assert Event.objects.filter(verb="project.snapshot").count() == 1


ONLY_GROWING = [
    *("evidence.Evidence", "evidence.EvidenceVersion", "evidence.Event", "subsidies.FrozenVersion"),
    *("subsidies.KpiSnapshot", "subsidies.Reconciliation", "subsidies.BankLine", "subsidies.CustomsLine"),
    *("subsidies.AuditorFinding", "subsidies.FindingAnswer"),
]


def test_the_database_refuses_to_change_or_delete_what_was_written(written):
    for name in ONLY_GROWING:
        rows = apps.get_model(name)._base_manager.order_by("pk")
        before = list(rows.values())
        assert before, name
        for change in (
            lambda rows=rows: rows.update(**{rows.model._meta.pk.name: F("pk")}),
            lambda rows=rows: rows._raw_delete(rows.db),
        ):
            with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
                change()
        assert list(rows.values()) == before


@pytest.fixture
def written(frozen, csv_file, people, now):
    """Return a version with a row in every table that only grows."""
    by, entity = {"by": people["finance"], "now": now}, frozen.project.entity
    bank = csv_file("日期,金额\n2021-09-06,100.00\n")
    import_bank_statement(statement=bank, entity=entity, account="1", currency="USD", **by)
    customs = csv_file("清单编号,监管方式,申报日期,订单号,总价\n5300,9610,2021-09-06,7,100.00\n")
    import_customs_list(listing=customs, group=entity.group, **by)
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=9, by=people["owner"], now=now)
    finding = write_finding(link=link, about="", gravity="note", text="x", disallowed=None, now=now)
    answer_finding(finding=finding, text="y", **by)
    return frozen


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
