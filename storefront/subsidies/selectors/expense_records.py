"""Bills as plain data for a frozen version: everything the dossier says about them."""

from typing import Any

from storefront.subsidies.models import Allocation, Project
from storefront.subsidies.selectors.expenses import allocations_of, with_eligible


def expense_records(project: Project) -> list[dict[str, Any]]:
    """Return every bill claimed in a project with its papers, payments, credits and reckoning."""
    return [
        _record(allocation, steps=eligible.steps, reasons=eligible.reasons)
        for allocation, eligible in with_eligible(allocations_of(project))
    ]


def version_record(version: Any) -> dict[str, Any]:
    """Return what a dossier needs to find a stored file and to prove it."""
    return {
        "evidence": version.evidence.number,
        "title": version.evidence.title,
        "number": version.number,
        "sha256": version.sha256,
        "size": version.size,
        "kind": version.file_kind,
        "file": version.file_name,
        "original": version.evidence.is_original,
        "language": version.evidence.language,
        "issued": version.evidence.issue_date.isoformat() if version.evidence.issue_date else None,
        "personal_data": version.evidence.personal_data,
    }


def _record(allocation: Allocation, *, steps: Any, reasons: tuple[str, ...]) -> dict[str, Any]:
    expense = allocation.expense
    return {
        "reference": expense.reference,
        "line": allocation.line,
        "percent": str(allocation.percent),
        "claimed": str(allocation.claimed),
        "kind": expense.kind,
        "code": expense.code,
        "invoice": expense.number,
        "vendor": expense.vendor,
        "vendor_country": expense.vendor_country,
        "related": expense.is_related_vendor,
        "buyer": expense.buyer,
        "subject": expense.subject,
        "dated": expense.invoice_date.isoformat(),
        "service": [str(expense.service_from or ""), str(expense.service_to or "")],
        "currency": expense.currency,
        "gross": str(expense.gross),
        "tax": str(expense.tax),
        "net": str(expense.net),
        "rate": str(expense.rate) if expense.rate is not None else None,
        "rate_date": str(expense.rate_date or ""),
        "entered_by": expense.entered_by.get_username(),
        "approved_by": expense.approved_by.get_username() if expense.approved_by else None,
        "steps": [[what, f"{value:f}"] for what, value in steps],
        "reasons": list(reasons),
        "payments": [
            {
                "paid_on": paid.paid_on.isoformat(),
                "amount": str(paid.amount),
                "payer": paid.payer,
                "method": paid.method,
                "bank_reference": paid.bank_reference,
                "slip": version_record(paid.slip) if paid.slip else None,
            }
            for paid in expense.payments.all()
        ],
        "credits": [
            {
                "kind": credit.kind,
                "dated": credit.dated.isoformat(),
                "gross": str(credit.gross),
                "tax": str(credit.tax),
                "paper": version_record(credit.paper) if credit.paper else None,
            }
            for credit in expense.credits.all()
        ],
        "papers": [{"role": paper.role, **version_record(paper.version)} for paper in expense.papers.all()],
        "other_programmes": [
            {"call": other.project.call.code, "percent": str(other.percent), "claimed": str(other.claimed)}
            for other in expense.allocations.all()
            if other.pk != allocation.pk
        ],
    }
