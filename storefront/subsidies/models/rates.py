"""Exchange rates somebody entered with their source; none is ever fetched silently."""

from django.db import models
from django.db.models import Q

from storefront.subsidies.speech import say_lazy


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in CNY on a day, by the central parity (人民币汇率中间价)."""

    currency = models.CharField(max_length=3)
    day = models.DateField()
    cny_per_unit = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=200)
    evidence = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = say_lazy("name.rate")
        verbose_name_plural = say_lazy("name.rate")
        ordering = ["currency", "day"]
        constraints = [
            models.UniqueConstraint(name="exchange_rate_once_a_day", fields=["currency", "day"]),
            models.CheckConstraint(name="exchange_rate_is_positive", condition=Q(cny_per_unit__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.currency} {self.cny_per_unit}"
