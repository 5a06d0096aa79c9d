"""Read projects and their history."""

from datetime import datetime

from storefront.evidence.models import Event
from storefront.subsidies.models import ExpenseCredit, ExpensePaper, ExpensePayment, Project

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
    """Return the keys of every stored file the project uses or that its log names."""
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
    return keys
