"""The seller's setup as the tax modules take it, the provider the settings name, the sentences people read."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from oscar.test.factories import create_product

from storefront.markets.models import ProductTaxClass, TaxRegistration, TaxSetup
from storefront.markets.selectors.tax import TaxClass, seller, tax_classes_for
from storefront.markets.services.tax import tax_provider
from storefront.markets.tax.assessment import Reason, Registration, Seller, TaxedLine, Treatment
from storefront.markets.tax.stripe_tax import StripeTax
from storefront.markets.tax.table import TableTax
from storefront.markets.tax_texts import describe_setup_problem, describe_treatment

pytestmark = pytest.mark.django_db


def taxed(treatment, reason=Reason.NONE, country="FR"):
    return TaxedLine("a", Decimal(1), Decimal(0), Decimal(1), Decimal(0), treatment, reason, country)


def test_before_the_setup_is_filled_the_seller_is_unknown():
    assert seller() == Seller()


def test_the_setup_reaches_the_tax_modules_in_two_queries(django_assert_num_queries):
    setup = TaxSetup.objects.create(established_in="CN", ships_from="DE", uses_oss=True, threshold="below")
    TaxRegistration.objects.create(
        setup=setup, country="DE", number="DE136695976", valid_from=date(2026, 1, 1)
    )
    TaxRegistration.objects.create(
        setup=setup,
        country="US",
        region="TX",
        number="3-1",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
    )
    with django_assert_num_queries(2):
        found = seller()
    assert found == Seller(
        established_in="CN",
        ships_from="DE",
        uses_oss=True,
        is_below_threshold=True,
        registrations=(
            Registration("DE", "", date(2026, 1, 1)),
            Registration("US", "TX", date(2026, 1, 1), date(2027, 1, 1)),
        ),
    )


def test_a_variant_takes_its_parents_tax_class(django_assert_num_queries):
    parent = create_product(structure="parent", title="Book")
    child = create_product(structure="child", parent=parent, title="")
    other = create_product(title="Lamp")
    ProductTaxClass.objects.create(product=parent, tax_class="books", stripe_code="txcd_35010000")
    with django_assert_num_queries(1):
        classes = tax_classes_for([child, other])
    assert classes == {child.pk: TaxClass("books", "txcd_35010000"), other.pk: TaxClass("standard")}


def test_the_settings_name_the_provider(settings):
    gateway = object()
    assert isinstance(tax_provider(), TableTax)
    assert tax_provider(gateway=gateway).sales_tax == StripeTax(gateway)
    settings.TAX_PROVIDER = "stripe"
    assert tax_provider(gateway=gateway) == StripeTax(gateway)
    with pytest.raises(ImproperlyConfigured, match="Stripe"):
        tax_provider()
    settings.TAX_PROVIDER = "abacus"
    with pytest.raises(ImproperlyConfigured, match="table or stripe"):
        tax_provider()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (taxed(Treatment.REVERSE_CHARGE), "Reverse charge"),
        (taxed(Treatment.EXPORT), "No VAT is charged"),
        (taxed(Treatment.NO_NEXUS), "No sales tax"),
        (taxed(Treatment.OSS, Reason.VAT_ID_UNAVAILABLE), "did not answer"),
        (taxed(Treatment.OSS, Reason.VAT_ID_INVALID), "does not know your VAT id"),
    ],
)
def test_a_line_says_why_it_is_taxed_as_it_is(line, words):
    assert words in describe_treatment(line)


def test_a_usual_line_needs_no_words():
    assert describe_treatment(taxed(Treatment.OSS)) == describe_setup_problem(taxed(Treatment.OSS)) == ""


def test_a_merchant_learns_what_the_setup_lacks():
    missing = taxed(Treatment.LOCAL_REGISTRATION, Reason.REGISTRATION_MISSING)
    assert describe_setup_problem(missing).startswith("Tax of FR was charged")
    assert "Fill in the tax setup" in describe_setup_problem(taxed(Treatment.DOMESTIC, Reason.SETUP_MISSING))
