"""How much a call pays: the four ways of reckoning, each step shown, nothing but the call's own numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

CENT, FLOOR_YUAN, FLOOR_10000 = "cent", "floor_yuan", "floor_10000"
_UNITS = {CENT: Decimal("0.01"), FLOOR_YUAN: Decimal(1), FLOOR_10000: Decimal(10_000)}


@dataclass(frozen=True)
class Award:
    """A sum in CNY, and the steps that led to it: (what, amount)."""

    amount: Decimal
    steps: tuple[tuple[str, Decimal], ...]


def reckon_award(
    *,
    rules: Mapping[str, Any],
    rounding: str,
    eligible: Mapping[str, Decimal],
    kpis: Mapping[str, Decimal],
    earlier_awards: int = 0,
    score: Decimal | None = None,
    paid_before: Decimal = Decimal(0),
) -> Award | None:
    """Return what a call with these `rules` pays for `eligible` spend by line, or None where it names no sum.

    Whatever the way, money is rounded down (舍尾法取整), and where the call says so never above what was spent.
    """
    method = rules.get("method")
    if method == "manual":
        return None
    way = _WAYS[str(method)]
    steps = way(
        rules,
        eligible=eligible,
        kpis=kpis,
        earlier_awards=earlier_awards,
        score=score,
        paid_before=paid_before,
    )
    lines = [value for what, value in steps if what == "line"]
    amount = sum(lines, Decimal(0)) if lines else steps[-1][1]
    if rules.get("at_most_spent"):
        amount = min(amount, sum(eligible.values(), Decimal(0)))
        steps.append(("spent", amount))
    rounded = round_down(amount=amount, rounding=rounding)
    return Award(rounded, (*steps, ("rounded", rounded)))


def round_down(*, amount: Decimal, rounding: str) -> Decimal:
    """Return `amount` cut to cents, whole yuan or ten thousands of yuan."""
    unit = _UNITS[rounding]
    return (amount / unit).quantize(Decimal(1), rounding=ROUND_DOWN) * unit


def _flat(rules: Mapping[str, Any], *, earlier_awards: int, **_: Any) -> list[tuple[str, Decimal]]:
    amounts = [Decimal(str(amount)) for amount in rules["amounts"]]
    return [("flat", amounts[earlier_awards] if earlier_awards < len(amounts) else Decimal(0))]


def _ratio_cap(
    rules: Mapping[str, Any], *, eligible: Mapping[str, Decimal], kpis: Mapping[str, Decimal], **_: Any
) -> list[tuple[str, Decimal]]:
    steps: list[tuple[str, Decimal]] = []
    for line in rules["lines"]:
        step_up = line.get("step_up")
        has_stepped = bool(step_up) and kpis.get(step_up["kpi"], Decimal(0)) >= Decimal(
            str(step_up["at_least"])
        )
        terms = line | step_up if has_stepped else line
        share = eligible.get(line["code"], Decimal(0)) * Decimal(str(terms["ratio"]))
        steps += [("share", share), ("line", min(share, Decimal(str(terms["cap"]))))]
    return steps


def _score_band(
    rules: Mapping[str, Any], *, score: Decimal | None, paid_before: Decimal, **_: Any
) -> list[tuple[str, Decimal]]:
    reached = [
        Decimal(str(amount))
        for least, amount in rules["bands"]
        if score is not None and score >= Decimal(str(least))
    ]
    band = max(reached, default=Decimal(0))
    return [("band", band), ("difference", max(band - paid_before, Decimal(0)))]


def _per_unit(
    rules: Mapping[str, Any], *, kpis: Mapping[str, Decimal], **_: Any
) -> list[tuple[str, Decimal]]:
    share = kpis.get(rules["kpi"], Decimal(0)) * Decimal(str(rules["ratio"]))
    return [("share", share), ("cap", min(share, Decimal(str(rules["cap"]))))]


_WAYS: dict[str, Callable[..., list[tuple[str, Decimal]]]] = {
    "flat": _flat,
    "ratio_cap": _ratio_cap,
    "score_band": _score_band,
    "per_unit": _per_unit,
}
