"""Words, colours and messages of the shop's pages in the back office."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.messages import constants, get_messages
from django.contrib.messages.storage.base import Message
from django.db.models import Model
from django.utils.safestring import mark_safe

from storefront.payments.totals import Totals, totals_of_order
from storefront.shop.dashboard import selectors

register = template.Library()


_CALM, _WAITS_FOR_US, _ALARM = "w-status--primary", "w-status--label", "w-status--critical"
_STATUS_CLASSES = {
    selectors.AUTHORISED: _WAITS_FOR_US,
    selectors.PAID: _WAITS_FOR_US,
    selectors.SHIPPED: _CALM,
    selectors.CANCELLED: _ALARM,
}
_PAYMENT_CLASSES = {
    "authorised": _WAITS_FOR_US,
    "paid": _WAITS_FOR_US,
    "cancelled": _CALM,
    "expired": _CALM,
    "mismatch": _ALARM,
    "needs_refund": _ALARM,
}


@register.filter
def status_label(status: str) -> str:
    """Return the words for an order's or line's status."""
    return selectors.STATUS_LABELS.get(status, status)


@register.filter
def payment_of(order: Model) -> selectors.PaymentSummary:
    """Return the state of the money of `order`."""
    return selectors.summarise_payment(order)


@register.filter
def totals_of(order: Model) -> Totals:
    """Return the sums of `order` as they were agreed, tax by rate."""
    return totals_of_order(order)


@register.filter
def status_class(status: str) -> str:
    """Return the colour of an order's status: which orders wait for the merchant stands out."""
    return _STATUS_CLASSES.get(status, "")


@register.filter
def payment_class(state: str) -> str:
    """Return the colour of a payment's state."""
    return _PAYMENT_CLASSES.get(state, "")


@register.simple_tag(takes_context=True)
def shop_messages(context: dict[str, Any]) -> Iterable[Message]:
    """Return the messages of this request as Wagtail shows them.

    Oscar says "saved" as an information, Wagtail as a success; what Oscar tags `safe` is HTML of its templates.
    """
    messages = list(get_messages(context["request"]))
    for message in messages:
        if message.level == constants.INFO:
            message.level = constants.SUCCESS
        if "safe" in (message.extra_tags or "").split():
            message.message = mark_safe(message.message)
            message.extra_tags = ""
    return messages
