"""Who asked for the newsletter, and the proof that they did: as little personal data as the proof needs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from storefront.newsletter.links import Purpose, link_address


class State(models.TextChoices):
    ASKED = "asked", _("Waits for the click in the mail")
    CONFIRMED = "confirmed", _("Subscribed")
    ENDED = "ended", _("Unsubscribed")


class Subscription(models.Model):
    """One address, in small letters. Only a confirmed one may be written to."""

    email = models.EmailField(_("email"), unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    language = models.CharField(_("language"), max_length=12)
    market_code = models.CharField(_("market"), max_length=8, blank=True)
    consent_text = models.TextField(_("what was agreed to"))
    asked_at = models.DateTimeField(_("asked at"))
    mailed_at = models.DateTimeField(_("confirmation mailed at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("unsubscribed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="newsletter_confirmed_has_time",
                condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="newsletter_ended_has_time", condition=~Q(state=State.ENDED) | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def address_to(self, purpose: Purpose) -> str:
        """Return the signed link of this address for a purpose."""
        return link_address(
            purpose=purpose, email=self.email, market_code=self.market_code, language=self.language
        )

    @property
    def unsubscribe_address(self) -> str:
        """The link for List-Unsubscribe and the foot of each newsletter (RFC 8058)."""
        return self.address_to(Purpose.END)
