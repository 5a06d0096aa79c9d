"""The sheet of a wallet in the shop's words: its sums as Stripe's element wants them, its answers as checkout's form.

What goes to and fro has the names of docs.stripe.com/elements/express-checkout-element.
"""

import json
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from storefront.payments.selectors import PaymentWay, charged_units

from .summary import Summary

_ADDRESS = {
    "country": "country",
    "state": "state",
    "postal_code": "postcode",
    "city": "line4",
    "line1": "line1",
    "line2": "line2",
}
_PASSED_ON = ("basket_key", "shown_total", "shown_credit")


def read_sheet(body: bytes) -> QueryDict:
    """Return what the sheet says so far as checkout's form would; empty for what is no sheet.

    The delivery address of the end takes the place of the part of it that wallets tell before. The last word of a
    name is the family name. A phone number is taken with its country code only.
    """
    form = QueryDict(mutable=True)
    try:
        said = _Part(json.loads(body))
    except ValueError:
        said = _Part({})
    form.update({name: str(value) for name, value in said.part("form").items()})
    form.update({name: said.text(name) for name in _PASSED_ON if name in said})
    ship_to, customer = said.part("shippingAddress"), said.part("billingDetails")
    address = ship_to.part("address") or said.part("address")
    form.update({f"shipping-{field}": address.text(name) for name, field in _ADDRESS.items()})
    first, _space, last = (ship_to.text("name") or customer.text("name")).rpartition(" ")
    form.update({"shipping-first_name": first, "shipping-last_name": last, "email": customer.text("email")})
    if (phone := customer.text("phone")).startswith("+"):
        form["shipping-phone_number"] = phone
    form["method"] = said.part("shippingRate").text("id")
    form["billing_same"], form["way"] = "on", PaymentWay.STRIPE.value
    return form


class _Part(dict):
    """An object of a sheet, read without trust in its shape."""

    def __init__(self, value: Any):
        super().__init__(value if isinstance(value, dict) else {})

    def part(self, name: str) -> "_Part":
        return _Part(self.get(name))

    def text(self, name: str) -> str:
        return str(self.get(name) or "").strip()


def describe_sheet(*, countries: list[str], summary: Summary, sent: QueryDict, key: str) -> dict[str, Any]:
    """Return the sheet: its lines and the delivery that is chosen add up to `amount`.

    `problem` says why nothing can be sent to the address, or be paid.
    """
    return {
        "problem": _problem(countries, summary, sent),
        "amount": summary.minor_total,
        "currency": summary.currency.lower(),
        "agreed": {
            "basket_key": key,
            "shown_total": str(summary.total),
            "shown_credit": str(summary.totals.credit),
        },
        "sheet": {"lineItems": _lines(summary), "shippingRates": _rates(summary)},
        "asks": {
            "emailRequired": True,
            "phoneNumberRequired": True,
            "shippingAddressRequired": True,
            "allowedShippingCountries": countries,
        },
    }


def _problem(countries: list[str], summary: Summary, sent: QueryDict) -> str:
    if sent["shipping-country"] and sent["shipping-country"] not in countries:
        return _("We do not ship to this country")
    if not summary.minor_total:
        return _("Nothing is left to pay. Go to checkout to order.")
    return summary.problem or summary.too_small


def _lines(summary: Summary) -> list[dict[str, Any]]:
    totals = summary.totals
    taxes = [(tax.label, tax.amount) for tax in totals.taxes] if totals.is_tax_added else []
    parts = [
        (_("Subtotal"), totals.subtotal),
        (_("Discount"), -totals.discount),
        *taxes,
        (_("Gift card or store credit"), -totals.credit),
    ]
    return [{"name": str(name), "amount": _units(amount, summary)} for name, amount in parts if amount]


def _rates(summary: Summary) -> list[dict[str, Any]]:
    """Return the ways of delivery, the chosen one first: wallets begin with that."""
    return [
        {
            "id": choice.method.code,
            "displayName": str(choice.method.name),
            "amount": _units(summary.totals.delivery if choice.is_chosen else choice.charge, summary),
        }
        for choice in sorted(summary.choices, key=lambda choice: not choice.is_chosen)
    ]


def _units(amount: Decimal, summary: Summary) -> int:
    units = charged_units(amount=abs(amount), currency=summary.currency)
    return -units if amount < 0 else units
