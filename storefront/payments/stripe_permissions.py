"""What a restricted key must be allowed: every endpoint the shop calls, under the permission it needs.

Sections and resources are named as on Stripe's page of restricted keys, endpoints as in docs.stripe.com/api. The
tables in docs/how-to/go-live-with-stripe.md say the same; a test compares the two with the calls in this app.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Permission:
    """One line of Stripe's page. `question` reads something harmless, to find out whether the key may."""

    section: str
    resource: str
    access: str
    what_for: str
    endpoints: tuple[str, ...]
    question: Callable[[Any], Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.section} → {self.resource}"


PERMISSIONS = (
    Permission(
        "Core",
        "PaymentIntents",
        "Write",
        "start, read, find, take and cancel payments",
        (
            "POST /v1/payment_intents",
            "GET /v1/payment_intents",
            "GET /v1/payment_intents/{intent}",
            "POST /v1/payment_intents/{intent}/capture",
            "POST /v1/payment_intents/{intent}/cancel",
        ),
        lambda client: client.v1.payment_intents.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Charges and Refunds",
        "Write",
        "name the card on the order, give money back",
        (
            "GET /v1/charges",
            "GET /v1/charges/{charge}",
            "POST /v1/refunds",
            "GET /v1/refunds",
            "GET /v1/refunds/{refund}",
        ),
        lambda client: client.v1.charges.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Customers",
        "Write",
        "customers who keep cards; forgotten with their account",
        (
            "POST /v1/customers",
            "GET /v1/customers",
            "GET /v1/customers/{customer}",
            "DELETE /v1/customers/{customer}",
        ),
        lambda client: client.v1.customers.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Customer Sessions",
        "Write",
        "show a customer's kept cards in the card form",
        ("POST /v1/customer_sessions",),
    ),
    Permission(
        "Core", "SetupIntents", "Write", "add a card in the customer's account", ("POST /v1/setup_intents",)
    ),
    Permission(
        "Core",
        "PaymentMethods",
        "Write",
        "list and delete kept cards",
        (
            "GET /v1/customers/{customer}/payment_methods",
            "POST /v1/payment_methods/{payment_method}/detach",
        ),
    ),
    Permission(
        "Core",
        "Disputes",
        "Read",
        "show what a customer's bank wants back, and until when",
        ("GET /v1/disputes", "GET /v1/disputes/{dispute}"),
        lambda client: client.v1.disputes.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Balance",
        "Read",
        "compare the books",
        ("GET /v1/balance_transactions",),
        lambda client: client.v1.balance_transactions.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Payouts",
        "Read",
        "show which orders a payout pays",
        ("GET /v1/payouts", "GET /v1/payouts/{payout}"),
        lambda client: client.v1.payouts.list({"limit": 1}),
    ),
    Permission(
        "Core",
        "Events",
        "Read",
        "find what a webhook did not bring",
        ("GET /v1/events",),
        lambda client: client.v1.events.list({"limit": 1}),
    ),
    Permission(
        "Checkout",
        "Checkout Sessions",
        "Write",
        "Stripe's own payment page, where it is chosen",
        (
            "POST /v1/checkout/sessions",
            "GET /v1/checkout/sessions",
            "GET /v1/checkout/sessions/{session}",
            "POST /v1/checkout/sessions/{session}/expire",
        ),
        lambda client: client.v1.checkout.sessions.list({"limit": 1}),
    ),
    Permission(
        "Radar",
        "Early fraud warnings",
        "Read",
        "show which payments a card network warns of",
        ("GET /v1/radar/early_fraud_warnings", "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}"),
        lambda client: client.v1.radar.early_fraud_warnings.list({"limit": 1}),
    ),
    Permission(
        "Tax",
        "Tax Calculations and Transactions",
        "Write",
        "only with `TAX_PROVIDER=stripe`",
        ("POST /v1/tax/calculations",),
    ),
    Permission(
        "Webhook",
        "Webhook Endpoints",
        "Read",
        "`stripe_check` only",
        ("GET /v1/webhook_endpoints",),
    ),
    Permission(
        "Connect",
        "Accounts",
        "Read",
        "`stripe_check` only",
        ("GET /v1/account", "GET /v1/country_specs/{country}"),
    ),
)
