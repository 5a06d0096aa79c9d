"""The mail that says an order is paid: one per order."""

import logging
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from django_tasks import task
from oscar.core.loading import get_class

from storefront.markets.editions import open_editions
from storefront.payments import selectors
from storefront.payments.models import Payment, PaymentState
from storefront.payments.totals import shown_line_price, totals_of_order

logger = logging.getLogger(__name__)


@task()
def send_confirmation(payment_id: int) -> bool:
    """Mail the order's confirmation unless it was mailed already; return whether this call did."""
    claimed = Payment.objects.filter(pk=payment_id, state=PaymentState.PAID, confirmed_at=None).update(
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
        path = _order_path(order)
        context = {
            "user": order.user,
            "order": order,
            "payment": payment,
            "lines": [(line, shown_line_price(line, order=order)) for line in selectors.order_lines(order)],
            "totals": totals_of_order(order),
            "shop_name": settings.SHOP_NAME,
            "order_url": urljoin(settings.WAGTAILADMIN_BASE_URL, path),
            "payments_are_pretended": settings.STRIPE_STANDIN,
        }
        dispatcher = get_class("order.utils", "OrderDispatcher")()
        dispatcher.send_order_placed_email_for_user(order, context)


def _order_path(order: Any) -> str:
    """Return the path of the order's page in the edition it was bought in, wherever the mail is sent from."""
    path = reverse("checkout:order", kwargs={"token": selectors.order_token(order)})
    terms = getattr(order, "tax_terms", None)
    if terms is None:
        return path
    bare = f"/{path.removeprefix(get_script_prefix())}"
    bought_in = (terms.market_code, terms.language)
    found = (e for e in open_editions() if (e.market.code, e.language) == bought_in)
    edition = next(found, None)
    return edition.address(bare) if edition else bare
