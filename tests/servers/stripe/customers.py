"""Customers, the cards they keep, and the sessions that show those in a browser."""

from . import payment_methods
from .account import Account, RequestInfo
from .errors import ApiError, missing_resource
from .fields import read_shipping
from .forms import Params
from .payment_methods import ADDRESS
from .store import Record, new_id

LIST = frozenset({"created", "email", "limit", "starting_after", "ending_before", "expand"})
METHODS = frozenset({"type", "allow_redisplay", "limit", "starting_after", "ending_before", "expand"})
SESSION = frozenset({"customer", "components", "expand"})
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


def find(account: Account, identifier: str, *, param: str = "customer", status: int = 404) -> Record:
    """Return a customer who was not deleted, or raise resource_missing."""
    customer = account.store.get("customer", identifier)
    if customer is None or customer.get("deleted"):
        raise missing_resource("customer", identifier, param=param, status=status)
    return customer


def delete(account: Account, identifier: str, request: RequestInfo) -> Record:
    """Delete a customer and let go of every card they keep."""
    find(account, identifier, param="id")
    for method in kept_methods(account, identifier):
        method["customer"] = None
        account.save(method)
    gone: Record = {"id": identifier, "object": "customer", "deleted": True}
    account.save(gone)
    account.tell("customer.deleted", gone, request=request)
    return gone


def list_customers(account: Account, params: Params) -> list[Record]:
    """Return the customers who were not deleted, oldest first."""
    return [customer for customer in account.store.every("customer") if not customer.get("deleted")]


def kept_methods(account: Account, identifier: str) -> list[Record]:
    """Return what a customer keeps, oldest first."""
    return [m for m in account.store.every("payment_method") if m["customer"] == identifier]


def detach(account: Account, identifier: str, request: RequestInfo) -> Record:
    """Let go of a kept card; it can be used no more."""
    method = payment_methods.find(account, identifier)
    if not method["customer"]:
        raise ApiError(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    method["customer"] = None
    account.save(method)
    account.note(method, is_detached=True)
    account.tell("payment_method.detached", method, request=request)
    return method


def keep(account: Account, intent: Record, method: Record, request: RequestInfo) -> None:
    """Attach a method to the customer of an intent that asked for it."""
    if method["customer"] != intent["customer"]:
        method["customer"] = intent["customer"]
        account.save(method)
        account.tell("payment_method.attached", method, request=request)


def check_usable(account: Account, intent: Record, method: Record) -> None:
    """Refuse a card somebody else keeps, or one that was let go."""
    if account.noted(method["id"]).get("is_detached"):
        raise ApiError(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment or was"
            " detached from a Customer, and may not be used again.",
            param="payment_method",
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise ApiError(
            "The payment method you provided belongs to another customer. Please include the Customer in the"
            " `customer` parameter.",
            param="payment_method",
        )


def create_session(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make a session that shows a customer's cards in a browser for half an hour."""
    params.require("customer")
    params.require("components")
    customer = find(account, params.text("customer") or "", status=400)
    secret = f"cuss_secret_{new_id('', length=40)}"
    session: Record = {
        "id": secret,
        "object": "customer_session",
        "client_secret": secret,
        "components": params.mapping("components"),
        "created": account.now(),
        "customer": customer["id"],
        "expires_at": account.now() + 1800,
        "livemode": False,
    }
    account.store.put("customer_session", secret, session)
    return {name: value for name, value in session.items() if name != "id"}
