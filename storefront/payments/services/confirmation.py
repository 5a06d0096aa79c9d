"""The mail that says an order is accepted, paid or its money reserved: one per order."""

import logging
from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from django_tasks import task
from oscar.core.loading import get_class

from storefront.compliance.selectors import guarantee_attachment, guarantee_labels, owes_guarantee_notice
from storefront.markets.editions import Edition, open_editions
from storefront.payments import selectors
from storefront.payments.models import Payment, PaymentState
from storefront.payments.totals import shown_line_price, totals_of_order
from storefront.product_facts.guarantees import list_guarantees

logger = logging.getLogger(__name__)

_ACCEPTED = (PaymentState.AUTHORISED, PaymentState.PAID)


@task()
def send_confirmation(payment_id: int) -> bool:
    """Mail the order's confirmation unless it was mailed already; return whether this call did."""
    claimed = Payment.objects.filter(pk=payment_id, state__in=_ACCEPTED, confirmed_at=None).update(
        confirmed_at=timezone.now()
    )
    if not claimed:
        return False
    payment = Payment.objects.select_related(
        "order__user",
        "order__shipping_address__country",
        "order__billing_address__country",
        "order__tax_terms",
    ).get(pk=payment_id)
    try:
        _send(payment)
    except Exception:
        # Reconciliation tries again.
        Payment.objects.filter(pk=payment_id).update(confirmed_at=None)
        logger.exception("The confirmation of order %s could not be sent.", payment.order.number)
        raise
    return True


def _send(payment: Payment) -> None:
    order = payment.order
    with translation.override(payment.language):
        context = mail_context(payment)
        dispatcher = get_class("order.utils", "OrderDispatcher")()
        dispatcher.send_order_placed_email_for_user(order, context, mail_attachments(context))


def mail_context(payment: Payment) -> dict[str, Any]:
    """Return what a mail about an order prints, in the language in force."""
    order = payment.order
    edition = _edition_of(order)
    lines = list(selectors.order_lines(order).prefetch_related(None))  # no pictures
    return {
        "user": order.user,
        "order": order,
        "payment": payment,
        "lines": [(line, shown_line_price(line, order=order)) for line in lines],
        "guarantees": list_guarantees(lines),
        "totals": totals_of_order(order),
        "shop_name": settings.SHOP_NAME,
        "order_url": order_address(order),
        "withdraw_url": _withdraw_address(order, edition),
        "guarantee_is_owed": edition is not None and owes_guarantee_notice(edition.market),
        "payments_are_pretended": settings.STRIPE_STANDIN,
    }


def order_address(order: Any) -> str:
    """Return the whole address of an order's own page, in the edition it was bought in."""
    path = reverse("checkout:order", kwargs={"token": selectors.order_token(order)})
    return _shop_address(path, _edition_of(order))


def mail_attachments(context: dict[str, Any]) -> list[tuple[str, bytes, str]]:
    """Return what the law wants a shopper to keep beside the words of a mail: (name, content, type) each."""
    edition = _edition_of(context["order"])
    if edition is None:
        return []
    return [
        *guarantee_attachment(market=edition.market, language=edition.language),
        *guarantee_labels(
            market=edition.market, guarantees=[guarantee for _title, guarantee in context["guarantees"]]
        ),
    ]


def _edition_of(order: Any) -> Edition | None:
    """Return the edition an order was bought in, while it is open."""
    terms = getattr(order, "tax_terms", None)
    bought_in = (terms.market_code, terms.language) if terms else None
    found = (e for e in open_editions() if (e.market.code, e.language) == bought_in)
    return next(found, None)


def _shop_address(path: str, edition: Edition | None) -> str:
    """Return the whole address of a path in an edition, wherever the mail is sent from."""
    bare = f"/{path.removeprefix(get_script_prefix())}"
    return urljoin(settings.WAGTAILADMIN_BASE_URL, edition.address(bare) if edition else bare)


def _withdraw_address(order: Any, edition: Edition | None) -> str:
    """Return where an order is withdrawn from, in the EU alone (Directive 2011/83/EU, Art. 11a)."""
    if edition is None or not edition.market.is_in_eu:
        return ""
    return f"{_shop_address(reverse('withdrawals:withdraw'), edition)}?{urlencode({'order': order.number})}"
