"""Cards a customer keeps at Stripe: who they are there, and the consent each card was kept with."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StripeCustomer(models.Model):
    """A signed-in customer at Stripe, one in each mode. Without a user it waits to be deleted there."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="stripe_customers",
        verbose_name=_("customer"),
    )
    is_live = models.BooleanField(_("real money"))
    reference = models.UUIDField(
        _("idempotency key"), unique=True, default=uuid.uuid4, help_text=_("Written before Stripe is asked.")
    )
    customer_id = models.CharField(_("customer at Stripe"), max_length=255, unique=True, null=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("customer at Stripe")
        verbose_name_plural = _("customers at Stripe")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="stripe_customer_is_one_a_mode",
                fields=["user", "is_live"],
                condition=Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.customer_id or str(self.reference)


class CardConsent(models.Model):
    """A customer's own tick that a card may be kept: the words as they read them, and when."""

    customer = models.ForeignKey(
        StripeCustomer, on_delete=models.CASCADE, related_name="consents", verbose_name=_("customer")
    )
    payment = models.OneToOneField(
        "payments.Payment",
        on_delete=models.SET_NULL,
        null=True,
        related_name="card_consent",
        verbose_name=_("payment"),
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=12)
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("consent to keep a card")
        verbose_name_plural = _("consents to keep a card")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.given_at:%Y-%m-%d} {self.text[:60]}"
