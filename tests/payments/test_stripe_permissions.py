"""The one list of permissions: every call to Stripe is in it, and the documentation says the same."""

import ast
import inspect
import re
from pathlib import Path

import pytest
import stripe
from django.core.management import call_command

from storefront.payments.stripe_permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "go-live-with-stripe.md").read_text()
CLIENT = stripe.StripeClient("sk_test_nobody")


def calls():
    """Yield each service method of Stripe's client that the shop names, such as "payment_intents.create"."""
    for file in (ROOT / "storefront").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if found := re.fullmatch(r"(?:client|_client\(\))\.v1\.([\w.]+)", name):
                yield found[1]


def method_of(name):
    """Return the client's method; None for a service on the way to one."""
    thing = CLIENT.v1
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing if inspect.ismethod(thing) else None


def endpoint_of(method):
    """Return what a method of the installed client sends, such as "GET /v1/charges/{charge}"."""
    verb, path = re.search(r'_request\(\s*"(\w+)",\s*"([^"]+)"', inspect.getsource(method)).groups()
    return f"{verb.upper()} {path}"


def test_every_endpoint_the_shop_calls_is_in_the_list_and_no_other():
    called = {endpoint_of(method) for name in set(calls()) if (method := method_of(name))}
    assert len(called) > 30
    listed = [endpoint for permission in PERMISSIONS for endpoint in permission.endpoints]
    assert len(listed) == len(set(listed))
    assert set(listed) == called


def test_what_changes_something_needs_a_permission_to_write():
    for permission in PERMISSIONS:
        is_writing = any(not endpoint.startswith("GET ") for endpoint in permission.endpoints)
        assert permission.access == ("Write" if is_writing else "Read"), permission.name


def test_the_documentations_tables_are_the_list():
    for permission in PERMISSIONS:
        row = (
            f"| {permission.section} | {permission.resource} | {permission.access} | {permission.what_for} |"
        )
        assert row in PAGE
    rows = re.findall(r"^\| `((?:GET|POST|DELETE) [^`]+)` \| (.+?) \| (\w+) \|$", PAGE, flags=re.MULTILINE)
    assert rows == [
        (endpoint, permission.name, "Read" if endpoint.startswith("GET ") else "Write")
        for permission in PERMISSIONS
        for endpoint in permission.endpoints
    ]


@pytest.mark.django_db
def test_stripe_check_calls_nothing_else_and_only_reads(standin, settings):
    settings.STRIPE_STANDIN = False
    with pytest.raises(Exception, match="missing"):
        call_command("stripe_check")
    patterns = [
        re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(endpoint)))
        for permission in PERMISSIONS
        for endpoint in permission.endpoints
    ]
    sent = {f"{request['method']} {request['path']}" for request in standin.requests()}
    assert len(sent) > 8
    for request in sent:
        assert request.startswith("GET ")
        assert any(pattern.fullmatch(request) for pattern in patterns), request
