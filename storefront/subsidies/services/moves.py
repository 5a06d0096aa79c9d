"""The moves of a project: one function each, locked, checked, logged. What blocks one is said in a sentence."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import record_event
from storefront.subsidies import guards, workflow
from storefront.subsidies.errors import MoveBlocked
from storefront.subsidies.models import Project, Receipt
from storefront.subsidies.services.freezing import freeze
from storefront.subsidies.services.snapshots import Progress, no_progress, take_snapshots
from storefront.subsidies.speech import say


def make_move(
    *,
    project_id: int,
    name: str,
    by: Any,
    now: datetime,
    reason: str = "",
    evidence: EvidenceVersion | None = None,
    amount: Decimal | None = None,
    progress: Progress = no_progress,
) -> Project:
    """Make the move called `name` and return the project. Raises MoveBlocked, every reason in it; nothing changed.

    Who submits for internal review takes the figures first: what is checked, frozen and filed is never a live query.
    Pages have that done by the worker (services.work), which tells `progress` how many rows were read.
    """
    move = workflow.MOVES[name]
    if name == "submit_internally":
        project = Project.objects.select_related("call", "entity", "site").get(pk=project_id)
        if not guards.blocked_reasons(guards.Attempt(project=project, move=move, by=by, now=now)):
            take_snapshots(project=project, by=by, now=now, progress=progress)
    return _make_move(
        project_id=project_id, move=move, by=by, now=now, reason=reason, evidence=evidence, amount=amount
    )


@transaction.atomic
def _make_move(
    *,
    project_id: int,
    move: workflow.Move,
    by: Any,
    now: datetime,
    reason: str,
    evidence: EvidenceVersion | None,
    amount: Decimal | None,
) -> Project:
    project = (
        Project.objects.select_for_update(of=("self",))
        .select_related("call", "entity", "site")
        .get(pk=project_id)
    )
    attempt = guards.Attempt(project=project, move=move, by=by, now=now, amount=amount)
    reasons = guards.blocked_reasons(attempt) or _unfilled(
        move, reason=reason, evidence=evidence, amount=amount
    )
    if reasons:
        raise MoveBlocked(" ".join(reasons))
    before, project.state, project.moved_at = project.state, move.target, now
    _take_effect(project, move, by=by, now=now, evidence=evidence, amount=amount)
    project.save(update_fields=["state", "moved_at", "version", "approved"])
    record_event(
        verb="project.moved",
        subject=project.subject,
        by=by,
        now=now,
        move=move.name,
        before=before,
        after=project.state,
        reason=reason,
        evidence=str(evidence) if evidence else "",
        sha256=evidence.sha256 if evidence else "",
        amount=str(amount) if amount is not None else "",
    )
    return project


def _unfilled(
    move: workflow.Move, *, reason: str, evidence: EvidenceVersion | None, amount: Decimal | None
) -> list[str]:
    label = say(f"move.{move.name}")
    asked = (
        (move.needs_reason and not reason.strip(), "blocked.reason"),
        (move.needs_evidence and evidence is None, "blocked.evidence"),
        (move.needs_amount and (amount is None or amount <= 0), "blocked.amount"),
    )
    return [say(key, move=label) for is_unfilled, key in asked if is_unfilled]


def _take_effect(
    project: Project,
    move: workflow.Move,
    *,
    by: Any,
    now: datetime,
    evidence: EvidenceVersion | None,
    amount: Decimal | None,
) -> None:
    """Do what a move does besides changing the state."""
    if move.name in ("approve", "resubmit"):
        freeze(project=project, by=by, now=now)
    elif move.name == "record_award":
        project.approved = amount
    elif move.name == "record_payment":
        Receipt.objects.create(
            project=project, received_at=now, amount=amount, bank_slip=evidence, recorded_by=by
        )
        received = project.receipts.aggregate(sum=Sum("amount"))["sum"]
        project.state = workflow.PAID if received == project.approved else workflow.PARTLY_PAID
