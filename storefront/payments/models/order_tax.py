"""How an order was taxed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderTax(models.Model):
    """Under which terms an order was taxed, and how much at each rate: stored once, never reckoned anew."""

    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="tax_terms", verbose_name=_("order")
    )
    market_code = models.CharField(_("market"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    prices_include_tax = models.BooleanField(_("prices include tax"))
    treatment = models.CharField(_("treatment"), max_length=24)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    note = models.TextField(_("note for the invoice"), blank=True, help_text=_("In the shopper's language."))
    vat_id = models.CharField(_("customer's VAT id"), max_length=20, blank=True)
    vat_check = models.ForeignKey(
        "markets.VatIdCheck",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("check of the VAT id"),
    )
    rates = models.JSONField(
        _("tax by rate"),
        default=list,
        help_text=_("country, rate in per cent, net, tax and gross of each rate, delivery included."),
    )

    class Meta:
        verbose_name = _("tax of an order")
        verbose_name_plural = _("tax of orders")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.market_code}: {self.treatment}"
