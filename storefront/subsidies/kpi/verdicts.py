"""Whether a figure meets its threshold: met, near (nine tenths of it), missed, or unproven for want of a paper."""

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from storefront.subsidies.kpi.formulas import Figure

MET, NEAR, MISSED, UNPROVEN = "met", "near", "missed", "unproven"
_NEAR_SHARE = Decimal("0.9")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


def judge(*, value: Figure, sign: str, threshold: Figure, is_proven: bool = True) -> str:
    """Return the verdict on a value. What meets its threshold but lacks its proof is unproven, never met."""
    if value is None or threshold is None or not sign:
        return UNPROVEN
    if _OPERATORS[sign](value, threshold):
        return MET if is_proven else UNPROVEN
    if isinstance(value, date) or isinstance(threshold, date):
        return MISSED
    if sign in (">=", ">") and value >= threshold * _NEAR_SHARE:
        return NEAR
    return NEAR if sign in ("<=", "<") and value * _NEAR_SHARE <= threshold else MISSED


def gap_of(*, value: Figure, sign: str, threshold: Figure) -> Decimal | None:
    """Return how much is missing to the threshold, in its unit; zero where it is met, None for days and unknowns."""
    if not isinstance(value, Decimal) or not isinstance(threshold, Decimal) or not sign:
        return None
    return max(threshold - value if sign in (">=", ">") else value - threshold, Decimal(0))
