"""What checkout shows of a basket: its lines, its delivery choices and what it all comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.core.loading import get_class

from storefront.markets.selectors.titles import titles_for
from storefront.markets.tax.assessment import Treatment, VatIdAnswer
from storefront.payments.arrival import arrival_days
from storefront.payments.errors import TaxUnavailable
from storefront.payments.quotes import Quote, Terms, quote_order, quote_without_tax
from storefront.payments.selectors import charged_units, describe_too_small
from storefront.payments.totals import Totals, totals_of_quote
from storefront.tender.selectors import CreditAccount, CreditPart, plan_credit

Repository = get_class("shipping.repository", "Repository")


@dataclass(frozen=True)
class LineView:
    """A line of a basket or an order, as it is printed."""

    title: str
    quantity: int
    total: Decimal
    picture: str
    product: Any = None


@dataclass(frozen=True)
class DeliveryChoice:
    """A delivery method, its price as it is shown, and the days the parcel arrives."""

    method: Any
    charge: Decimal
    first_day: date | None
    last_day: date | None
    is_chosen: bool


@dataclass(frozen=True)
class Summary:
    """The basket as checkout sells it; `problem` says why its tax is not known, `too_small` why no card can pay it."""

    lines: list[LineView]
    item_count: int
    choices: list[DeliveryChoice]
    totals: Totals
    minor_total: int
    credits: list[CreditPart]
    vat_answer: str = ""
    problem: str = ""
    too_small: str = ""

    @property
    def chosen(self) -> DeliveryChoice:
        return next(choice for choice in self.choices if choice.is_chosen)

    @property
    def currency(self) -> str:
        return self.totals.currency

    @property
    def total(self) -> Decimal:
        return self.totals.total

    @property
    def charge(self) -> Decimal:
        """What is left to pay after gift cards and store credit."""
        return self.totals.charge


def delivery_methods(*, basket: Any, user: Any) -> list[Any]:
    """Return the methods the basket can be sent with, the default first."""
    return list(Repository().get_shipping_methods(basket=basket, user=user))


def summarise(
    *,
    basket: Any,
    methods: list[Any],
    chosen_code: str,
    terms: Terms | None,
    now: datetime,
    credit_accounts: Sequence[CreditAccount] = (),
) -> Summary:
    """Return everything checkout prints about the basket; an unknown code chooses the default method.

    Raises AmountDoesNotFit for a total that cannot be charged.
    """
    lines = list(basket.all_lines())
    chosen = next((method for method in methods if method.code == chosen_code), methods[0])
    problem = ""
    try:
        if _needs_address(terms):
            quote = quote_without_tax(basket=basket, method=chosen)
        else:
            quote = quote_order(basket=basket, method=chosen, terms=terms, now=now)
    except TaxUnavailable as error:
        quote, problem = quote_without_tax(basket=basket, method=chosen), str(error)
    credits = plan_credit(accounts=credit_accounts, amount=quote.total, currency=quote.currency, now=now)
    totals = replace(_totals(quote, terms), credit=sum((part.amount for part in credits), Decimal(0)))
    titles = titles_for(
        products=[line.product for line in lines], language=get_language() or settings.LANGUAGE_CODE
    )
    return Summary(
        lines=[
            LineView(
                title=titles[line.product.pk],
                quantity=line.quantity,
                total=line.shown_price,
                picture=product_picture(line.product),
                product=line.product,
            )
            for line in lines
        ],
        item_count=sum(line.quantity for line in lines),
        choices=[
            _choice(basket, method, is_chosen=method is chosen, today=timezone.localdate(now))
            for method in methods
        ],
        totals=totals,
        minor_total=charged_units(amount=totals.charge, currency=quote.currency),
        credits=credits,
        vat_answer=_describe_vat_answer(terms, quote),
        problem=problem,
        too_small=describe_too_small(amount=totals.charge, currency=quote.currency),
    )


def _totals(quote: Quote, terms: Terms | None) -> Totals:
    totals = totals_of_quote(quote)
    if _needs_address(terms):
        return replace(totals, note=_("Sales tax, where it is due, is added once your address is known."))
    return totals


def _needs_address(terms: Terms | None) -> bool:
    """Say whether tax depends on more of the address than is filled in: in the US on the state and the ZIP code."""
    if terms is None or terms.destination.country != "US":
        return False
    return not (terms.destination.region and terms.destination.postal_code)


def product_picture(product: Any) -> str:
    """Return the storage name of the product's first picture, or nothing."""
    if product is None:
        return ""
    images = list(product.images.all()) or (list(product.parent.images.all()) if product.is_child else [])
    return str(images[0].original) if images else ""


def _choice(basket: Any, method: Any, *, is_chosen: bool, today: date) -> DeliveryChoice:
    days = arrival_days(method=method, today=today)
    return DeliveryChoice(
        method=method,
        charge=method.calculate(basket).incl_tax,
        first_day=days[0],
        last_day=days[1],
        is_chosen=is_chosen,
    )


def _describe_vat_answer(terms: Terms | None, quote: Quote) -> str:
    """Return what came of the VAT id, in a sentence; the note beside the totals says the rest."""
    check = terms.vat_check if terms else None
    if check is None:
        return ""
    words = {"vat_id": check.vat_id}
    if check.answer_in_force == VatIdAnswer.UNAVAILABLE:
        return (
            _("%(vat_id)s could not be checked: the European register does not answer. VAT is charged.")
            % words
        )
    if check.answer_in_force == VatIdAnswer.INVALID:
        return _("The European register does not know %(vat_id)s. VAT is charged.") % words
    treatments = {line.treatment for line in quote.assessment.lines}
    if Treatment.REVERSE_CHARGE in treatments:
        return _("%(vat_id)s is valid: no VAT is charged, you account for it yourself.") % words
    if any(line.tax for line in quote.assessment.lines):
        return _("%(vat_id)s is valid. VAT is charged, since the goods stay in the same country.") % words
    return _("%(vat_id)s is valid.") % words
