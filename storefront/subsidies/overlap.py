"""Whether one bill may be claimed under several programmes: the five rules against double funding (重复申报)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ANY_LEVEL, CENTRAL, SAME_LEVEL = "none_any_level", "none_central", "none_same_level"
RATIO_CAP, HIGHEST_ONLY = "combined_ratio_cap", "highest_only"


@dataclass(frozen=True)
class Share:
    """A part of a bill under one call: the call's level and policy, the part in per cent, the claim in CNY."""

    name: str
    level: str
    policy: str
    percent: Decimal
    claimed: Decimal = Decimal(0)
    ratio_cap: Decimal | None = None


def overlap_conflict(
    *, shares: Sequence[Share], net_cny: Decimal | None = None
) -> tuple[str, Share, Share] | None:
    """Return what forbids these shares of one bill, as (rule, whose rule, against whom); None where nothing does."""
    total = sum((share.percent for share in shares), Decimal(0))
    if total > 100:
        return "over_whole", shares[0], shares[-1]
    for share in shares:
        for other in shares:
            if other is not share and _forbids(share, other):
                return share.policy, share, other
    if len(shares) > 1 and net_cny:
        for share in shares:
            ratio = sum((one.claimed for one in shares), Decimal(0)) / net_cny
            if share.policy == RATIO_CAP and share.ratio_cap is not None and ratio > share.ratio_cap:
                return RATIO_CAP, share, next(one for one in shares if one is not share)
    return None


def _forbids(share: Share, other: Share) -> bool:
    if share.policy in (ANY_LEVEL, HIGHEST_ONLY):
        return True
    if share.policy == CENTRAL:
        return other.level == "central"
    return share.policy == SAME_LEVEL and other.level == share.level
