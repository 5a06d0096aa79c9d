"""What staff fill in: a refund, and a note on a finding."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from storefront.payments.models import RefundReason


class RefundForm(forms.Form):
    """How much goes back and why. How much may is decided when it is sent, under a lock."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3, min_value=0)
    reason = forms.ChoiceField(label=_("Reason"), choices=RefundReason.choices)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("For you and your colleagues; the customer does not see it."),
    )

    # Twice the same form is one refund, where the shop has nobody to ask but itself.
    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = currency


class TransferForm(forms.Form):
    """What arrived in the bank account for an order."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3, min_value=0)
    received_on = forms.DateField(label=_("In the account on"), widget=AdminDateInput)
    statement = forms.CharField(
        label=_("Words on the bank statement"),
        max_length=255,
        required=False,
        help_text=_("Such as the sender's name and reference, so that it can be found again."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = currency


class CaptureForm(forms.Form):
    """How much of the reserved money is taken; the rest is released. How much may is decided under a lock."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3, min_value=0)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = currency


class CloseForm(forms.Form):
    """What was done about a finding."""

    note = forms.CharField(label=_("What you did"), max_length=500)
