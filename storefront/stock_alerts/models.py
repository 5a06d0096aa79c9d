"""Who wants to hear when a product is there again; the row goes once there is nothing left to say."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    ASKED = "asked", _("Waits for the click in the mail")
    CONFIRMED = "confirmed", _("Waits for the product")
    SENDING = "sending", _("Is being written to")
    SENT = "sent", _("Told")


class StockAlert(models.Model):
    """One address, in small letters, and one product."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="stock_alerts", verbose_name=_("product")
    )
    email = models.EmailField(_("email"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    language = models.CharField(_("language"), max_length=12)
    market_code = models.CharField(_("market"), max_length=8, blank=True)
    consent_text = models.TextField(_("what was agreed to"))
    asked_at = models.DateTimeField(_("asked at"))
    mailed_at = models.DateTimeField(_("confirmation mailed at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("back-in-stock alert")
        verbose_name_plural = _("back-in-stock alerts")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "email"], name="stock_alerts_once_per_address"),
        ]
        indexes = [models.Index(fields=["state", "market_code"], name="stock_alerts_waiting")]

    def __str__(self) -> str:
        return self.email
