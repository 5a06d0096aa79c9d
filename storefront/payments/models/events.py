"""What Stripe tells us: every event once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StripeEvent(models.Model):
    """A webhook's event, stored before it is handled. Its body is not kept: money is re-read from Stripe."""

    event_id = models.CharField(_("event"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=128)
    object_id = models.CharField(_("object"), max_length=255, blank=True)
    is_live = models.BooleanField(_("real money"))
    created_at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("first received at"))
    tries = models.PositiveIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("handled at"), null=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
