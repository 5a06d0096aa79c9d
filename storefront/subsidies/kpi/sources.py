"""The figures that are not sums of sales: own brands, spend, control of the domain's owner, the day of launch."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from storefront.subsidies.facts.goods import read_goods
from storefront.subsidies.facts.sales import first_sale_at
from storefront.subsidies.facts.windows import day_of
from storefront.subsidies.kpi.amounts import Exchange, SalesTerms, count_goods
from storefront.subsidies.kpi.formulas import share
from storefront.subsidies.kpi.sales_rows import Row, counted_sales
from storefront.subsidies.models import OwnBrand, Ownership
from storefront.subsidies.ownership import Holding, control_percent
from storefront.subsidies.selectors.expenses import allocations_of, with_eligible
from storefront.subsidies.selectors.reconciliation import latest_reconciliation
from storefront.subsidies.speech import say

if TYPE_CHECKING:
    from storefront.subsidies.kpi.measures import Reading

_OPERATION_FOLDER = "04_OPERATION"
_BRAND_HEADER: Row = (
    "order",
    "sku",
    "brand",
    "quantity",
    "amount_net",
    "currency",
    "amount_in_unit",
    "unit",
    "own",
)
_SPEND_HEADER: Row = ("bill", "line", "eligible_cny", "claimed_cny", "counted_cny")
_CONTROL_HEADER: Row = ("holder", "held", "percent", "from", "to", "evidence")
_MATCH_HEADER: Row = ("level", "class", "count", "amounts")
_LAUNCH_HEADER: Row = ("what", "day", "evidence")


def own_brand(reading: "Reading", terms: SalesTerms) -> dict[str, Any]:
    """K05: lines of brands with a trademark's paper, of all goods lines of orders that count, before tax."""
    own, whole, count = Decimal(0), Decimal(0), 0
    for row in _brand_rows(reading, terms):
        amount = Decimal(row[6])
        whole, count = whole + amount, count + 1
        own += amount if row[8] == "1" else 0
    return {
        "value": share(own, whole),
        "needs": () if _brands(reading) else (say("needs.trademark"),),
        "counted": count,
        "header": _BRAND_HEADER,
        "rows": lambda: _brand_rows(reading, terms),
    }


def spend(reading: "Reading", terms: SalesTerms) -> dict[str, Any]:
    """K20: what is claimed of the bills, at most what is eligible of each, in CNY."""
    found = [
        (allocation, eligible.amount, min(allocation.claimed, eligible.amount))
        for allocation, eligible in with_eligible(allocations_of(reading.project))
    ]
    rows = [
        (one.expense.reference, one.line, f"{eligible:.2f}", f"{one.claimed:.2f}", f"{counted:.2f}")
        for one, eligible, counted in found
    ]
    return {
        "value": sum((counted for _, _, counted in found), Decimal(0)),
        "counted": len(found),
        "header": _SPEND_HEADER,
        "rows": lambda: iter(rows),
    }


def control(reading: "Reading", terms: SalesTerms) -> dict[str, Any]:
    """K21: the applicant's part of the domain's owner on the window's last day, along proven links alone."""
    project = reading.project
    links = list(
        Ownership.objects.filter(child__group=project.entity.group)
        .select_related("parent", "child", "evidence__evidence")
        .order_by("pk")
    )
    day = terms.window.last
    ways = {"parent": project.entity_id, "child": project.site.owner_id, "day": day}
    proven = control_percent(holdings=[_holding(link) for link in links if link.evidence], **ways)
    stated = control_percent(holdings=[_holding(link) for link in links], **ways)
    rows = [
        (
            *(link.parent.name_zh, link.child.name_zh, str(link.percent), str(link.valid_from)),
            *(str(link.valid_to or ""), str(link.evidence or "")),
        )
        for link in links
    ]
    return {
        "value": proven,
        "needs": (say("needs.group"),) if stated > proven or not proven else (),
        "counted": len(rows),
        "header": _CONTROL_HEADER,
        "rows": lambda: iter(rows),
    }


def live_since(reading: "Reading", terms: SalesTerms) -> dict[str, Any]:
    """K04: the day the site went live, proven by a paper; without one, the day of the first order that counts."""
    site = reading.project.site
    papers = reading.project.documents.filter(requirement__folder=_OPERATION_FOLDER).select_related(
        "version__evidence"
    )
    paper = site.evidence or next((one.version for one in papers), None)
    sold = first_sale_at(marks=reading.marks, as_of=reading.as_of)
    sold_on = day_of(sold) if sold else None
    rows = [
        ("stated", str(site.first_live_on or ""), str(paper or "")),
        ("first order that counts", str(sold_on or ""), ""),
    ]
    is_proven = site.first_live_on is not None and paper is not None
    return {
        "value": site.first_live_on if is_proven else sold_on or site.first_live_on,
        "needs": () if is_proven else (say("needs.launch"),),
        "counted": len(rows),
        "header": _LAUNCH_HEADER,
        "rows": lambda: iter(rows),
    }


def reconciled(reading: "Reading", terms: SalesTerms, *, code: str, source: str) -> dict[str, Any]:
    """K16, K17, K19: the share the latest reconciliation of this very window matched; else which paper it takes."""
    found = latest_reconciliation(reading.project)
    if found is None or not found.is_of(first=terms.window.first, last=terms.window.last):
        return {"value": None, "needs": (say(f"needs.{source}"),)}
    value = found.share(code)
    lines = [
        (*(line.level, line.kind, str(line.count)), "; ".join(f"{v} {c}" for c, v in line.amounts.items()))
        for line in found.lines
    ]
    return {
        "value": value,
        "needs": () if value is not None else (say(f"needs.{source}"),),
        "counted": int(found.body["orders"]),
        "header": _MATCH_HEADER,
        "rows": lambda: iter(lines),
    }


def _brand_rows(reading: "Reading", terms: SalesTerms) -> Iterator[Row]:
    brands, exchange = _brands(reading), Exchange(terms, reading.rates)
    sales = (one.sale for one in counted_sales(reading, terms) if not one.excluded_as)
    for goods in read_goods(sales):
        amount = count_goods(goods=goods, exchange=exchange)
        if amount is None:
            continue
        since = brands.get(goods.brand.strip().lower())
        is_own = since is not None and day_of(goods.paid_at) >= since
        yield (
            *(goods.number, goods.sku, goods.brand, str(goods.quantity), f"{goods.amount_net:.2f}"),
            *(goods.currency, f"{amount:.2f}", terms.unit, "1" if is_own else "0"),
        )


def _brands(reading: "Reading") -> dict[str, Any]:
    owned = OwnBrand.objects.filter(group=reading.project.entity.group, trademark__isnull=False)
    return {name.strip().lower(): since for name, since in owned.values_list("name", "owned_from")}


def _holding(link: Ownership) -> Holding:
    return Holding(link.parent_id, link.child_id, link.percent, link.valid_from, link.valid_to)
