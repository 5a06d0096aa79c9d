"""The account that a guest is offered once the order is placed: one field, on the confirmation.

Who placed the order is known by the browser's session, for a while: the order's link, which may be passed on, offers
nothing by itself. That an account exists is said only where the email was typed a moment ago, and the form to register
says it to anybody. The email is as unproven here as there, so that this order alone goes into the account.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from storefront.payments import services
from storefront.payments.selectors import Payment

OFFERED_FOR = timedelta(hours=2)
_PLACED_KEY = "placed_order"


class Offer(StrEnum):
    """What the confirmation offers: a new account, signing in to the one there is, or taking the order into it."""

    OPEN = "open"
    SIGN_IN = "sign_in"
    KEEP = "keep"


class GuestAccountForm(forms.Form):
    """A password for the account of a guest's order; its name is the one that Oscar's registration reads."""

    password1 = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment
        self.fields["password1"].help_text = " ".join(
            validator.get_help_text()
            for validator in get_default_password_validators()
            if isinstance(validator, MinimumLengthValidator)
        )

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, get_user_model()(email=self.payment.order.guest_email))
        return password

    def save(self) -> Any:
        """Open the account; raises AccountExists or OrderTaken."""
        return services.open_account(payment=self.payment, password=self.cleaned_data["password1"])


def note_placed_order(request: HttpRequest, payment: Payment) -> None:
    """Remember that this browser placed the order."""
    request.session[_PLACED_KEY] = payment.pk


def offer_account(request: HttpRequest, *, payment: Payment, now: datetime) -> Offer | None:
    """Return what to offer whoever looks at the confirmation; None where it is nothing.

    An order of a customer's, and one whose customer was erased, has no guest's email.
    """
    email = payment.order.guest_email
    if not (email and payment.is_placed and is_recent(payment, now=now)):
        return None
    if request.session.get(_PLACED_KEY) != payment.pk:
        return None
    if request.user.is_authenticated:
        return Offer.KEEP if request.user.email.lower() == email.lower() else None
    exists = get_user_model().objects.filter(email__iexact=email).exists()
    return Offer.SIGN_IN if exists else Offer.OPEN


def is_recent(payment: Payment, *, now: datetime) -> bool:
    """Say whether the order was placed so short a time ago that its browser is still its guest's."""
    return now - payment.created_at < OFFERED_FOR
