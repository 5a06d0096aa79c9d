"""The address fields of checkout: labelled as the country writes them."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class, get_model
from oscar.forms.mixins import PhoneNumberMixin

from storefront.shop.countries import country_choices

from .address_formats import ADDRESS_FORMATS, GENERAL, AddressFormat, address_format, state_code

AbstractAddressForm = get_class("address.forms", "AbstractAddressForm")
BillingAddress = get_model("order", "BillingAddress")
Country = get_model("address", "Country")
ShippingAddress = get_model("order", "ShippingAddress")

_ADDRESS_FIELDS = ["country", "first_name", "last_name", "line1", "line2", "postcode", "line4", "state"]
_AFFECTS_TAX = ("country", "postcode", "state")
_AUTOCOMPLETE = {
    "country": "country",
    "first_name": "given-name",
    "last_name": "family-name",
    "line1": "address-line1",
    "line2": "address-line2",
    "postcode": "postal-code",
    "line4": "address-level2",
    "state": "address-level1",
    "phone_number": "tel",
}


class LabelledByCountry(forms.ModelForm):
    """An address whose labels, and whether it has a state, follow its country; on the page address.js sees to it."""

    def follow_country(self, countries: Iterable[Any]) -> None:
        """Offer these countries, in the order of their names, and label the fields for the one chosen so far."""
        countries = list(countries)
        codes = [country.pk for country in countries]
        field = self.fields["country"]
        field.choices = country_choices(countries)
        formats = {code: known.as_json() for code, known in ADDRESS_FORMATS.items() if code in codes}
        field.widget.attrs["data-address-formats"] = json.dumps({"": GENERAL.as_json(), **formats})
        chosen = self["country"].value()
        chosen = getattr(chosen, "pk", chosen)
        self.format = address_format(chosen if chosen in codes else next(iter(codes), ""))
        self._label_fields()

    def _label_fields(self) -> None:
        labels: AddressFormat = self.format
        self.fields["postcode"].label = labels.postcode
        self.fields["line4"].label = labels.city
        self.fields["line1"].label = labels.line1
        self.fields["line2"].label = _("Flat, floor, company")
        self.fields["state"].label = labels.state or _("State or province")
        self.fields["state"].required = labels.is_state_required
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in: %(label)s.") % {"label": field.label}

    def clean_state(self) -> str:
        """Return a state of the US by its two letters; tax depends on it."""
        typed = self.cleaned_data.get("state") or ""
        if self.format is not ADDRESS_FORMATS["US"]:
            return typed
        if not (code := state_code(country="US", typed=typed)):
            raise forms.ValidationError(_("Enter a state of the United States, for example TX or Texas."))
        return code


class _AddressForm(LabelledByCountry, AbstractAddressForm):
    """An address of the checkout."""

    section = ""

    def __init__(self, *args: Any, countries: list[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields([*_ADDRESS_FIELDS, *(name for name in self.fields if name not in _ADDRESS_FIELDS)])
        # The list is by name; what stands chosen at first is the market's first.
        self.initial["country"] = self.initial.get("country") or next((one.pk for one in countries), None)
        self.fields["country"].queryset = Country.objects.filter(pk__in=[country.pk for country in countries])
        self.follow_country(countries)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input"
            if self.section == "shipping" and name in _AFFECTS_TAX:
                field.widget.attrs["data-affects-total"] = ""
            field.widget.attrs["autocomplete"] = f"{self.section} {_AUTOCOMPLETE[name]}"

    @property
    def has_state(self) -> bool:
        return bool(self.format.state)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the country: it was chosen from those that exist."""
        return super()._get_validation_exclusions() | {"country"}

    def _post_clean(self) -> None:
        """Say what Oscar says of the whole address at the postcode, which is all it ever complains of."""
        super()._post_clean()
        complaints = self.errors.pop(NON_FIELD_ERRORS, None)
        if complaints and "postcode" not in self.errors:
            self.errors["postcode"] = complaints


class ShippingAddressForm(PhoneNumberMixin, _AddressForm):
    """Where the parcel goes."""

    section = "shipping"
    phone_number_fields = {
        "phone_number": {"required": False, "max_length": 32, "label": _("Phone"), "help_text": ""}
    }

    class Meta:
        model = ShippingAddress
        fields = [*_ADDRESS_FIELDS, "phone_number"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        phone = self.fields["phone_number"]
        phone.help_text = _("Only used by the courier")
        phone.widget = forms.TextInput(
            attrs={"type": "tel", "class": "input", "autocomplete": "shipping tel"}
        )


class BillingAddressForm(_AddressForm):
    """Where the invoice goes when that is somewhere else."""

    section = "billing"

    class Meta:
        model = BillingAddress
        fields = _ADDRESS_FIELDS
