"""Control endpoints under /_standin/: what tests and the demo do to the stand-in, from this machine only."""

import ipaddress
import json
import urllib.parse
from typing import TYPE_CHECKING, Any

from .errors import ApiError
from .faults import KINDS, Fault

if TYPE_CHECKING:
    from .handler import Handler

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
HELP = {
    "GET /_standin/": "this text",
    "GET /_standin/requests": "the API requests so far",
    "GET /_standin/deliveries": "the webhooks, their attempts and states",
    "GET /_standin/violations": "parameters the real client does not know (strict mode)",
    "GET /_standin/faults": "the faults still to come",
    "POST /_standin/reset": "forget everything",
    "POST /_standin/faults": "order a fault: {kind, path, method, times, seconds, is_kept}; kind is one of "
    + ", ".join(KINDS),
    "DELETE /_standin/faults": "cancel the faults",
    "POST /_standin/settings": "change latency_seconds, webhook_mode (auto, manual), webhook_url",
    "POST /_standin/drop_next": "lose the next webhook; of one type with {type}",
    "POST /_standin/deliver_all": "deliver what is pending, in order",
    "POST /_standin/deliveries/<event>/deliver": "deliver, again if need be; {times}",
    "POST /_standin/deliveries/<event>/drop": "lose this one",
    "POST /_standin/payment_intents/<id>/authenticate": "end 3-D Secure: {is_authentic}",
    "POST /_standin/payment_intents/<id>/finish": "end processing: {is_paid}",
    "POST /_standin/payment_intents/<id>/expire": "release what it reserves, as the bank does in the end",
    "POST /_standin/payment_intents/<id>/dispute": "let the bank dispute it: {amount, reason, status}",
    "POST /_standin/payment_intents/<id>/warn": "let the card network warn of fraud: {fraud_type}",
    "POST /_standin/disputes/<id>/move": "bring a dispute to its next {status}",
    "POST /_standin/payouts": "pay the balance out: {currency, is_paid}",
    "POST /_standin/refunds/<id>/finish": "end a refund: {status} succeeded, failed, canceled",
}


def answer(handler: "Handler", *, method: str, path: str, body: bytes) -> None:
    """Answer a control request with JSON; refuse any which did not start on this machine.

    A body must be sent as application/json, which no other site's page can do without being asked about.
    """
    headers = {"Content-Type": "application/json"}
    if not _is_local(handler):
        handler.send(403, b'{"error": "the control endpoints answer this machine only"}', headers=headers)
        return
    if method != "GET" and handler.headers.get_content_type() != "application/json":
        handler.send(415, b'{"error": "send application/json"}', headers=headers)
        return
    try:
        values = json.loads(body or b"{}")
        found = _act(handler, method, [part for part in path.split("/")[2:] if part], values)
        status = 200
    except KeyError as error:
        status, found = 404, {"error": str(error)}
    except (ValueError, TypeError) as error:
        status, found = 400, {"error": str(error)}
    except ApiError as error:
        status, found = error.status, error.envelope()
    handler.send(status, json.dumps(found, indent=2).encode(), headers=headers)


def _is_local(handler: "Handler") -> bool:
    host = urllib.parse.urlsplit(f"//{handler.headers.get('Host', '')}").hostname
    forwarded = any(
        name.lower().startswith(("x-forwarded", "forwarded", "x-real-ip")) for name in handler.headers
    )
    return (
        host in LOCAL_HOSTS and not forwarded and ipaddress.ip_address(handler.client_address[0]).is_loopback
    )


def _act(handler: "Handler", method: str, parts: list[str], values: dict[str, Any]) -> Any:
    standin = handler.standin
    match (method, *parts):
        case ("GET",):
            return {"what": "a stand-in for Stripe; no money moves", "endpoints": HELP}
        case ("GET", "requests"):
            return standin.requests()
        case ("GET", "deliveries"):
            return standin.webhooks.deliveries()
        case ("GET", "violations"):
            return standin.violations
        case ("GET", "faults"):
            return standin.faults.listed()
        case ("POST", "reset"):
            standin.reset()
        case ("POST", "faults"):
            standin.faults.add(Fault(**values))
        case ("DELETE", "faults"):
            standin.faults.clear()
        case ("POST", "settings"):
            standin.change_settings(**values)
        case ("POST", "drop_next"):
            standin.webhooks.drop_next(type=values.get("type"))
        case ("POST", "deliver_all"):
            return standin.deliver_all()
        case ("POST", "deliveries", event_id, "deliver"):
            return [standin.deliver(event_id) for _ in range(int(values.get("times", 1)))]
        case ("POST", "deliveries", event_id, "drop"):
            standin.drop(event_id)
        case ("POST", "payment_intents", intent_id, "authenticate"):
            return standin.authenticate(intent_id, is_authentic=bool(values.get("is_authentic", True)))
        case ("POST", "payment_intents", intent_id, "finish"):
            return standin.finish_processing(intent_id, is_paid=bool(values.get("is_paid", True)))
        case ("POST", "payment_intents", intent_id, "expire"):
            return standin.expire_authorisation(intent_id)
        case ("POST", "payment_intents", intent_id, "dispute"):
            return standin.dispute(intent_id, **values)
        case ("POST", "payment_intents", intent_id, "warn"):
            return standin.warn_of_fraud(intent_id, **values)
        case ("POST", "disputes", dispute_id, "move"):
            return standin.move_dispute(dispute_id, status=str(values.get("status")))
        case ("POST", "payouts"):
            return standin.pay_out(**values)
        case ("POST", "refunds", refund_id, "finish"):
            return standin.finish_refund(refund_id, status=str(values.get("status", "succeeded")))
        case _:
            raise KeyError(f"no control endpoint {method} /_standin/{'/'.join(parts)}")
    return {"ok": True}
