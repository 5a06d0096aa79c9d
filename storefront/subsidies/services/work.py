"""Have figures, a submission or a reconciliation done by the worker: one at a time, whole or not at all."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from storefront.core.errors import StorefrontError
from storefront.evidence.services import record_event
from storefront.subsidies import guards, workflow
from storefront.subsidies.errors import EntryRefused, MoveBlocked
from storefront.subsidies.models import Project, ProjectWork
from storefront.subsidies.selectors.work import is_silent
from storefront.subsidies.services.moves import make_move
from storefront.subsidies.services.projects import editable_project
from storefront.subsidies.services.reconciliation import reconcile
from storefront.subsidies.services.snapshots import take_snapshots
from storefront.subsidies.speech import say

logger = logging.getLogger(__name__)
BEAT_SECONDS = 2.0
SUBMIT = workflow.MOVES["submit_internally"]
Progress = Callable[[int], None]


@transaction.atomic
def request_work(*, project: Project, kind: str, by: Any, now: datetime) -> ProjectWork:
    """Write down what the worker shall do and return it; whoever calls has it enqueued after the commit.

    Raises EntryRefused or MoveBlocked at once for what cannot be, and EntryRefused while other work is under way.
    """
    if kind == ProjectWork.SUBMISSION:
        project = (
            Project.objects.select_for_update(of=("self",))
            .select_related("call", "entity", "site")
            .get(pk=project.pk)
        )
        reasons = guards.blocked_reasons(guards.Attempt(project=project, move=SUBMIT, by=by, now=now))
        if reasons:
            raise MoveBlocked(" ".join(reasons))
    else:
        project = editable_project(project, by=by)
    under_way = project.works.filter(state__in=ProjectWork.AT_WORK).first()
    if under_way and not is_silent(under_way, now=now):
        raise EntryRefused(say("work.under_way", what=say(f"work.{under_way.kind}")))
    if under_way:
        project.works.filter(pk=under_way.pk).update(state=ProjectWork.INTERRUPTED, finished_at=now)
    work = ProjectWork.objects.create(
        project=project,
        kind=kind,
        language=get_language() or "en",
        requested_by=by,
        requested_at=now,
        seen_at=now,
    )
    record_event(verb="work.requested", subject=project.subject, by=by, now=now, work=work.pk, what=kind)
    return work


def run_work(work_id: int, *, now: datetime) -> str:
    """Do what was asked for and return the state it is in; what another worker took, or is finished, stays as it is."""
    taken = ProjectWork.objects.filter(pk=work_id, state=ProjectWork.WAITING)
    if not taken.update(state=ProjectWork.RUNNING, seen_at=timezone.now()):
        return ProjectWork.objects.get(pk=work_id).state
    work = ProjectWork.objects.select_related(
        "project__call", "project__entity", "project__site", "requested_by"
    )
    work = work.get(pk=work_id)
    with override(work.language):
        try:
            state, sentence = ProjectWork.DONE, _do(work, now=now)
        except StorefrontError as refusal:
            state, sentence = ProjectWork.FAILED, str(refusal)
        except Exception:
            logger.exception("Work %s could not be done", work.pk)
            state, sentence = ProjectWork.FAILED, say("work.failed")
    ProjectWork.objects.filter(pk=work_id, state=ProjectWork.RUNNING).update(
        state=state, sentence=sentence, finished_at=timezone.now()
    )
    return state


def _do(work: ProjectWork, *, now: datetime) -> str:
    act = {"by": work.requested_by, "now": now, "progress": _progress(work)}
    if work.kind == ProjectWork.FIGURES:
        return say("done.figures", count=len(take_snapshots(project=work.project, **act)))
    if work.kind == ProjectWork.RECONCILIATION:
        return say("done.reconciled", evidence=reconcile(project=work.project, **act).items)
    project = make_move(project_id=work.project_id, name=SUBMIT.name, **act)
    return say("done.moved", move=say(f"move.{SUBMIT.name}"), state=say(f"state.{project.state}"))


def _progress(work: ProjectWork) -> Progress:
    """Return what the reading calls with the rows it has read; every few seconds it is written down for the pages."""
    last = time.monotonic()

    def progress(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_SECONDS:
            last = time.monotonic()
            ProjectWork.objects.filter(pk=work.pk).update(rows=rows, seen_at=timezone.now())

    return progress
