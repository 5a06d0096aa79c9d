"""What was sent of an order: a row per parcel beside Oscar's shipping event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from storefront.core.carriers import host_of, tracking_address


class Parcel(models.Model):
    """A parcel of a shipment; one sent without a number has a row, too, which says whether the customer was told."""

    event = models.ForeignKey(
        "order.ShippingEvent", on_delete=models.CASCADE, related_name="parcels", verbose_name=_("shipment")
    )
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    number = models.CharField(_("parcel number"), max_length=60, blank=True)
    told_at = models.DateTimeField(_("customer told at"), null=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}".strip()

    @property
    def address(self) -> str:
        """Where the carrier shows the parcel; nothing where that is not known."""
        return tracking_address(carrier=self.carrier, number=self.number)

    @property
    def host(self) -> str:
        """Whose site that is."""
        return host_of(self.address)
