"""Setup intents: a card kept for later without a payment."""

from . import customers, payment_methods
from .account import Account, RequestInfo
from .cards import DECLINED
from .errors import ApiError, missing_resource, unexpected_state
from .fields import check_return_url, read_automatic, read_method
from .forms import Params
from .store import Record, new_id

CREATE = frozenset({"customer", "usage", "automatic_payment_methods", "metadata", "description", "expand"})
CONFIRM = frozenset(
    {"payment_method", "payment_method_data", "return_url", "client_secret", "use_stripe_sdk", "expand"}
)


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make a setup intent for a customer."""
    customer = params.text("customer")
    if customer:
        customers.find(account, customer, status=400)
    identifier = new_id("seti_")
    setup: Record = {
        "id": identifier,
        "object": "setup_intent",
        "automatic_payment_methods": read_automatic(params),
        "cancellation_reason": None,
        "client_secret": f"{identifier}_secret_{new_id('', length=25)}",
        "created": account.now(),
        "customer": customer,
        "description": params.text("description"),
        "last_setup_error": None,
        "livemode": False,
        "metadata": params.metadata({}),
        "next_action": None,
        "payment_method": None,
        "payment_method_types": list(account.payment_method_types),
        "status": "requires_payment_method",
        "usage": params.choice("usage", ("off_session", "on_session")) or "off_session",
    }
    account.save(setup)
    account.tell("setup_intent.created", setup, request=request)
    return setup


def find(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Return a setup intent; a browser needs its secret."""
    setup = account.store.get("setup_intent", identifier)
    if setup is None:
        raise missing_resource("setup_intent", identifier)
    given = params.text("client_secret")
    if given is None and request.is_publishable:
        params.require("client_secret")
    if given is not None and given != setup["client_secret"]:
        raise ApiError("The client_secret provided does not match the SetupIntent.", param="client_secret")
    return setup


def confirm(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Keep the card with the customer, or decline it."""
    setup = find(account, identifier, params, request)
    if setup["status"] == "succeeded":
        raise unexpected_state(
            "You cannot confirm this SetupIntent because it has already succeeded.", intent=setup
        )
    check_return_url(params.text("return_url"))
    method = read_method(account, params, request)
    if method is None:
        params.require("payment_method")
        raise ApiError("Missing required param: payment_method.", param="payment_method")
    behaviour = payment_methods.behaviour_of(account, method["id"])
    if behaviour.outcome == DECLINED and behaviour.decline:
        raise ApiError(behaviour.decline.message, status=402, type="card_error", code=behaviour.decline.code)
    setup.update(status="succeeded", payment_method=method["id"])
    account.save(setup)
    if setup["customer"]:
        customers.keep(account, setup, method, request)
    account.tell("setup_intent.succeeded", setup, request=request)
    return setup
