"""Oscar's order writing: numbers from a sequence, and every amount as it was quoted to the shopper."""

from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from oscar.apps.order import utils
from oscar.apps.order.utils import OrderDispatcher  # noqa: F401 - Oscar looks for it here
from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.payments.quotes import Quote, QuotedLine, tax_code
from storefront.payments.services import take_order_number


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

    def create_line_models(self, order: Any, basket_line: Any, extra_line_fields: Any = None) -> Any:
        quoted = self._quoted.get(basket_line.pk)
        agreed = _line_fields(quoted, order.currency) if quoted else {}
        if title := self._titles.get(basket_line.product.pk):
            agreed["title"] = Truncator(title).chars(
                get_model("order", "Line")._meta.get_field("title").max_length
            )
        return super().create_line_models(order, basket_line, {**agreed, **(extra_line_fields or {})})

    def create_line_price_models(self, order: Any, order_line: Any, basket_line: Any) -> None:
        """Write what one piece cost; where the line does not divide, the line is what was agreed."""
        if basket_line.pk not in self._quoted:
            super().create_line_price_models(order, order_line, basket_line)
            return
        order_line.prices.create(
            order=order,
            quantity=order_line.quantity,
            price_incl_tax=_each(order_line.line_price_incl_tax, order_line.quantity, order.currency),
            price_excl_tax=_each(order_line.line_price_excl_tax, order_line.quantity, order.currency),
            tax_code=order_line.tax_code,
        )


def _line_fields(quoted: QuotedLine, currency: str) -> dict[str, Any]:
    net, gross = quoted.net_before_discounts, quoted.gross_before_discounts
    return {
        "line_price_excl_tax": quoted.taxed.net,
        "line_price_incl_tax": quoted.taxed.gross,
        "line_price_before_discounts_excl_tax": net,
        "line_price_before_discounts_incl_tax": gross,
        "unit_price_excl_tax": _each(net, quoted.quantity, currency),
        "unit_price_incl_tax": _each(gross, quoted.quantity, currency),
        "tax_code": tax_code(quoted.taxed),
    }


def _each(amount: Any, quantity: int, currency: str) -> Any:
    return round_amount(amount=amount / quantity, currency=currency)
