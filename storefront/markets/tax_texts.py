"""Why an order is taxed as it is, in a sentence for shoppers and invoices."""

from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from storefront.markets.models import Market
from storefront.markets.models.market import TaxRegime
from storefront.markets.tax.assessment import Reason, TaxedLine, Treatment
from storefront.markets.tax.rates import load_rates


def describe_treatment(line: TaxedLine) -> str:
    """Return the note an invoice needs for a line that bears no tax, or why it does; empty when all is usual."""
    if line.reason == Reason.VAT_ID_UNAVAILABLE:
        return _(
            "VAT was charged because your VAT id could not be checked: the European register did not answer."
            " Write to us, and we correct the invoice once it can be checked."
        )
    if line.reason == Reason.VAT_ID_INVALID:
        return _("VAT was charged because the European register does not know your VAT id.")
    notes = {
        Treatment.REVERSE_CHARGE: _(
            "Reverse charge: tax-exempt intra-Community supply (Article 138 of Directive 2006/112/EC)."
            " The recipient accounts for the VAT."
        ),
        Treatment.EXPORT: _(
            "No VAT is charged: the goods come from abroad. Import tax and duty may be due on arrival."
        ),
        Treatment.NO_NEXUS: _("No sales tax is collected in this state."),
    }
    return notes.get(line.treatment, "")


def describe_setup_problem(line: TaxedLine) -> str:
    """Return what a merchant must do about the tax setup before this line is taxed rightly; empty when nothing."""
    problems = {
        Reason.SETUP_MISSING: _(
            "Fill in the tax setup: until then every order is charged the destination's tax."
        ),
        Reason.REGISTRATION_MISSING: _(
            "Tax of %(country)s was charged, but you are not registered there. Register there, or for the OSS."
        )
        % {"country": line.country},
    }
    return problems.get(line.reason, "")


def describe_tax(*, country: str, rate: Decimal, is_included: bool) -> str:
    """Return what the tax at one rate is called beside its amount, such as "incl. 19 % VAT"."""
    locale = to_locale(get_language() or "en")
    words = {"rate": format_decimal(rate.normalize(), locale=locale)}
    regime = load_rates().regime_of(country=country)
    if regime == TaxRegime.US_SALES_TAX:
        return _("incl. %(rate)s %% sales tax") % words if is_included else _("%(rate)s %% sales tax") % words
    if regime == TaxRegime.JP_CONSUMPTION_TAX:
        return (
            _("incl. %(rate)s %% consumption tax") % words
            if is_included
            else _("%(rate)s %% consumption tax") % words
        )
    return _("incl. %(rate)s %% VAT") % words if is_included else _("%(rate)s %% VAT") % words


def price_note(market: Market) -> str:
    """Return the words that stand beside a price in a market: whether tax is in it."""
    if market.tax_regime == TaxRegime.NONE:
        return ""
    if market.prices_include_tax:
        return _("incl. tax") if market.tax_regime == TaxRegime.JP_CONSUMPTION_TAX else _("incl. VAT")
    return _("plus sales tax") if market.tax_regime == TaxRegime.US_SALES_TAX else _("plus VAT")
