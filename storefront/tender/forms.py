"""The back office's forms for issuing credit; the views give what they hold to the services."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from storefront.markets.selectors.markets import enabled_markets
from storefront.tender.models import CreditAccount


class IssueForm(WagtailAdminModelForm):
    """What a gift card is worth, or whose store credit grows."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3)
    currency = forms.ChoiceField(label=_("Currency"))
    customer_email = forms.EmailField(
        label=_("Customer's email"),
        required=False,
        help_text=_("Filled: store credit for this customer's account. Empty: a gift card with a code."),
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Of gift cards. Empty: no end. Many countries forbid an early one."),
    )

    class Meta:
        model = CreditAccount
        fields = ["note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = sorted({market.currency for market in enabled_markets()}) or ["USD"]
        self.fields["currency"].choices = [(code, code) for code in codes]

    def clean_customer_email(self):
        typed = self.cleaned_data["customer_email"]
        if not typed:
            return ""
        found = get_user_model().objects.filter(email__iexact=typed, is_active=True).first()
        if found is None:
            raise forms.ValidationError(
                _("No customer has this email. Ask them to register, or issue a gift card.")
            )
        self.customer = found
        return found.email


class BlockForm(WagtailAdminModelForm):
    """What may be changed of an account: whether it pays, and the note."""

    class Meta:
        model = CreditAccount
        fields = ["is_blocked", "note"]
