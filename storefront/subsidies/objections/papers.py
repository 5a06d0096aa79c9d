"""Checks of papers: copies for originals, no translation, dates that cannot be, what is missing."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from storefront.evidence import kinds
from storefront.evidence.errors import EvidenceBroken
from storefront.evidence.models import Evidence, EvidenceVersion
from storefront.evidence.selectors import read_version
from storefront.subsidies import workflow
from storefront.subsidies.models import expenses as choices
from storefront.subsidies.objections.case import BEIJING, ERROR, WARNING, Case, Objection
from storefront.subsidies.ownership import control_percent

_PDF_DATE = re.compile(rb"/(?:CreationDate|ModDate)\s*\(D:(\d{4})(\d{2})(\d{2})")
_PDF_READ_BYTES = 4 * 1024 * 1024
_DOMAIN_KPI = "K21"
ODI = "odi_certificate"


def screenshot_for_invoice(case: Case) -> Iterator[Objection]:
    """V11: the original XML or OFD of an e-invoice is missing; or there is no invoice at all."""
    for allocation, _ in case.bills:
        expense = allocation.expense
        invoices = [one.version for one in expense.papers.all() if one.role == choices.INVOICE]
        if not invoices:
            yield Objection("V11", "none", ERROR, expense.reference)
        elif expense.kind == choices.FAPIAO_ELECTRONIC and not any(
            one.file_kind in (kinds.XML, kinds.OFD) and one.evidence.is_original for one in invoices
        ):
            yield Objection("V11", "copy", ERROR, expense.reference)


def no_translation(case: Case) -> Iterator[Objection]:
    """V12: a paper in another language without its translation."""
    for used_for, evidence in case.papers:
        if _is_unread(case, evidence):
            values = {"evidence": evidence.number, "spoken": evidence.language}
            yield Objection("V12", "language", ERROR, used_for, values)


def impossible_date(case: Case) -> Iterator[Objection]:
    """V16: issued after it was uploaded or filed; or a file that is younger than its date."""
    filed_on = case.filed_on
    for used_for, version in case.versions:
        evidence = version.evidence
        if evidence.issue_date is None:
            continue
        values = {"evidence": evidence.number, "day": evidence.issue_date}
        uploaded_on = version.uploaded_at.astimezone(BEIJING).date()
        if evidence.issue_date > uploaded_on or (filed_on and evidence.issue_date > filed_on):
            yield Objection("V16", "later", ERROR, used_for, values)
        elif filed_on and uploaded_on > filed_on and case.project.state != workflow.CORRECTION:
            yield Objection("V16", "slipped_in", ERROR, used_for, values | {"filed": filed_on})
        made_on = _made_on(version)
        if made_on and made_on > evidence.issue_date:
            yield Objection("V16", "file", WARNING, used_for, values | {"made": made_on})


def broken_ownership(case: Case) -> Iterator[Objection]:
    """V22: the chain to the domain's owner is too thin, out of date or unproven; or the ODI certificate is missing."""
    criterion = next((one for one in case.project.call.criteria.all() if one.kpi_code == _DOMAIN_KPI), None)
    home, owner = case.project.entity, case.project.site.owner
    if criterion is None or owner.pk == home.pk:
        return
    percent = control_percent(parent=home.pk, child=owner.pk, holdings=case.holdings, day=case.today)
    values = {"percent": f"{percent:.2f}", "least": f"{criterion.threshold:.2f}"}
    if percent < (criterion.threshold or 0):
        ended = control_percent(
            parent=home.pk, child=owner.pk, holdings=case.holdings, day=case.project.call.measure_to
        )
        form = "expired" if ended >= (criterion.threshold or 0) else "thin"
        yield Objection("V22", form, ERROR, owner.name_zh, values)
    for link in case.ownerships:
        if link.evidence_id is None:
            yield Objection("V22", "unproven", ERROR, link.child.name_zh, values)
    if owner.country != "CN" and not any(evidence.kind == ODI for _, evidence in case.papers):
        yield Objection("V22", "odi", ERROR, owner.name_zh, values)


def missing_document(case: Case) -> Iterator[Objection]:
    """V29: a required paper is missing, expired, a copy, in another language, unsigned or unsealed."""
    counts = Counter(document.requirement_id for document in case.documents)
    for requirement in case.project.call.documents.all():
        if requirement.is_mandatory and counts[requirement.pk] < requirement.min_count:
            yield Objection("V29", "missing", ERROR, str(requirement))
    for document in case.documents:
        requirement, evidence = document.requirement, document.version.evidence
        about, values = str(requirement), {"evidence": evidence.number}
        if _is_expired(case, evidence, requirement.max_age_days):
            yield Objection("V29", "expired", ERROR, about, values)
        if requirement.is_original_required and not evidence.is_original:
            yield Objection("V29", "copy", ERROR, about, values)
        if requirement.is_sealed and not document.is_sealed:
            yield Objection("V29", "unsealed", ERROR, about, values)
        if requirement.is_mandatory and _is_unread(case, evidence):
            yield Objection("V29", "language", ERROR, about, values)


def _is_unread(case: Case, evidence: Evidence) -> bool:
    """Say whether a paper is in another language and has no translation."""
    is_foreign = bool(evidence.language) and not evidence.language.lower().startswith("zh")
    return is_foreign and evidence.pk not in case.translated


def _is_expired(case: Case, evidence: Evidence, max_age_days: int | None) -> bool:
    day = case.filed_on or case.today
    if evidence.period_to and evidence.period_to < day and max_age_days is not None:
        return True
    return bool(max_age_days and evidence.issue_date and (day - evidence.issue_date).days > max_age_days)


def _made_on(version: EvidenceVersion) -> date | None:
    """Return the day a PDF says it was made or changed, where it says so."""
    if version.file_kind != kinds.PDF or version.size > _PDF_READ_BYTES:
        return None
    try:
        content = b"".join(read_version(version))
    except EvidenceBroken:
        return None
    days = []
    for year, month, day in _PDF_DATE.findall(content):
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return max(days, default=None)


CHECKS = (screenshot_for_invoice, no_translation, impossible_date, broken_ownership, missing_document)
