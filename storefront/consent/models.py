"""The scripts of others that a shop may load once a visitor agrees, and the log of what visitors chose."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from storefront.consent.remembered import services_in_use


class Purpose(models.TextChoices):
    STATISTICS = "statistics", _("Statistics")
    MARKETING = "marketing", _("Marketing")


class Service(models.Model):
    """A script of somebody else's, loaded only where its purpose was agreed to."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("As visitors know it."))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    provider = models.CharField(
        _("provider"), max_length=200, help_text=_("Company and country, as the banner names them.")
    )
    kept_days = models.PositiveSmallIntegerField(
        _("days it keeps what it learns"),
        null=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("As its provider says: 30 is shown as a month, 365 as a year."),
    )
    script = models.URLField(
        _("address of the script"),
        validators=[RegexValidator(r"^https://[^\s'\";,]+\Z", _("It must begin with https://."))],
        help_text=_("Scripts and connections to this host become allowed on the shop's pages, nothing else."),
    )
    site_key = models.CharField(
        _("site key"),
        max_length=120,
        blank=True,
        validators=[
            RegexValidator(r"^[\w.:/-]*\Z", _("Letters, digits, dots, colons, slashes and hyphens."))
        ],
        help_text=_("Given to the script as data-domain and data-website-id."),
    )
    is_enabled = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("measuring service")
        verbose_name_plural = _("measuring services")
        ordering = ["purpose", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        services_in_use.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        services_in_use.forget()
        return deleted


class Choice(models.Model):
    """What one browser chose, and when: no name, no address, only the number that its cookie carries."""

    token = models.UUIDField(_("number in the visitor's cookie"), db_index=True)
    purposes = models.JSONField(_("agreed to"), default=list)
    asked = models.JSONField(_("asked about"), default=list)  # names of the services at that moment
    language = models.CharField(_("language"), max_length=12)
    market_code = models.CharField(_("market"), max_length=8, blank=True)
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("log of choices")
        ordering = ["-chosen_at", "-pk"]

    def __str__(self) -> str:
        return str(self.token)
