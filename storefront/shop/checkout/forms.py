"""The fields of the one-page checkout, checked together."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from storefront.markets.errors import VatIdMalformed
from storefront.markets.services.vat_ids import read_vat_id

from .address_forms import BillingAddressForm, ShippingAddressForm
from .terms import takes_vat_ids

BillingAddress = get_model("order", "BillingAddress")
Country = get_model("address", "Country")
ShippingAddress = get_model("order", "ShippingAddress")


@dataclass(frozen=True)
class FieldError:
    """One complaint: the field's id and label, for the summary's link, and the sentence."""

    id: str
    label: str
    message: str


class ContactForm(forms.Form):
    """Where the receipt goes. Signed-in shoppers are written to at their account's address."""

    email = forms.EmailField(
        label=_("Email"),
        help_text=_("For your receipt and delivery updates"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address, for example anna.lind@example.com."),
            "invalid": _(
                "Enter an email address with an @ and what follows it, for example anna@example.com."
            ),
        },
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )


class BusinessForm(forms.Form):
    """What businesses may tell: the number that moves the tax to them."""

    vat_id = forms.CharField(
        label=_("VAT id"),
        required=False,
        max_length=20,
        help_text=_("Only for companies in the EU. We check it with the European register."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "data-affects-total": ""}),
    )

    def clean_vat_id(self) -> str:
        typed = self.cleaned_data["vat_id"].strip()
        if not typed:
            return ""
        try:
            return read_vat_id(typed)
        except VatIdMalformed as error:
            raise forms.ValidationError(str(error)) from error


class DeliveryForm(forms.Form):
    """Which delivery method."""

    method = forms.ChoiceField(
        label=_("Delivery method"),
        error_messages={
            "required": _("Choose a delivery method."),
            "invalid_choice": _("This delivery method is no longer offered. Choose another."),
        },
    )

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(code, code) for code in codes]


class CheckoutForms:
    """All of checkout's forms as one: `data` is checked, `typed` is only shown again."""

    def __init__(
        self, *, user: Any, methods: list[Any], market: Any = None, data: Any = None, typed: Any = None
    ):
        countries, invoice_countries = _countries(market)
        self.user = user
        self.countries = [country.pk for country in countries]
        self.is_bound = data is not None
        sent = typed if data is None else data
        self.is_billing_same = sent is None or "billing_same" in sent
        self.contact = None if user.is_authenticated else ContactForm(data, initial=_typed(typed, ""))
        known = _default_address(user) if sent is None and user.is_authenticated else None
        self.shipping = ShippingAddressForm(
            data,
            prefix="shipping",
            countries=countries,
            instance=_as_shipping(known),
            initial=_typed(typed, "shipping-"),
        )
        self._billing = partial(
            BillingAddressForm,
            None if self.is_billing_same else data,
            prefix="billing",
            countries=invoice_countries,
            initial=_typed(typed, "billing-"),
            use_required_attribute=False,
        )
        self.business = BusinessForm(data, initial=_typed(typed, "")) if takes_vat_ids(market) else None
        self._chosen = (sent or {}).get("method", "")
        self.delivery = DeliveryForm(data, codes=[method.code for method in methods])

    @cached_property
    def billing(self) -> BillingAddressForm:
        """The form of the invoice's address, made where it is shown or filled in."""
        return self._billing()

    def is_valid(self) -> bool:
        """Check every form, so that every error is shown at once."""
        return not any(form.errors for form in self._checked())

    @property
    def email(self) -> str:
        return self.user.email if self.contact is None else self.contact.cleaned_data["email"]

    @property
    def vat_id(self) -> str:
        """The VAT id typed so far."""
        return str(self.business["vat_id"].value() or "") if self.business else ""

    @property
    def method_code(self) -> str:
        """The method chosen so far; empty when none was or it is not offered."""
        code = self._chosen
        return code if code in dict(self.delivery.fields["method"].choices) else ""

    def addresses(self) -> tuple[Any, Any]:
        """Return the unsaved delivery and billing addresses of valid forms."""
        shipping = self.shipping.save(commit=False)
        if not self.is_billing_same:
            return shipping, self.billing.save(commit=False)
        billing = BillingAddress()
        shipping.populate_alternative_model(billing)
        return shipping, billing

    def errors(self) -> list[FieldError]:
        """Return every complaint in the page's order."""
        found = []
        for form in self._checked():
            for name, messages in form.errors.items():
                field = form[name]
                found += [FieldError(field.id_for_label, str(field.label), message) for message in messages]
        return found

    def _checked(self) -> list[forms.BaseForm]:
        billing = [] if self.is_billing_same else [self.billing]
        contact = [] if self.contact is None else [self.contact]
        business = [] if self.business is None else [self.business]
        return [*contact, self.shipping, *business, *billing, self.delivery]


def _countries(market: Any) -> tuple[list[Any], list[Any]]:
    """Return the countries goods are sent to, the market's in its order, and those invoices are."""
    if market is None:
        known = list(Country.objects.filter(is_shipping_country=True))
        return known, known
    sent_to = Q(is_shipping_country=True) | Q(pk__in=market.countries)
    rows = {country.pk: country for country in Country.objects.filter(sent_to)}
    own = [rows[code] for code in market.countries if code in rows]
    return own, [*own, *(row for code, row in rows.items() if code not in market.countries)]


def _typed(typed: Any, prefix: str) -> dict[str, str] | None:
    if typed is None:
        return None
    return {key.removeprefix(prefix): typed[key] for key in typed if key.startswith(prefix)}


def _default_address(user: Any) -> Any:
    return user.addresses.order_by(
        "-is_default_for_shipping", "-num_orders_as_shipping_address", "-pk"
    ).first()


def _as_shipping(address: Any) -> Any:
    shipping = ShippingAddress()
    if address is not None:
        address.populate_alternative_model(shipping)
    return shipping
