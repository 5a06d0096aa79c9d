"""The form beside a product that is sold out: one address."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AlertForm(forms.Form):
    product = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    # People do not see it; programs that fill in every field do.
    website = forms.CharField(required=False)
