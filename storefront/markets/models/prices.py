"""What a product costs in a market, and every price it ever had there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from storefront.markets.errors import PriceRefused


class MarketPrice(models.Model):
    """A price that holds while valid_from <= t < valid_until.

    A temporary price lies over the lasting one, which returns when it ends; within a kind the one begun last counts.
    Written by `services.prices` only, which records the change in the same transaction.
    """

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="market_prices", verbose_name=_("product")
    )
    market = models.ForeignKey(
        "markets.Market", on_delete=models.CASCADE, related_name="prices", verbose_name=_("market")
    )
    amount = models.DecimalField(
        _("price"),
        max_digits=14,
        decimal_places=3,
        help_text=_("In the market's currency, with or without tax as the market's prices are."),
    )
    list_price = models.DecimalField(
        _("former or recommended price"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_(
            "Fill it only to announce a reduction. In the EU shoppers are then shown the lowest price of the 30 days"
            " before, whatever stands here."
        ),
    )
    valid_from = models.DateTimeField(_("from"), help_text=_("Empty: now."))
    valid_until = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Empty: until another price is set. Else the price before returns."),
    )
    is_temporary = models.BooleanField(_("temporary"), default=False)
    source = models.CharField(_("source"), max_length=64, blank=True, help_text=_("Who or what set it."))

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["market", "product", "valid_until"], name="markets_price_lookup")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "market", "valid_from", "is_temporary"],
                name="markets_price_once_per_moment",
            ),
            models.CheckConstraint(
                name="markets_price_temporary_ends",
                condition=Q(is_temporary=False) | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="markets_price_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("A price cannot be less than zero."),
            ),
            models.CheckConstraint(
                name="markets_price_list_above",
                condition=Q(list_price=None) | Q(list_price__gt=F("amount")),
                violation_error_message=_("The former price must be higher than the price."),
            ),
            models.CheckConstraint(
                name="markets_price_period_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                violation_error_message=_("A price must end after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.amount} ({self.market_id})"

    @property
    def is_reduction(self) -> bool:
        """Whether shoppers are told that this price is reduced."""
        return self.list_price is not None


class MarketBlock(models.Model):
    """A product, with its variants, that is not sold in a market, whatever it costs there."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="market_blocks", verbose_name=_("product")
    )
    market = models.ForeignKey(
        "markets.Market", on_delete=models.CASCADE, related_name="blocks", verbose_name=_("market")
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        blank=True,
        help_text=_("For your colleagues, such as: no plug for this country. Shoppers do not see it."),
    )

    class Meta:
        verbose_name = _("product not sold in a market")
        verbose_name_plural = _("products not sold in a market")
        ordering = ["market_id", "product_id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "market"], name="markets_block_once"),
        ]

    def __str__(self):
        return f"{self.product} ({self.market})"


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that may be added and read."""

    def update(self, **kwargs):
        raise PriceRefused("The history of prices cannot be changed.")

    def delete(self):
        raise PriceRefused("The history of prices cannot be deleted.")


class PriceChange(models.Model):
    """At this moment this became the price in force. Rows are added and never changed: they answer for reductions.

    A trigger refuses changes, on PostgreSQL deletions too. When the product is deleted its reference stays.
    """

    product = models.ForeignKey(
        "catalogue.Product",
        on_delete=models.SET_NULL,
        null=True,
        related_name="price_changes",
        verbose_name=_("product"),
    )
    product_reference = models.CharField(
        _("product reference"), max_length=80, help_text=_("GTIN and key, kept when the product is gone.")
    )
    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="price_changes", verbose_name=_("market")
    )
    amount = models.DecimalField(
        _("price"),
        max_digits=14,
        decimal_places=3,
        null=True,
        help_text=_("Empty: from here on not offered."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    at = models.DateTimeField(_("in force from"))
    is_reduction = models.BooleanField(_("announced as a reduction"))
    source = models.CharField(_("source"), max_length=64, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "market", "at"], name="markets_change_once_per_moment"
            ),
            models.CheckConstraint(
                name="markets_change_not_negative", condition=Q(amount=None) | Q(amount__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} ({self.at:%Y-%m-%d})"

    def save(self, *args, **kwargs):
        """Add the row; a second save is refused."""
        if self.pk and not self._state.adding:
            raise PriceRefused("The history of prices cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuse."""
        raise PriceRefused("The history of prices cannot be deleted.")
