"""Read projects and their history."""

import json
from datetime import datetime

from storefront.evidence.models import Event, EvidenceVersion
from storefront.subsidies.models import (
    BankLine,
    CustomsLine,
    ExpenseCredit,
    ExpensePaper,
    ExpensePayment,
    OwnBrand,
    Ownership,
    Project,
    Site,
)

# Acts that put something into an application; whoever did one does not check it.
MAKING = (
    "project.document",
    "project.expense",
    "project.expense_payment",
    "project.claim",
    "project.snapshot",
    "project.reconciled",
)


def last_move(project: Project) -> tuple[str, datetime]:
    """Return who moved the project last, and when; whoever opened it, before its first move."""
    event = (
        Event.objects.filter(subject=project.subject, verb__in=("project.moved", "project.opened"))
        .order_by("-sequence")
        .first()
    )
    return (event.actor, event.at) if event else ("", project.moved_at)


def makers(project: Project) -> set[str]:
    """Return the sign-in names of those who entered papers or money in the project."""
    return set(Event.objects.filter(subject=project.subject, verb__in=MAKING).values_list("actor", flat=True))


def evidence_in(project: Project) -> set[int]:
    """Return the keys of every stored file the project uses, that its group entered, or that its log names."""
    documents = project.documents.values_list("version", flat=True)
    slips = project.receipts.values_list("bank_slip", flat=True)
    papers = ExpensePaper.objects.filter(expense__allocations__project=project).values_list(
        "version", flat=True
    )
    paid = ExpensePayment.objects.filter(expense__allocations__project=project, slip__isnull=False)
    credits = ExpenseCredit.objects.filter(expense__allocations__project=project, paper__isnull=False)
    rows = project.snapshots.values_list("rows", flat=True)
    keys = {*documents, *slips, *papers, *rows, *paid.values_list("slip", flat=True)}
    keys.update(project.reconciliations.values_list("items", flat=True))
    keys.update(credits.values_list("paper", flat=True))
    if project.notice_id:
        keys.add(project.notice_id)
    return keys | _of_group(project.entity.group) | _named_in_log(project)


def _of_group(group: str) -> set[int]:
    """Return the originals that hold for every project of a group: statements, customs lists, trademarks, ownership."""
    files = (
        BankLine.objects.filter(entity__group=group).order_by().values_list("statement"),
        CustomsLine.objects.filter(group=group).order_by().values_list("listing"),
        OwnBrand.objects.filter(group=group, trademark__isnull=False).order_by().values_list("trademark"),
        Ownership.objects.filter(child__group=group, evidence__isnull=False)
        .order_by()
        .values_list("evidence"),
        Site.objects.filter(owner__group=group, evidence__isnull=False).order_by().values_list("evidence"),
    )
    return {key for found in files for (key,) in found.distinct()}


def _named_in_log(project: Project) -> set[int]:
    """Return the papers of the moves and the notices before: the log names each by its label and its hash."""
    events = Event.objects.filter(subject=project.subject, verb__in=("project.moved", "project.notice"))
    named = {
        (details["evidence"], details["sha256"])
        for body in events.values_list("body", flat=True)
        if (details := json.loads(body)["details"]).get("evidence")
    }
    stored = EvidenceVersion.objects.filter(sha256__in={sha256 for _, sha256 in named}).select_related(
        "evidence"
    )
    return {version.pk for version in stored if (str(version), version.sha256) in named}
