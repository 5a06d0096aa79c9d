"""Store how an order was taxed beside it, so that nothing has to be worked out again."""

from typing import Any

from storefront.payments.models import OrderTax
from storefront.payments.quotes import Quote, Terms
from storefront.payments.totals import note_of, rates_of


def record_tax(*, order: Any, quote: Quote, terms: Terms) -> OrderTax:
    """Write the terms and the tax by rate; the order's own rows hold the amounts of lines and delivery."""
    lines = quote.assessment.all_lines
    decisive = next((line for line in lines if line.reason), lines[0])
    check = terms.vat_check
    return OrderTax.objects.create(
        order=order,
        market_code=terms.market.code,
        language=terms.language,
        prices_include_tax=quote.includes_tax,
        treatment=decisive.treatment.value,
        reason=decisive.reason.value,
        note=note_of(quote.assessment),
        vat_id=check.vat_id if check else "",
        vat_check=check,
        rates=rates_of(quote.assessment),
    )
