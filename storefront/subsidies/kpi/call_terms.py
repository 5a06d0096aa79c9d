"""How a call counts sales: what of its data the formulas go by."""

from storefront.subsidies.facts.windows import Window
from storefront.subsidies.kpi.amounts import BASES, BY_ORDER, BY_REFUND_DATE, NET, SalesTerms
from storefront.subsidies.kpi.formulas import COUNT, DATE, PERCENT
from storefront.subsidies.models import Call

DEFAULT_MONEY_UNIT = "USD"


def sales_terms(call: Call, *, unit: str = "") -> SalesTerms:
    """Return a call's window, its exchange rule, and what its award says of basis and refunds."""
    basis, refunds = call.award.get("sales_basis", NET), call.award.get("refunds", BY_ORDER)
    if basis not in BASES or refunds not in (BY_ORDER, BY_REFUND_DATE):
        raise ValueError(f"{call.code}: sales_basis {basis!r} or refunds {refunds!r} is not known")
    return SalesTerms(
        window=Window(call.measure_from, call.measure_to),
        unit=unit or unit_of(call),
        fx_rule=call.fx_rule,
        fx_date=call.fx_date,
        basis=basis,
        refunds=refunds,
    )


def unit_of(call: Call) -> str:
    """Return the currency in which a call counts sales: that of its conditions, dollars where it names none."""
    units = (criterion.unit for criterion in call.criteria.all())
    return next((unit for unit in units if money_unit(unit)), DEFAULT_MONEY_UNIT)


def money_unit(unit: str) -> str:
    """Return the unit where it is a currency, nothing for shares, counts and days."""
    return unit if unit not in (PERCENT, COUNT, DATE) else ""
