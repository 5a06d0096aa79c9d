"""The app's tables: what authorities ask for, and what the applicant answers."""

from storefront.subsidies.models.dossiers import AuditorFinding, AuditorLink, DossierExport, FindingAnswer
from storefront.subsidies.models.expenses import (
    Allocation,
    Expense,
    ExpenseCredit,
    ExpensePaper,
    ExpensePayment,
    GrantUse,
    PriorFunding,
    ReportedFigure,
)
from storefront.subsidies.models.facts import OwnBrand, SaleMark
from storefront.subsidies.models.programmes import Call, CallStatus, Clause, Criterion, DocumentRequirement
from storefront.subsidies.models.projects import (
    ClauseConfirmation,
    FrozenVersion,
    LegalEntity,
    Ownership,
    Project,
    ProjectDocument,
    ProjectMember,
    Receipt,
    Site,
)
from storefront.subsidies.models.rates import ExchangeRate
from storefront.subsidies.models.reminders import CalendarFeed, Reminder
from storefront.subsidies.models.snapshots import KpiSnapshot
from storefront.subsidies.models.statements import BankLine, CustomsLine, Reconciliation
from storefront.subsidies.models.work import ProjectWork

__all__ = [
    "Allocation",
    "AuditorFinding",
    "AuditorLink",
    "BankLine",
    "CalendarFeed",
    "Call",
    "CallStatus",
    "Clause",
    "ClauseConfirmation",
    "Criterion",
    "CustomsLine",
    "DocumentRequirement",
    "DossierExport",
    "ExchangeRate",
    "Expense",
    "ExpenseCredit",
    "ExpensePaper",
    "ExpensePayment",
    "FindingAnswer",
    "FrozenVersion",
    "GrantUse",
    "KpiSnapshot",
    "LegalEntity",
    "OwnBrand",
    "Ownership",
    "PriorFunding",
    "Project",
    "ProjectDocument",
    "ProjectMember",
    "ProjectWork",
    "Receipt",
    "Reconciliation",
    "Reminder",
    "ReportedFigure",
    "SaleMark",
    "Site",
]
