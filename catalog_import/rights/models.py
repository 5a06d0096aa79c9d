"""Confirmed brands, and the products that wait for a confirmation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BrandConfirmation(models.Model):
    """The merchant's word that a brand is theirs, or that they may use its texts and pictures."""

    class Basis(models.TextChoices):
        OWN = "own", _("It is my own brand")
        PERMISSION = "permission", _("I have the brand owner's written permission")

    key = models.CharField(_("brand, folded"), max_length=255, unique=True, editable=False)
    name = models.CharField(_("brand"), max_length=255)
    basis = models.CharField(_("on what ground"), max_length=12, choices=Basis.choices)
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        verbose_name = _("confirmed brand")
        verbose_name_plural = _("confirmed brands")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class HeldProduct(models.Model):
    """A product that would be public, were its brand confirmed; it is not public as long as this row exists."""

    product = models.OneToOneField(
        "catalogue.Product",
        on_delete=models.CASCADE,
        related_name="held_for_rights",
        verbose_name=_("product"),
    )

    class Meta:
        verbose_name = _("product held back")
        verbose_name_plural = _("products held back")
        ordering = ["id"]

    def __str__(self):
        return str(self.product_id)
