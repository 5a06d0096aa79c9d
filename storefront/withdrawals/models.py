"""What a consumer declared, word for word, and when: it is the merchant's to act on, and nobody's to change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    """One declaration. `order` is the order with that number and address, where the shop has one."""

    token = models.UUIDField(_("form"), unique=True, editable=False)
    order_number = models.CharField(_("order number as written"), max_length=128)
    order = models.ForeignKey(
        "order.Order",
        on_delete=models.PROTECT,
        related_name="withdrawals",
        null=True,
        blank=True,
        verbose_name=_("order"),
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email"))
    items = models.TextField(
        _("what it is about"), blank=True, help_text=_("Empty: the whole order."), max_length=2000
    )
    language = models.CharField(_("language"), max_length=12)
    market_code = models.CharField(_("market"), max_length=8, blank=True)
    received_at = models.DateTimeField(_("received at"))
    acknowledged_at = models.DateTimeField(_("acknowledgement mailed at"), null=True, blank=True)
    handled_at = models.DateTimeField(_("dealt with at"), null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.order_number}, {self.name}"
