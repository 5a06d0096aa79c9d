"""Taking the money when the goods are sent: the merchant's choice, and each time it is asked for."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from storefront.core.money import shown_amount
from storefront.core.remembered import Remembered


class CaptureTime(models.TextChoices):
    AT_ONCE = "at_once", _("At once, when the customer orders")
    WHEN_SENT = "when_sent", _("When the order is marked as shipped")


class PaymentPage(models.TextChoices):
    HERE = "here", _("On our own checkout page")
    AT_STRIPE = "at_stripe", _("On a page of Stripe's")


class PaymentSetup(BaseGenericSetting):
    """How Stripe takes the money of orders placed from now on; one row."""

    capture = models.CharField(
        _("take the money"),
        max_length=16,
        choices=CaptureTime.choices,
        default=CaptureTime.AT_ONCE,
        help_text=_(
            "When sent, cards, Link, Klarna and PayPal only reserve it; what cannot reserve is taken at once. "
            "Cards hold it for about seven days: what is not sent by then is lost. Orders placed before keep "
            "what they were placed with."
        ),
    )

    page = models.CharField(
        _("card form"),
        max_length=16,
        choices=PaymentPage.choices,
        default=PaymentPage.HERE,
        help_text=_(
            "On a page of Stripe's, customers leave the shop to pay and come back. It works without JavaScript. "
            "Orders placed before keep what they were placed with."
        ),
    )

    panels = [FieldPanel("capture"), FieldPanel("page")]

    class Meta:
        verbose_name = _("Card payments")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it, and let the next page of this process show it."""
        super().save(*args, **kwargs)
        setup_in_use.forget()

    @property
    def is_hosted(self) -> bool:
        return self.page == PaymentPage.AT_STRIPE

    @property
    def captures_later(self) -> bool:
        return self.capture == CaptureTime.WHEN_SENT


# Asked for by every page and order; another process follows within seconds. A payment keeps what it was placed with.
setup_in_use: Remembered[PaymentSetup] = Remembered(
    lambda: PaymentSetup.objects.first() or PaymentSetup(), seconds=5
)


class CaptureState(models.TextChoices):
    REQUESTED = "requested", _("Asked for, Stripe has not answered yet")
    DONE = "done", _("Taken")
    REFUSED = "refused", _("Refused by Stripe")


class Capture(models.Model):
    """Reserved money asked for: written with the shipment, sent to Stripe after it, once."""

    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, related_name="captures", verbose_name=_("payment")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=16, choices=CaptureState.choices, default=CaptureState.REQUESTED
    )
    attempts = models.PositiveIntegerField(_("times Stripe was asked"), default=0)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    requested_at = models.DateTimeField(_("asked for at"))
    changed_at = models.DateTimeField(_("state since"))

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="capture_amount_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="capture_is_asked_for_once",
                fields=["payment"],
                condition=Q(state__in=["requested", "done"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{shown_amount(self.amount, self.currency)} {self.currency}, {self.get_state_display()}"
