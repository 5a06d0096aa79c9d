"""Oscar's order writing: numbers from a sequence, amounts as quoted, as much SQL for fifty lines as for one."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from oscar.apps.order import utils
from oscar.apps.order.signals import order_placed
from oscar.apps.order.utils import OrderDispatcher  # noqa: F401 - Oscar looks for it here

from storefront.payments.quotes import Quote
from storefront.payments.services import take_order_number

from .lines import write_lines
from .purchases import count_purchases
from .stock import allocate_stock


class OrderNumberGenerator(utils.OrderNumberGenerator):
    """Numbers such as SK-100001 for whoever asks Oscar for one."""

    def order_number(self, basket: Any) -> str:
        return take_order_number(now=timezone.now())


class OrderCreator(utils.OrderCreator):
    """Writes the lines of a quote, titled as the shopper read them; Oscar's own arithmetic has no say in a market."""

    def __init__(
        self, *, quote: Quote | None = None, has_tax: bool = False, titles: dict[int, str] | None = None
    ):
        self._quoted = {line.key: line for line in quote.lines} if quote and has_tax else {}
        self._titles = titles or {}

    def place_order(
        self,
        basket: Any,
        total: Any,
        shipping_method: Any,
        shipping_charge: Any,
        user: Any = None,
        shipping_address: Any = None,
        billing_address: Any = None,
        order_number: str | None = None,
        status: str | None = None,
        request: Any = None,
        surcharges: Any = None,
        **fields: Any,
    ) -> Any:
        """Write what Oscar writes, each table at once; call it in a transaction, the stock records locked.

        Raises ValueError for a voucher that can no longer be used.
        """
        order = self.create_order_model(
            user,
            basket,
            shipping_address,
            shipping_method,
            shipping_charge,
            billing_address,
            total,
            order_number or take_order_number(now=timezone.now()),
            status or settings.OSCAR_INITIAL_ORDER_STATUS,
            request,
            surcharges=surcharges,
            **fields,
        )
        vouchers = _usable_vouchers(basket, user)
        self._write_discounts(order, basket, shipping_method)
        for voucher in vouchers:
            self.record_voucher_usage(order, voucher, user)
        lines = list(basket.all_lines())
        write_lines(order=order, basket_lines=lines, quoted=self._quoted, titles=self._titles)
        allocate_stock(lines)
        count_purchases(order=order, basket_lines=lines, user=user)
        order_placed.send(sender=self, order=order, user=user)
        return order

    def _write_discounts(self, order: Any, basket: Any, shipping_method: Any) -> None:
        for application in basket.offer_applications:
            application["message"] = application["offer"].apply_deferred_benefit(basket, order, application)
            if application["result"].affects_shipping:
                application["discount"] = shipping_method.discount(basket)
                if application["discount"] <= Decimal(0):
                    continue
            self.create_discount_model(order, application)
            self.record_discount(application)


def _usable_vouchers(basket: Any, user: Any) -> list[Any]:
    """Return the basket's vouchers, locked; those that have ended meanwhile are taken out."""
    usable = []
    for voucher in basket.vouchers.select_for_update():
        if not voucher.is_active():
            basket.vouchers.remove(voucher)
            continue
        is_available, reason = voucher.is_available_to_user(user=user)
        if not is_available:
            raise ValueError(reason)
        usable.append(voucher)
    return usable
