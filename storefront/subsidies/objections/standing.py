"""Checks of the application itself: its claim, its rivals in the house, its deadlines, the money it received."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from storefront.subsidies import workflow
from storefront.subsidies.award import round_down
from storefront.subsidies.models import Project
from storefront.subsidies.objections.case import BEIJING, ERROR, WARNING, Case, Objection, money
from storefront.subsidies.overlap import ANY_LEVEL, CENTRAL, SAME_LEVEL
from storefront.subsidies.selectors import makers
from storefront.subsidies.services.claims import award_of

_DEADLINE_DAYS = 3
_SPEND_MONTHS = 60  # 财税〔2011〕70号
_LIVE_KPI = "K04"
_BEFORE_FROZEN = (workflow.DRAFT, workflow.PREPARING, workflow.INTERNAL_REVIEW)


def live_too_late(case: Case) -> Iterator[Objection]:
    """V23: the site went live after the call's day."""
    for criterion in case.project.call.criteria.all():
        if criterion.kpi_code != _LIVE_KPI or criterion.threshold_date is None:
            continue
        live, limit = case.project.site.first_live_on, criterion.threshold_date
        if live is None:
            yield Objection("V23", "unknown", ERROR, case.project.site.domain, {"limit": limit})
        elif live > limit or (criterion.operator == "<" and live == limit):
            yield Objection("V23", "late", ERROR, case.project.site.domain, {"live": live, "limit": limit})


def figures_differ(case: Case) -> Iterator[Objection]:
    """V24: the figure filed, that of the accounts and that told to the statistics bureau are not the same."""
    first: dict[str, tuple[str, Decimal, str]] = {}
    for figure in case.reported:
        told = (figure.told_to, figure.amount, figure.currency)
        other = first.setdefault(figure.what, told)
        if other[1:] != told[1:]:
            values = {
                "one": f"{other[0]} {money(other[1])} {other[2]}",
                "other": f"{told[0]} {money(told[1])} {told[2]}",
            }
            yield Objection("V24", "differ", WARNING, figure.what, values)


def claims_too_much(case: Case) -> Iterator[Objection]:
    """V25: more is claimed than the call pays, or not in the call's round sums."""
    project = case.project
    if project.claimed is None:
        return
    spent = sum((min(allocation.claimed, eligible.amount) for allocation, eligible in case.bills), Decimal(0))
    award = award_of(project, kpis=case.kpis)
    most = award.amount if award else spent
    values = {"claimed": money(project.claimed), "most": money(most)}
    if project.claimed > most:
        yield Objection("V25", "above", ERROR, project.title, values)
    if round_down(amount=project.claimed, rounding=project.call.rounding) != project.claimed:
        yield Objection("V25", "not_round", ERROR, project.title, values)


def too_many_sites(case: Case) -> Iterator[Objection]:
    """V26: more sites of a group than the call allows, or an affiliate that applied too."""
    call = case.project.call
    rivals = [
        one for one in case.siblings if one.call_id == call.pk and one.state not in workflow.LOST_STATES
    ]
    if call.max_sites is not None and len(rivals) + 1 > call.max_sites:
        yield Objection("V26", "sites", ERROR, str(call), {"count": len(rivals) + 1, "limit": call.max_sites})
    for rival in rivals if call.is_affiliate_exclusive else ():
        if rival.entity_id != case.project.entity_id:
            yield Objection("V26", "affiliate", ERROR, str(call), {"name": rival.entity.name_zh})


def own_freeze(case: Case) -> Iterator[Objection]:
    """V31: a version approved by somebody who had entered a part of it."""
    entered_by = makers(case.project)
    for frozen in case.project.frozen_versions.select_related("approved_by"):
        if frozen.approved_by.get_username() in entered_by:
            yield Objection("V31", "version", ERROR, f"v{frozen.number}", {"who": frozen.approved_by})


def deadline_near(case: Case) -> Iterator[Objection]:
    """V32: the window closes within three days and nothing is frozen."""
    close = case.project.call.online_close
    if close and case.project.state in _BEFORE_FROZEN:
        left = close - case.now
        if timedelta(0) <= left < timedelta(days=_DEADLINE_DAYS):
            at = close.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
            yield Objection(
                "V32",
                "close",
                WARNING,
                case.project.title,
                {"at": at, "hours": int(left.total_seconds() // 3600)},
            )


def money_not_apart(case: Case) -> Iterator[Objection]:
    """V33: money received but not booked apart, or not spent for five years."""
    for receipt in case.receipts:
        uses = list(receipt.uses.all())
        received_on = receipt.received_at.astimezone(BEIJING).date()
        values = {"amount": money(receipt.amount), "day": received_on}
        if not uses:
            yield Objection("V33", "booked", WARNING, case.project.title, values)
        months = (case.today.year - received_on.year) * 12 + case.today.month - received_on.month
        months -= case.today.day < received_on.day
        unspent = receipt.amount - sum((use.spent for use in uses), Decimal(0))
        if months >= _SPEND_MONTHS and unspent > 0:
            yield Objection(
                "V33", "unspent", WARNING, case.project.title, values | {"unspent": money(unspent)}
            )


def funded_before(case: Case) -> Iterator[Objection]:
    """V34: an earlier grant of the house, paid back or not, is left out of the statement of earlier money."""
    stated = set(case.project.prior_fundings.values_list("other", flat=True))
    for other in case.siblings:
        if other.pk not in stated and _counts_against(case, other):
            values = {"call": other.call.code}
            yield Objection("V34", "unstated", ERROR, other.title, values)


def _counts_against(case: Case, other: Project) -> bool:
    was_funded = bool(other.approved) or other.state in (workflow.CLAWBACK, workflow.WITHDRAWN)
    policy, level = case.project.call.overlap_policy, other.call.level
    forbids = (
        policy == ANY_LEVEL
        or (policy == CENTRAL and level == "central")
        or (policy == SAME_LEVEL and level == case.project.call.level)
    )
    return was_funded and forbids


CHECKS = (
    *(live_too_late, figures_differ, claims_too_much, too_many_sites, own_freeze, deadline_near),
    *(money_not_apart, funded_before),
)
