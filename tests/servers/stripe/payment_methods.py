"""Payment methods: a test card or account, kept as its last digits and its behaviour, never as its number."""

import datetime
from typing import Any

from . import cards
from .account import Account, RequestInfo
from .cards import Behaviour, Decline
from .errors import ApiError, missing_resource
from .forms import Params, read_integer
from .store import Record, new_id

CREATE = frozenset({"type", "card", "sepa_debit", "billing_details", "metadata", "allow_redisplay", "expand"})
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make a payment method from a card number or an IBAN."""
    params.require("type")
    return build(account, params.values, request, prefix="", metadata=params.metadata({}))


def build(
    account: Account,
    values: dict[str, Any],
    request: RequestInfo,
    *,
    prefix: str,
    metadata: dict[str, str] | None = None,
) -> Record:
    """Make a payment method from the fields of a request or of its payment_method_data."""
    type_ = values.get("type")
    if type_ not in ("card", "sepa_debit"):
        raise ApiError(f"the stand-in does not serve payment methods of type {type_!r}", param="type")
    details = values.get(type_)
    if not isinstance(details, dict):
        raise ApiError(
            f"Missing required param: {prefix}{type_}.", code="parameter_missing", param=f"{prefix}{type_}"
        )
    if type_ == "card":
        if not request.is_publishable and not account.allow_raw_cards:
            raise ApiError(
                "Sending credit card numbers directly to the Stripe API is generally unsafe. To"
                " continue processing,"
                " collect the card in the browser with Stripe.js, or use a test method such as pm_card_visa.",
                status=402,
            )
        shown, behaviour = _read_card(details, year_now=_year_and_month(account))
    else:
        shown, behaviour = _read_iban(details)
    return _keep(account, type_, shown, behaviour, values.get("billing_details"), metadata or {})


def find(account: Account, identifier: str, *, param: str = "payment_method", status: int = 400) -> Record:
    """Return a payment method by id, or a new one for Stripe's ready-made names such as pm_card_visa."""
    number = cards.NAMED_METHODS.get(identifier)
    if number is not None:
        year, _ = _year_and_month(account)
        shown = _show_card(number, month=12, year=year + 3)
        return _keep(account, "card", shown, cards.judge_card(number), None, {})
    method = account.store.get("payment_method", identifier)
    if method is None:
        raise missing_resource("payment_method", identifier, param=param, status=status)
    return method


def behaviour_of(account: Account, identifier: str) -> Behaviour:
    """Return what happens when this payment method is charged."""
    noted = account.noted(identifier)
    decline = Decline(*noted["decline"]) if noted.get("decline") else None
    return Behaviour(noted["outcome"], decline, noted["refund"])


def _year_and_month(account: Account) -> tuple[int, int]:
    moment = datetime.datetime.fromtimestamp(account.clock(), datetime.UTC)
    return moment.year, moment.month


def _read_card(details: dict[str, Any], *, year_now: tuple[int, int]) -> tuple[Record, Behaviour]:
    number = "".join(str(details.get("number", "")).split())
    if (
        not number.isascii()
        or not number.isdigit()
        or not 12 <= len(number) <= 19
        or not cards.passes_luhn(number)
    ):
        raise _card_error("incorrect_number", "Your card number is incorrect.", "number")
    month = read_integer(details.get("exp_month"), param="card[exp_month]")
    year = read_integer(details.get("exp_year"), param="card[exp_year]")
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise _card_error("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")
    if (year, month) < year_now or year > year_now[0] + 50:
        raise _card_error("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
    code = details.get("cvc")
    if code is not None and not (isinstance(code, str) and code.isdigit() and len(code) in (3, 4)):
        raise _card_error("invalid_cvc", "Your card's security code is invalid.", "cvc")
    return _show_card(number, month=month, year=year), cards.judge_card(number)


def _card_error(code: str, message: str, param: str) -> ApiError:
    return ApiError(message, status=402, type="card_error", code=code, param=param, kept=True)


def _show_card(number: str, *, month: int, year: int) -> Record:
    brand = cards.name_brand(number)
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "unchecked"},
        "country": "US",
        "display_brand": brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": cards.fingerprint(number),
        "funding": "credit",
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _read_iban(details: dict[str, Any]) -> tuple[Record, Behaviour]:
    iban = "".join(str(details.get("iban", "")).split()).upper()
    if iban not in cards.IBANS:
        raise ApiError(
            "The IBAN you provided is not one of Stripe's test accounts.",
            code="invalid_bank_account_iban",
            param="sepa_debit[iban]",
        )
    shown = {
        "bank_code": iban[4:12],
        "branch_code": "",
        "country": iban[:2],
        "fingerprint": cards.fingerprint(iban),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": iban[-4:],
    }
    return shown, cards.IBANS[iban]


def _keep(
    account: Account,
    type_: str,
    shown: Record,
    behaviour: Behaviour,
    billing: Any,
    metadata: dict[str, str],
) -> Record:
    billing = billing if isinstance(billing, dict) else {}
    address = billing.get("address") if isinstance(billing.get("address"), dict) else {}
    method = {
        "id": new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {name: address.get(name) or None for name in ADDRESS},
            "email": billing.get("email") or None,
            "name": billing.get("name") or None,
            "phone": billing.get("phone") or None,
            "tax_id": None,
        },
        "created": account.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": metadata,
        "type": type_,
        type_: shown,
    }
    decline = behaviour.decline
    account.note(
        method,
        outcome=behaviour.outcome,
        decline=[decline.code, decline.decline_code, decline.message] if decline else None,
        refund=behaviour.refund,
    )
    return account.save(method)
