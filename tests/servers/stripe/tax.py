"""Tax calculations: a few states of the US at one rate each, nothing collected elsewhere."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .account import Account, RequestInfo
from .errors import ApiError
from .forms import Params, read_integer
from .store import Record, new_id

CREATE = frozenset(
    {"currency", "line_items", "customer_details", "shipping_cost", "ship_from_details", "tax_date", "expand"}
)
RATES = {"TX": Decimal("8.25"), "CA": Decimal("9.5"), "WA": Decimal("10.35")}


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Return the tax on each line item and on the shipping cost, in the currency's smallest unit."""
    params.require("currency")
    params.require("line_items")
    address = (params.mapping("customer_details") or {}).get("address") or {}
    if address.get("country") == "US" and not address.get("postal_code"):
        raise ApiError(
            "The customer's address needs a postal code.",
            code="customer_tax_location_invalid",
            param="customer_details[address]",
        )
    rate = RATES.get(address.get("state", ""), Decimal(0)) if address.get("country") == "US" else Decimal(0)
    items = [_tax(item, rate, kind="tax.calculation_line_item") for item in params.values["line_items"]]
    shipping = params.mapping("shipping_cost")
    taxed_shipping = _tax(shipping, rate, kind="shipping_cost") if shipping else None
    parts = [*items, *([taxed_shipping] if taxed_shipping else [])]
    added = sum(part["amount_tax"] for part in parts if part["tax_behavior"] == "exclusive")
    return {
        "id": new_id("taxcalc_"),
        "object": "tax.calculation",
        "amount_total": sum(part["amount"] for part in parts) + added,
        "currency": params.text("currency"),
        "line_items": {"object": "list", "data": items, "has_more": False, "url": "/v1/tax/calculations"},
        "livemode": False,
        "shipping_cost": taxed_shipping,
        "tax_amount_exclusive": added,
        "tax_amount_inclusive": sum(part["amount_tax"] for part in parts) - added,
    }


def _tax(item: dict[str, Any], rate: Decimal, *, kind: str) -> Record:
    amount = read_integer(item.get("amount"), param="line_items[amount]")
    is_inclusive = item.get("tax_behavior") == "inclusive"
    share = rate / (100 + rate) if is_inclusive else rate / 100
    tax = int((amount * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    details = {"percentage_decimal": str(rate), "tax_type": "sales_tax"} if rate else None
    reason = "standard_rated" if rate else "not_collecting"
    return {
        "object": kind,
        "amount": amount,
        "amount_tax": tax,
        "quantity": int(item.get("quantity", 1)),
        "reference": item.get("reference"),
        "tax_behavior": item.get("tax_behavior", "exclusive"),
        "tax_breakdown": [{"amount": tax, "taxability_reason": reason, "tax_rate_details": details}],
        "tax_code": item.get("tax_code"),
    }
