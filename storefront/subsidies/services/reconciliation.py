"""Reconcile a project: every comparison as a row of evidence, and the sums as a record that nobody can change."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from storefront.core.money import currency_digits
from storefront.evidence.chain import canonical
from storefront.evidence.models import PersonalData
from storefront.evidence.services import record_event, store_evidence
from storefront.subsidies.facts.windows import BEIJING
from storefront.subsidies.kpi.sales_rows import Row
from storefront.subsidies.models import Project, Reconciliation
from storefront.subsidies.reconciliation.compare import Comparison
from storefront.subsidies.reconciliation.levels import Item
from storefront.subsidies.services.projects import editable_project
from storefront.subsidies.services.snapshots import Progress, as_text, csv_chunks, no_progress, told

ITEMS_KIND = "reconciliation"
HEADER: Row = (
    *("level", "left", "right", "left_amount", "right_amount", "currency", "difference", "class", "open"),
)


def reconcile(
    *, project: Project, by: Any, now: datetime, progress: Progress = no_progress
) -> Reconciliation:
    """Compare everything up to `now` and keep the result. The reading holds no lock. Raises EntryRefused.

    `progress` is told how many comparisons were made.
    """
    with transaction.atomic():
        project = editable_project(project, by=by)
    comparison = Comparison(project, as_of=now)
    items = store_evidence(
        chunks=csv_chunks(HEADER, told(_rows(comparison), progress)),
        file_name=f"reconciliation-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}.csv",
        title=f"{project.call.code} {project.site.domain}: R1–R7",
        kind=ITEMS_KIND,
        subject=project.subject,
        period_from=project.call.measure_from,
        period_to=project.call.measure_to,
        personal_data=PersonalData.BUSINESS,
        by=by,
        now=now,
    )
    window = comparison.terms.window
    body = canonical(
        {
            "project": project.pk,
            "window": [window.first.isoformat(), window.last.isoformat()],
            "zone": BEIJING.key,
            "unit": comparison.terms.unit,
            "orders": comparison.orders,
            "captured": as_text(comparison.captured),
            "manual_payouts": comparison.manual_payouts,
            "open_items": comparison.open_items,
            "shares": {code: as_text(value) for code, value in comparison.shares.items()},
            "levels": {level: _level(kinds) for level, kinds in comparison.sums.items()},
            "items": {"evidence": str(items), "sha256": items.sha256},
            "made_by": by.get_username(),
            "made_at": now.isoformat(),
        }
    )
    with transaction.atomic():
        project = editable_project(project, by=by)
        made = Reconciliation.objects.create(
            project=project,
            body=body,
            sha256=hashlib.sha256(body.encode()).hexdigest(),
            items=items,
            made_by=by,
            made_at=now,
        )
        record_event(
            verb="project.reconciled",
            subject=project.subject,
            by=by,
            now=now,
            sha256=made.sha256,
            open_items=comparison.open_items,
            shares={code: as_text(value) for code, value in comparison.shares.items()},
        )
    return made


def _rows(comparison: Comparison) -> Iterator[Row]:
    return (_row(item) for item in comparison.items())


def _row(item: Item) -> Row:
    digits = max(currency_digits(item.currency), 2)
    amounts = (item.left_amount, item.right_amount, item.difference)
    left, right, difference = (f"{amount:.{digits}f}" for amount in amounts)
    return (
        *(item.level, item.left, item.right, left, right, item.currency, difference, item.kind),
        "1" if item.is_open else "0",
    )


def _level(kinds: Any) -> dict[str, Any]:
    return {
        kind: {
            "count": sums.count,
            "amounts": {currency: f"{amount:.2f}" for currency, amount in sorted(sums.amounts.items())},
            "differences": {
                currency: f"{amount:.2f}" for currency, amount in sorted(sums.differences.items()) if amount
            },
        }
        for kind, sums in sorted(kinds.items())
    }
