"""What others say of the same money and goods: lines of bank statements and of customs lists, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class BankLine(models.Model):
    """Money that arrived at a bank (above zero) or left it, as the statement has it. The same line is kept once."""

    entity = models.ForeignKey("subsidies.LegalEntity", on_delete=models.PROTECT, related_name="bank_lines")
    account = models.CharField(max_length=60)
    booked_on = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=300, blank=True)
    counterparty = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    statement = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()

    class Meta:
        ordering = ["booked_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="bank_line_once", fields=["entity", "fingerprint"]),
            models.CheckConstraint(name="bank_line_moves_money", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.currency}"


class CustomsLine(models.Model):
    """Goods declared for export: `reference` is the order's or the carrier's number, `fob` their declared worth."""

    group = models.SlugField(max_length=40)
    declaration = models.CharField(max_length=40)
    mode = models.CharField(max_length=8)  # 监管方式: 9610, 9710, 9810, 1210 …
    declared_on = models.DateField()
    declarant = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, db_index=True)
    quantity = models.PositiveIntegerField()
    fob = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    fingerprint = models.CharField(max_length=64)
    listing = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()

    class Meta:
        ordering = ["declared_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="customs_line_once", fields=["group", "fingerprint"]),
            models.CheckConstraint(name="customs_line_has_worth", condition=Q(fob__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.declaration} {self.reference}"


class Reconciliation(models.Model):
    """A comparison of orders, books, payouts, bank, parcels and customs at a moment; nobody can change it."""

    project = models.ForeignKey("subsidies.Project", on_delete=models.PROTECT, related_name="reconciliations")
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    items = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["project", "pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.made_at:%Y-%m-%d}"
