"""Everything the shop knows of a customer, as plain values that JSON can hold (GDPR, Articles 15 and 20)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q
from oscar.core.loading import get_model

FORMAT = "storefront-personal-data/1"
_ADDRESS = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode", "country_id")
_DELIVERY = (*_ADDRESS, "phone_number", "notes")
_ORDER = (
    "number",
    "date_placed",
    "status",
    "currency",
    "total_incl_tax",
    "total_excl_tax",
    "shipping_incl_tax",
    "shipping_method",
    "guest_email",
)
_LINE = ("title", "partner_sku", "quantity", "line_price_incl_tax", "line_price_excl_tax", "status")


def read_personal_data(*, customer: Any, consent_token: UUID | None, now: datetime) -> dict[str, Any]:
    """Return what is stored of a customer, by kind; the same number of queries whatever there is.

    The log of consent has no names: what one browser chose is found by the number its cookie carries.
    """
    email = customer.email.lower()
    return {
        "format": FORMAT,
        "made_at": _plain(now),
        "profile": _row(customer, ("email", "first_name", "last_name", "date_joined", "last_login")),
        "addresses": _rows(get_model("address", "UserAddress"), Q(user=customer), _DELIVERY),
        "orders": _read_orders(customer),
        "store_credit": _read_credit(customer),
        "withdrawals": _rows(
            _model("withdrawals.Withdrawal"),
            Q(email__iexact=email) | Q(order__user=customer),
            ("order_number", "name", "email", "items", "received_at", "acknowledged_at", "handled_at"),
        ),
        "reviews": _rows(
            get_model("reviews", "ProductReview"),
            Q(user=customer),
            ("product__title", "score", "title", "body", "date_created", "status"),
        ),
        "wishlists": _read_wishlists(customer),
        "baskets": _read_baskets(customer),
        "newsletter": _rows(
            _model("newsletter.Subscription"),
            Q(email__iexact=email),
            (
                "email",
                "state",
                "language",
                "market_code",
                "consent_text",
                "asked_at",
                "confirmed_at",
                "ended_at",
            ),
        ),
        "stock_alerts": _rows(
            _model("stock_alerts.StockAlert"),
            Q(email__iexact=email),
            ("product__title", "email", "state", "consent_text", "asked_at", "confirmed_at", "sent_at"),
        ),
        "mails": _rows(
            get_model("communication", "Email"),
            Q(user=customer),
            ("email", "subject", "body_text", "date_sent"),
        ),
        "notifications": _rows(
            get_model("communication", "Notification"),
            Q(recipient=customer),
            ("subject", "body", "date_sent"),
        ),
        "consents": _rows(
            _model("consent.Choice"),
            Q(token=consent_token) if consent_token else Q(pk__in=[]),
            ("token", "purposes", "asked", "language", "market_code", "chosen_at"),
        ),
    }


def _read_orders(customer: Any) -> list[dict[str, Any]]:
    orders = (
        get_model("order", "Order")
        .objects.filter(user=customer)
        .select_related("billing_address", "shipping_address", "payment")
        .prefetch_related("lines", "shipping_events__parcels")
        .order_by("pk")
    )
    return [
        {
            **_row(order, _ORDER),
            "billing_address": order.billing_address and _row(order.billing_address, _ADDRESS),
            "delivery_address": order.shipping_address and _row(order.shipping_address, _DELIVERY),
            "arrival_promised": _row(order.payment, ("arrives_from", "arrives_by"))
            if hasattr(order, "payment")
            else None,
            "parcels": [
                {"sent_at": _plain(event.date_created), **_row(parcel, ("carrier", "number"))}
                for event in sorted(order.shipping_events.all(), key=lambda event: event.pk)
                for parcel in event.parcels.all()
            ],
            "lines": [_row(line, _LINE) for line in sorted(order.lines.all(), key=lambda line: line.pk)],
        }
        for order in orders
    ]


def _read_credit(customer: Any) -> list[dict[str, Any]]:
    accounts = (
        _model("tender.CreditAccount")
        .objects.filter(customer=customer)
        .prefetch_related("entries__order")
        .order_by("pk")
    )
    return [
        {
            **_row(account, ("currency", "balance", "expires_on", "created_at")),
            "entries": [
                {
                    **_row(entry, ("reason", "amount", "balance_after", "at")),
                    "order": entry.order.number if entry.order else None,
                }
                for entry in sorted(account.entries.all(), key=lambda entry: entry.pk)
            ],
        }
        for account in accounts
    ]


def _read_wishlists(customer: Any) -> list[dict[str, Any]]:
    lists = get_model("wishlists", "WishList").objects.filter(owner=customer).prefetch_related("lines")
    return [
        {
            **_row(wishlist, ("name", "visibility", "date_created")),
            "products": [_row(line, ("title", "quantity")) for line in wishlist.lines.all()],
        }
        for wishlist in lists.order_by("pk")
    ]


def _read_baskets(customer: Any) -> list[dict[str, Any]]:
    baskets = (
        get_model("basket", "Basket")
        .objects.filter(owner=customer, status__in=["Open", "Saved"])
        .prefetch_related("lines__product__parent")
        .order_by("pk")
    )
    return [
        {
            **_row(basket, ("status", "date_created")),
            "lines": [
                {"title": line.product.get_title(), "quantity": line.quantity} for line in basket.lines.all()
            ],
        }
        for basket in baskets
    ]


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def _rows(model: type[Model], condition: Q, names: Sequence[str]) -> list[dict[str, Any]]:
    found = model._default_manager.filter(condition).order_by("pk").values(*names)
    return [_named(row) for row in found]


def _row(instance: Any, names: Iterable[str]) -> dict[str, Any]:
    return _named({name: getattr(instance, name) for name in names})


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values under the names that readers know: country, product."""
    return {
        name.removesuffix("_id").replace("product__title", "product"): _plain(value)
        for name, value in values.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool, list, dict)) or value is None:
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
