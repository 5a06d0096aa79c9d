"""The states of a project and every move between them: who may make it, and what it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

DRAFT, PREPARING, INTERNAL_REVIEW, FROZEN = "draft", "preparing", "internal_review", "frozen"
FILED_ONLINE, FILED_PAPER, CORRECTION, ACCEPTED = "filed_online", "filed_paper", "correction", "accepted"
SUBSTANTIVE, EXPERT, SPECIAL_AUDIT, CONSULT = "substantive", "expert", "special_audit", "consult"
PUBLICITY, AWARDED, PARTLY_PAID, PAID = "publicity", "awarded", "partly_paid", "paid"
POST, REMEDIATION, CLAWBACK, ARCHIVED = "post", "remediation", "clawback", "archived"
REJECTED, NOT_SELECTED, WITHDRAWN = "rejected", "not_selected", "withdrawn"
STATES = (
    *(DRAFT, PREPARING, INTERNAL_REVIEW, FROZEN, FILED_ONLINE, FILED_PAPER, CORRECTION, ACCEPTED),
    *(SUBSTANTIVE, EXPERT, SPECIAL_AUDIT, CONSULT, PUBLICITY, AWARDED, PARTLY_PAID, PAID),
    *(POST, REMEDIATION, CLAWBACK, ARCHIVED, REJECTED, NOT_SELECTED, WITHDRAWN),
)
# Between acceptance and publicity a call has its own stages in its own order.
REVIEW_STAGES = (SUBSTANTIVE, EXPERT, SPECIAL_AUDIT, CONSULT)
EDITABLE_STATES = frozenset({DRAFT, PREPARING, CORRECTION})
LOST_STATES = frozenset({REJECTED, NOT_SELECTED, WITHDRAWN, CLAWBACK})

OWNER, FINANCE, CHECKER, SIGNER = "owner", "finance", "checker", "signer"
ROLES = (OWNER, FINANCE, CHECKER, SIGNER)
# Whoever checks must not be among those who enter.
INCOMPATIBLE_WITH_CHECKER = frozenset({OWNER, FINANCE})


@dataclass(frozen=True)
class Move:
    """One step: from which states, to which, by whom, and what must be there."""

    name: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    guards: tuple[str, ...] = ()
    needs_reason: bool = False
    needs_evidence: bool = False
    needs_amount: bool = False


def _move(name: str, sources: Sequence[str], target: str, roles: Sequence[str], *needs: str) -> Move:
    return Move(
        name=name,
        sources=frozenset(sources),
        target=target,
        roles=frozenset(roles),
        guards=tuple(need for need in needs if need not in ("reason", "evidence", "amount")),
        needs_reason="reason" in needs,
        needs_evidence="evidence" in needs,
        needs_amount="amount" in needs,
    )


_UNDER_REVIEW = (ACCEPTED, *REVIEW_STAGES)
# What leaves the house is compared by somebody who entered none of it, and frozen.
_CHECKED = ("is_not_maker", "clauses_confirmed", "documents_complete", "no_errors", "bills_approved")
_STAGE = ("is_next_stage", "findings_answered", "evidence")
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        _move("start_preparing", [DRAFT], PREPARING, [OWNER]),
        _move(
            "submit_internally",
            [PREPARING],
            INTERNAL_REVIEW,
            [OWNER],
            "clauses_confirmed",
            "documents_complete",
            "no_errors",
        ),
        _move("request_changes", [INTERNAL_REVIEW], PREPARING, [CHECKER], "reason"),
        _move(
            "approve",
            [INTERNAL_REVIEW],
            FROZEN,
            [CHECKER],
            *_CHECKED,
        ),
        _move("reopen", [FROZEN], PREPARING, [OWNER, SIGNER], "reason"),
        _move(
            "file_online",
            [FROZEN],
            FILED_ONLINE,
            [OWNER, SIGNER],
            "clauses_confirmed",
            "call_is_open",
            "dossier_exported",
            "evidence",
        ),
        _move("hand_in", [FILED_ONLINE], FILED_PAPER, [OWNER], "paper_is_open", "evidence"),
        _move("record_acceptance", [FILED_PAPER], ACCEPTED, [OWNER], "evidence"),
        _move("record_correction", [FILED_PAPER, *_UNDER_REVIEW], CORRECTION, [OWNER], "evidence", "reason"),
        _move(
            "resubmit",
            [CORRECTION],
            FILED_PAPER,
            [CHECKER],
            *_CHECKED,
            "evidence",
        ),
        _move("record_substantive_review", _UNDER_REVIEW, SUBSTANTIVE, [OWNER], *_STAGE),
        _move("record_expert_review", _UNDER_REVIEW, EXPERT, [OWNER], *_STAGE),
        _move("record_special_audit", _UNDER_REVIEW, SPECIAL_AUDIT, [OWNER], *_STAGE),
        _move("record_consultation", _UNDER_REVIEW, CONSULT, [OWNER], *_STAGE),
        _move("record_publicity", _UNDER_REVIEW, PUBLICITY, [OWNER], *_STAGE),
        _move("record_objection", [PUBLICITY], CONSULT, [OWNER], "evidence", "reason"),
        _move("record_award", [PUBLICITY], AWARDED, [OWNER], "amount_within_claim", "evidence", "amount"),
        _move(
            "record_payment",
            [AWARDED, PARTLY_PAID],
            PAID,
            [FINANCE],
            "amount_within_award",
            "evidence",
            "amount",
        ),
        _move("start_follow_up", [PAID], POST, [FINANCE]),
        _move("record_finding", [POST], REMEDIATION, [OWNER], "evidence", "reason"),
        _move("solve_finding", [REMEDIATION], POST, [FINANCE], "evidence"),
        _move("record_clawback", [REMEDIATION], CLAWBACK, [FINANCE], "evidence", "reason"),
        _move("settle_clawback", [CLAWBACK], ARCHIVED, [FINANCE], "evidence"),
        _move(
            "withdraw", [FILED_ONLINE, FILED_PAPER, CORRECTION, *_UNDER_REVIEW], WITHDRAWN, [OWNER], "reason"
        ),
        _move("record_rejection", [FILED_PAPER, *_UNDER_REVIEW], REJECTED, [OWNER], "evidence", "reason"),
        _move("record_not_selected", [*_UNDER_REVIEW, PUBLICITY], NOT_SELECTED, [OWNER], "evidence"),
        _move("archive", [POST, REJECTED, NOT_SELECTED, WITHDRAWN], ARCHIVED, [OWNER]),
    )
}


def next_stage(*, state: str, stages: Sequence[str]) -> str:
    """Return what follows `state` between acceptance and publicity in a call with these stages."""
    path = [ACCEPTED, *stages, PUBLICITY]
    return path[path.index(state) + 1] if state in path[:-1] else ""
