"""Figures as they were taken: value, formula, window and the rows behind them, which nobody can change."""

from django.conf import settings
from django.db import models


class KpiSnapshot(models.Model):
    """A figure at a moment. `body` is the text that was hashed; the columns repeat what lists need of it."""

    project = models.ForeignKey("subsidies.Project", on_delete=models.PROTECT, related_name="snapshots")
    kpi_code = models.CharField(max_length=4)
    formula_version = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12)
    value = models.CharField(
        max_length=40, blank=True
    )  # a number or a day, as text; empty where it is not known
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    rows = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["project", "kpi_code", "-id"], name="kpi_snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.kpi_code} {self.value} {self.unit}"
