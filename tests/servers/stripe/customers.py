"""Customers, as far as a payment intent needs one."""

from .account import Account, RequestInfo
from .fields import read_shipping
from .forms import Params
from .payment_methods import ADDRESS
from .store import Record, new_id

CREATE = frozenset({"address", "description", "email", "metadata", "name", "phone", "shipping", "expand"})


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make a customer."""
    address = params.mapping("address")
    customer: Record = {
        "id": new_id("cus_", length=14),
        "object": "customer",
        "address": {name: address.get(name) or None for name in ADDRESS} if address else None,
        "balance": 0,
        "created": account.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": params.text("description"),
        "email": params.text("email"),
        "livemode": False,
        "metadata": params.metadata({}),
        "name": params.text("name"),
        "phone": params.text("phone"),
        "preferred_locales": [],
        "shipping": read_shipping(params.mapping("shipping")),
        "tax_exempt": "none",
    }
    account.save(customer)
    account.tell("customer.created", customer, request=request)
    return customer
