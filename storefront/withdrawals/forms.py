"""What a withdrawal asks for: no reason, no sign-in, no more than names the contract and the person."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

WHOLE, SOME = "whole", "some"


class WithdrawalForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Email address for the acknowledgement"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    order_number = forms.CharField(
        label=_("Order number"), max_length=128, help_text=_("It is in the confirmation of your order.")
    )
    scope = forms.ChoiceField(
        label=_("What do you withdraw from?"),
        choices=[(WHOLE, _("The whole order")), (SOME, _("Some items, named below"))],
        initial=WHOLE,
        widget=forms.RadioSelect,
    )
    items = forms.CharField(
        label=_("Items"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("scope") == SOME and not data.get("items", "").strip():
            self.add_error("items", _("Name the items you withdraw from."))
        if data.get("scope") == WHOLE:
            data["items"] = ""
        return data
