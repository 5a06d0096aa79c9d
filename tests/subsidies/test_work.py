"""Figures, submissions and reconciliations are done by the worker: one at a time, shown on every tab, never by half."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from storefront.evidence.models import Event
from storefront.subsidies.errors import EntryRefused, MoveBlocked
from storefront.subsidies.models import Project, ProjectWork
from storefront.subsidies.services.reconciliation import reconcile
from storefront.subsidies.services.snapshots import take_snapshots
from storefront.subsidies.services.work import request_work, run_work
from tests.subsidies.sales import sell


@pytest.fixture
def ask(clean, people):
    """Return a function that asks for work on a project."""

    def ask(kind, by="owner", now=None):
        return request_work(project=clean, kind=kind, by=people[by], now=now or timezone.now())

    return ask


def test_submitting_takes_the_figures_and_moves_the_project_in_the_worker(
    clean, sign_in, django_capture_on_commit_callbacks
):
    client, board = sign_in("owner"), reverse("subsidies_board", args=[clean.pk])

    assert client.post(board, {"move": "submit_internally"}).status_code == 302
    assert Project.objects.get().state == "preparing" and not clean.snapshots.exists()
    page = client.get(board).content.decode()
    assert 'http-equiv="refresh"' in page and "Taking the figures and submitting: waiting" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(board, {"move": "submit_internally"})
    assert "is under way: wait until it is done" in client.get(board).content.decode()

    run_work(ProjectWork.objects.get().pk, now=timezone.now())
    page = client.get(board).content.decode()
    assert Project.objects.get().state == "internal_review" and clean.snapshots.exists()
    assert 'http-equiv="refresh"' not in page and "the project is now in “Internal review”" in page


def test_what_is_blocked_is_said_at_once_and_nothing_is_begun(clean, ask, people):
    clean.documents.first().delete()
    with pytest.raises(MoveBlocked, match="Required papers are missing"):
        ask("submission")
    with pytest.raises(EntryRefused, match="no member"):
        ask("figures", by="checker")
    assert not ProjectWork.objects.exists() and not Event.objects.filter(verb="work.requested").exists()


def test_what_became_blocked_meanwhile_is_said_and_the_project_stays(clean, ask):
    work = ask("submission")
    Project.objects.filter(pk=clean.pk).update(notice=None)
    assert run_work(work.pk, now=timezone.now()) == "failed"
    assert ProjectWork.objects.get().sentence.startswith("The live notice is not uploaded")
    assert Project.objects.get().state == "preparing"


def test_one_work_at_a_time_and_the_same_one_once(clean, ask):
    first = ask("figures")
    with pytest.raises(EntryRefused, match="“Taking the figures” is under way"):
        ask("reconciliation")
    assert run_work(first.pk, now=timezone.now()) == "done"
    taken = clean.snapshots.count()
    assert run_work(first.pk, now=timezone.now()) == "done" and clean.snapshots.count() == taken
    assert run_work(ask("reconciliation").pk, now=timezone.now()) == "done"
    assert clean.reconciliations.count() == 1


def test_a_worker_that_died_is_seen_and_does_not_stand_in_the_way(clean, ask, sign_in):
    died, now = ask("figures"), timezone.now()
    ProjectWork.objects.update(state="running", seen_at=now - timedelta(minutes=11), rows=4200)
    page = sign_in("owner").get(reverse("subsidies_figures", args=[clean.pk])).content.decode()
    assert "Taking the figures: interrupted" in page and "no part of it was kept" in page

    again = ask("figures")
    assert run_work(again.pk, now=now) == "done"
    died.refresh_from_db()
    assert (died.state, again.pk != died.pk) == ("interrupted", True)


def test_a_work_that_waits_for_its_worker_is_not_given_up_soon(clean, ask):
    ask("figures", now=timezone.now() - timedelta(minutes=30))
    with pytest.raises(EntryRefused):
        ask("figures")


@pytest.mark.parametrize("work", [take_snapshots, reconcile])
def test_what_breaks_in_the_middle_keeps_nothing(clean, people, now, work):
    sell(at="2021-09-01T10:00:00+08:00", amount="8000.00")

    def breaks(rows):
        raise RuntimeError(f"the worker is killed at row {rows}")

    with pytest.raises(RuntimeError, match="at row 1"):
        work(project=clean, by=people["owner"], now=now, progress=breaks)
    assert not clean.snapshots.exists() and not clean.reconciliations.exists()
    assert not Event.objects.filter(verb__in=("project.snapshot", "project.reconciled")).exists()


def test_what_was_frozen_meanwhile_keeps_nothing(clean, people, now):
    sell(at="2021-09-01T10:00:00+08:00", amount="8000.00")

    def frozen(rows):
        Project.objects.filter(pk=clean.pk).update(state="frozen")

    with pytest.raises(EntryRefused, match="Reopen it first"):
        take_snapshots(project=clean, by=people["owner"], now=now, progress=frozen)
    assert not clean.snapshots.exists()


def test_a_fault_of_the_software_is_logged_and_said_without_its_text(clean, ask, settings, caplog):
    work = ask("figures")
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": "no.such.Storage"}}
    with caplog.at_level(logging.ERROR):
        assert run_work(work.pk, now=timezone.now()) == "failed"
    assert "could not be done" in caplog.text
    assert ProjectWork.objects.get().sentence.startswith("It could not be done, for a reason")


def test_every_tab_shows_the_work_in_one_more_query_and_only_its_own_page_looks_again(clean, ask, sign_in):
    client = sign_in("owner")
    ask("figures")
    ProjectWork.objects.update(state="running", rows=42000)
    for name in ("board", "figures", "expenses", "people", "history"):
        page = client.get(reverse(f"subsidies_{name}", args=[clean.pk])).content.decode()
        assert "42000 rows read" in page and "You may close this page" in page
        assert ('http-equiv="refresh"' in page) == (name == "figures")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("subsidies_history", args=[clean.pk]))
        return len(found)

    few = queries()
    ProjectWork.objects.update(state="done")
    for _ in range(20):
        run_work(ask("figures").pk, now=timezone.now() - timedelta(hours=1))
    assert queries() == few
