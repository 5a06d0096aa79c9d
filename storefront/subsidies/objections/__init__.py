"""What would an auditor object to? Every check of a project, each with how grave it is and a way out."""

from datetime import datetime

from storefront.subsidies.models import Project
from storefront.subsidies.objections import bills, figures, papers, standing
from storefront.subsidies.objections.case import ERROR, WARNING, Case, Objection, load_case

CODES = tuple(f"V{number:02d}" for number in range(1, 35))
CHECKS = (*bills.CHECKS, *papers.CHECKS, *figures.CHECKS, *standing.CHECKS)


def find_objections(project: Project, *, now: datetime) -> list[Objection]:
    """Run every check; errors come first, then by code."""
    return objections_of(load_case(project, now=now))


def objections_of(case: Case) -> list[Objection]:
    """Run every check on a case that was read."""
    found = [objection for check in CHECKS for objection in check(case)]
    return sorted(found, key=lambda one: (one.severity != ERROR, one.code, one.about))


__all__ = ["CODES", "ERROR", "WARNING", "Case", "Objection", "find_objections", "load_case", "objections_of"]
