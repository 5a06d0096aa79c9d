"""What stands in the way of a move: one function per guard, each returning a sentence or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from storefront.subsidies import workflow
from storefront.subsidies.models import CallStatus, DossierExport, Project
from storefront.subsidies.objections import ERROR, find_objections
from storefront.subsidies.selectors import last_move, makers
from storefront.subsidies.selectors.findings import unanswered_findings
from storefront.subsidies.speech import say

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Attempt:
    """Somebody tries a move."""

    project: Project
    move: workflow.Move
    by: Any
    now: datetime
    amount: Decimal | None = None


Guard = Callable[[Attempt], str]


def blocked_reasons(attempt: Attempt) -> list[str]:
    """Return why the move cannot be made now, apart from what its form still asks for; empty when it can."""
    project, move = attempt.project, attempt.move
    if project.state not in move.sources:
        return [state_sentence(attempt)]
    if not project.members.filter(user=attempt.by, role__in=move.roles).exists():
        roles = ", ".join(say(f"role.{role}") for role in workflow.ROLES if role in move.roles)
        return [say("blocked.role", move=say(f"move.{move.name}"), roles=roles)]
    return [sentence for name in move.guards if (sentence := GUARDS[name](attempt))]


def state_sentence(attempt: Attempt) -> str:
    """Say in which state the project is, since when and by whom."""
    moved_by, _ = last_move(attempt.project)
    return say(
        "blocked.state",
        move=say(f"move.{attempt.move.name}"),
        state=say(f"state.{attempt.project.state}"),
        at=beijing(attempt.project.moved_at),
        by=moved_by,
    )


def beijing(moment: datetime) -> str:
    """Write a moment as people in China read it."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def clauses_confirmed(attempt: Attempt) -> str:
    """Every clause was compared with the notice that is uploaded now."""
    project = attempt.project
    if project.notice_id is None:
        return say("blocked.no_notice")
    confirmed = project.confirmations.filter(notice_id=project.notice_id).values("clause")
    open_clauses = [clause.code for clause in project.call.clauses.exclude(pk__in=confirmed)]
    return (
        say("blocked.clauses", count=len(open_clauses), names=", ".join(open_clauses)) if open_clauses else ""
    )


def documents_complete(attempt: Attempt) -> str:
    """Every mandatory requirement of the call has as many papers as it asks for."""
    counts = dict(
        attempt.project.documents.values("requirement")
        .annotate(count=Count("pk"))
        .values_list("requirement", "count")
    )
    missing = [
        str(requirement)
        for requirement in attempt.project.call.documents.filter(is_mandatory=True)
        if counts.get(requirement.pk, 0) < requirement.min_count
    ]
    return say("blocked.documents", names=", ".join(missing)) if missing else ""


def no_errors(attempt: Attempt) -> str:
    """No check of the project finds an error; missing papers are said on their own."""
    found = [one for one in find_objections(attempt.project, now=attempt.now) if one.severity == ERROR]
    found = [one for one in found if (one.code, one.form) != ("V29", "missing")]
    return say("blocked.objections", count=len(found), first=found[0].sentence) if found else ""


def bills_approved(attempt: Attempt) -> str:
    """Somebody else has compared every bill with its papers."""
    waiting = attempt.project.allocations.filter(expense__approved_by=None).count()
    return say("blocked.bills", count=waiting) if waiting else ""


def is_not_maker(attempt: Attempt) -> str:
    """Whoever checks has entered nothing."""
    return say("blocked.maker") if attempt.by.get_username() in makers(attempt.project) else ""


def call_is_open(attempt: Attempt) -> str:
    """The call is a live one, and its window for filing online is open at this very moment."""
    call = attempt.project.call
    if call.status != CallStatus.OPEN:
        return say("blocked.not_open", status=say(f"status.{call.status}"))
    if call.online_open and attempt.now < call.online_open:
        return say("blocked.not_yet", at=beijing(call.online_open))
    if call.online_close and attempt.now > call.online_close:
        return say("blocked.closed", at=beijing(call.online_close))
    return ""


def dossier_exported(attempt: Attempt) -> str:
    """What is filed was exported: the dossier of the version that is frozen now, made and hashed."""
    project = attempt.project
    made = DossierExport.objects.filter(
        frozen__project=project, frozen__number=project.version, state=DossierExport.MADE
    )
    return "" if made.exists() else say("blocked.dossier", number=project.version)


def findings_answered(attempt: Attempt) -> str:
    """The special audit neither begins nor ends while a question or an objection of an auditor waits for its answer."""
    if workflow.SPECIAL_AUDIT not in (attempt.project.state, attempt.move.target):
        return ""
    waiting = [str(finding) for finding in unanswered_findings(attempt.project)]
    return say("blocked.findings", count=len(waiting), names=", ".join(waiting)) if waiting else ""


def paper_is_open(attempt: Attempt) -> str:
    """Papers can still be handed in."""
    close = attempt.project.call.paper_close
    return say("blocked.paper_closed", at=beijing(close)) if close and attempt.now > close else ""


def is_next_stage(attempt: Attempt) -> str:
    """The call has this stage, and it is the one that follows."""
    state = attempt.project.state
    follows = workflow.next_stage(state=state, stages=attempt.project.call.stages)
    if follows == attempt.move.target:
        return ""
    return say("blocked.stage", now=say(f"state.{state}"), next=say(f"state.{follows}"))


def amount_within_claim(attempt: Attempt) -> str:
    """No more is determined than was claimed."""
    claimed = attempt.project.claimed or Decimal(0)
    if attempt.amount is None or attempt.amount <= claimed:
        return ""
    return say("blocked.over_claim", amount=f"{attempt.amount:.2f}", limit=f"{claimed:.2f}")


def amount_within_award(attempt: Attempt) -> str:
    """No more is received in all than was determined."""
    received = attempt.project.receipts.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    total, approved = received + (attempt.amount or Decimal(0)), attempt.project.approved or Decimal(0)
    return (
        say("blocked.over_award", amount=f"{total:.2f}", limit=f"{approved:.2f}") if total > approved else ""
    )


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        *(
            clauses_confirmed,
            documents_complete,
            no_errors,
            bills_approved,
            is_not_maker,
            call_is_open,
            paper_is_open,
        ),
        *(dossier_exported, findings_answered),
        *(is_next_stage, amount_within_claim, amount_within_award),
    )
}
