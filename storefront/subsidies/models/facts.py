"""What a company says of its own sales: orders that are its own, and the brands it owns."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from storefront.subsidies.facts.exclusions import MARKED_BY, MARKED_REASONS


class SaleMark(models.Model):
    """Orders that do not count: one by its number, or all of an e-mail, an e-mail domain or an address."""

    group = models.SlugField(max_length=40)
    field = models.CharField(max_length=8)
    value = models.CharField(max_length=300)
    reason = models.CharField(max_length=12)
    note = models.CharField(max_length=300, blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["group", "field", "value"]
        constraints = [
            models.UniqueConstraint(name="sale_marked_once", fields=["group", "field", "value"]),
            models.CheckConstraint(name="sale_mark_field_is_known", condition=Q(field__in=MARKED_BY)),
            models.CheckConstraint(name="sale_mark_reason_is_known", condition=Q(reason__in=MARKED_REASONS)),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value}: {self.reason}"


class OwnBrand(models.Model):
    """A brand of the applicant's group. It counts from `owned_from`, and only with the trademark's paper."""

    group = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    owned_from = models.DateField()
    trademark = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["group", "name"]
        constraints = [models.UniqueConstraint(name="own_brand_once", fields=["group", "name"])]

    def __str__(self) -> str:
        return self.name
