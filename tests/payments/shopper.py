"""A shopper with a browser: fills a basket, checks out and pays, all over HTTP."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe
from django.conf import settings
from django.test import Client
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.selectors import payment_by_token
from storefront.payments.services import ensure_countries

ADDRESS = {
    "country": "US",
    "first_name": "Anna",
    "last_name": "Lind",
    "line1": "14 Linden Street",
    "line2": "",
    "postcode": "10001",
    "line4": "New York",
    "state": "NY",
}


def make_product(*, title: str = "Watering can", price: str = "19.99", stock: int = 10, sku: str = "") -> Any:
    """Return a product on sale with its stock."""
    get = {name: get_model(*name.split(".")) for name in ("catalogue.Product", "catalogue.ProductClass")}
    product_class, _ = get["catalogue.ProductClass"].objects.get_or_create(name="Goods")
    product = get["catalogue.Product"].objects.create(title=title, product_class=product_class)
    partner, _ = get_model("partner", "Partner").objects.get_or_create(name="Own warehouse")
    product.stockrecords.create(
        partner=partner,
        partner_sku=sku or f"SKU-{product.pk}",
        price=Decimal(price),
        price_currency="USD",
        num_in_stock=stock,
    )
    return product


def stock_of(product: Any) -> tuple[int, int]:
    """Return what is in stock and what of it is allocated."""
    record = product.stockrecords.get()
    return record.num_in_stock, record.num_allocated or 0


@dataclass
class Shopper:
    """One browser."""

    standin: Any = None
    client: Client = field(default_factory=Client)

    def add(self, product: Any, quantity: int = 1) -> None:
        answer = self.client.post(f"/basket/add/{product.pk}/", {"quantity": quantity})
        assert answer.status_code == 302, answer.status_code

    def open_checkout(self) -> Any:
        ensure_countries()
        return self.client.get("/checkout/")

    def form(self, **changes: str | None) -> dict[str, str]:
        """Return checkout's form as filled in by this shopper; None leaves a field out."""
        page = self.open_checkout()
        data = {f"shipping-{name}": value for name, value in ADDRESS.items()}
        data |= {"email": "anna@example.test", "method": "standard", "billing_same": "on"}
        data |= {"basket_key": page.context["basket_key"]}
        data |= changes
        return {name: value for name, value in data.items() if value is not None}

    def send(self, data: dict[str, str]) -> Any:
        """Send the form as the page's script does."""
        return self.client.post("/checkout/place-order/", data, headers={"Accept": "application/json"})

    def order(self, **changes: str | None) -> "Order":
        """Fill in checkout and place the order."""
        answer = self.send(self.form(**changes))
        assert answer.status_code == 200, answer.content
        return Order(self, answer.json())

    def come_back(self, order: "Order", **changes: str) -> Any:
        """Open the return page as Stripe's script does."""
        query = {
            **{
                key: values[0] for key, values in parse_qs(urlsplit(order.answer["return_url"]).query).items()
            },
            "payment_intent": order.intent_id,
            "payment_intent_client_secret": order.answer["client_secret"],
            "redirect_status": "succeeded",
        }
        return self.client.get("/payments/return/", {**query, **changes})


@dataclass
class Order:
    """A placed order, as the browser knows it."""

    shopper: Shopper
    answer: dict[str, Any]

    @property
    def intent_id(self) -> str:
        return self.answer["client_secret"].partition("_secret_")[0]

    @property
    def payment(self) -> Payment:
        return Payment.objects.select_related("order").get(intent_id=self.intent_id)

    @property
    def token(self) -> str:
        return self.answer["pay_url"].rstrip("/").rpartition("/")[2]

    def pay(self, method: str = "pm_card_visa") -> None:
        """Confirm the intent in the browser's place; raises stripe.CardError for a declined card."""
        stripe_client().v1.payment_intents.confirm(
            self.intent_id, {"payment_method": method, "return_url": self.answer["return_url"]}
        )

    def event(self, type: str = "payment_intent.succeeded") -> str:
        """Return the id of the intent's newest event of a type."""
        events = [e for e in self.shopper.standin.events(type) if e["data"]["object"]["id"] == self.intent_id]
        return events[-1]["id"]

    def deliver(self, type: str = "payment_intent.succeeded", **signing: Any) -> Any:
        """Post the intent's event to the webhook as Stripe does."""
        return deliver(self.shopper.standin, self.event(type), **signing)


@dataclass
class HostedOrder:
    """A placed order that is paid on a page of Stripe's, as the browser knows it: where the shop leads there."""

    shopper: Shopper
    address: str

    @property
    def token(self) -> str:
        return self.address.rstrip("/").split("/")[-2]

    @property
    def payment(self) -> Payment:
        payment = payment_by_token(self.token)
        assert payment is not None
        return payment

    @property
    def intent_id(self) -> str:
        return self.payment.intent_id or "pi_none"

    @property
    def session_id(self) -> str:
        return self.payment.session_id or "cs_none"

    def open(self) -> Any:
        """Follow the link to Stripe's page; the answer leads there."""
        return self.shopper.client.get(self.address)

    def pay(self, method: str = "pm_card_visa") -> None:
        """Pay on the page in the browser's place; raises the stand-in's ApiError for a declined card."""
        self.shopper.standin.pay_session(self.session_id, method)

    def come_back(self, address: str) -> Any:
        """Follow Stripe's page back to the shop."""
        parts = urlsplit(address)
        return self.shopper.client.get(f"{parts.path}?{parts.query}")


def deliver(standin: Any, event_id: str, *, client: Client | None = None, **signing: Any) -> Any:
    """Post an event to the webhook, signed by the stand-in."""
    body, headers = standin.signed(event_id, **signing)
    return (client or Client()).post(
        "/payments/webhook/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": headers["Stripe-Signature"]},
    )


def deliver_changed(standin: Any, event_id: str, change: Any) -> Any:
    """Post an event whose body was changed before it was signed with the right secret."""
    from tests.servers.stripe import sign

    event = json.loads(standin.signed(event_id)[0])
    change(event)
    body = json.dumps(event).encode()
    signature = sign(body, secret=settings.STRIPE_WEBHOOK_SECRETS[0])
    return Client().post(
        "/payments/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )


def stripe_client() -> stripe.StripeClient:
    """Return a client of the stand-in's own, for what browsers and merchants do there."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=10),
    )
