"""An order's lines with their prices, options and discounts, each table written at once."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.text import Truncator
from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.payments.quotes import QuotedLine, tax_code

Line = get_model("order", "Line")
LineAttribute = get_model("order", "LineAttribute")
LinePrice = get_model("order", "LinePrice")
OrderLineDiscount = get_model("order", "OrderLineDiscount")


def write_lines(
    *, order: Any, basket_lines: Sequence[Any], quoted: Mapping[int, QuotedLine], titles: Mapping[int, str]
) -> None:
    """Write the basket's lines in its order; a quoted line costs what was quoted."""
    lines = Line.objects.bulk_create(
        Line(**_fields(order, line, titles) | _agreed(quoted.get(line.pk), order.currency))
        for line in basket_lines
    )
    pairs = list(zip(lines, basket_lines, strict=True))
    LinePrice.objects.bulk_create(
        LinePrice(order=order, line=line, **price)
        for line, basket_line in pairs
        for price in _prices(line, basket_line, is_quoted=basket_line.pk in quoted)
    )
    LineAttribute.objects.bulk_create(
        LineAttribute(line=line, option=attribute.option, type=attribute.option.code, value=attribute.value)
        for line, basket_line in pairs
        for attribute in basket_line.attributes.all()
    )
    if any(basket_line.discount_value for basket_line in basket_lines):
        _write_discounts(order, pairs)


def _fields(order: Any, line: Any, titles: Mapping[int, str]) -> dict[str, Any]:
    record, product = line.stockrecord, line.product
    title = Truncator(titles.get(product.pk) or product.get_title())
    return {
        "order": order,
        "partner": record.partner,
        "partner_name": record.partner.name,
        "partner_sku": record.partner_sku,
        "stockrecord": record,
        "product": product,
        "title": title.chars(Line._meta.get_field("title").max_length),
        "upc": product.upc,
        "quantity": line.quantity,
        "line_price_excl_tax": line.line_price_excl_tax_incl_discounts,
        "line_price_incl_tax": line.line_price_incl_tax_incl_discounts,
        "line_price_before_discounts_excl_tax": line.line_price_excl_tax,
        "line_price_before_discounts_incl_tax": line.line_price_incl_tax,
        "unit_price_incl_tax": line.unit_price_incl_tax,
        "unit_price_excl_tax": line.unit_price_excl_tax,
        "tax_code": line.tax_code,
        "num_allocated": line.quantity,
        "status": getattr(settings, "OSCAR_INITIAL_LINE_STATUS", ""),
    }


def _agreed(quoted: QuotedLine | None, currency: str) -> dict[str, Any]:
    if quoted is None:
        return {}
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


def _prices(line: Any, basket_line: Any, *, is_quoted: bool) -> Iterator[dict[str, Any]]:
    """Yield what one piece cost; where a quoted line does not divide, the line is what was agreed."""
    if is_quoted:
        currency = line.order.currency
        yield {
            "quantity": line.quantity,
            "price_incl_tax": _each(line.line_price_incl_tax, line.quantity, currency),
            "price_excl_tax": _each(line.line_price_excl_tax, line.quantity, currency),
            "tax_code": line.tax_code,
        }
        return
    for with_tax, without_tax, quantity in basket_line.get_price_breakdown():
        yield {
            "quantity": quantity,
            "price_incl_tax": with_tax,
            "price_excl_tax": without_tax,
            "tax_code": basket_line.tax_code,
        }


def _write_discounts(order: Any, pairs: list[tuple[Any, Any]]) -> None:
    by_offer = {discount.offer_id: discount for discount in order.discounts.order_by("-pk")}
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(
            line=line,
            order_discount=by_offer[discount.offer.pk],
            is_incl_tax=discount.incl_tax,
            amount=discount.amount,
        )
        for line, basket_line in pairs
        for discount in basket_line.discounts
        if discount.offer and discount.offer.pk in by_offer
    )


def _each(amount: Decimal, quantity: int, currency: str) -> Decimal:
    return round_amount(amount=amount / quantity, currency=currency)
