"""An application: who applies with which site, how far it is, and what proves it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from storefront.subsidies import workflow
from storefront.subsidies.speech import say_lazy


class LegalEntity(models.Model):
    """A company of the applicant's group."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    registration_number = models.CharField(max_length=40, unique=True)  # 统一社会信用代码
    country = models.CharField(max_length=2, default="CN")
    group = models.SlugField(max_length=40)  # affiliates share it

    class Meta:
        verbose_name = say_lazy("name.entity")
        verbose_name_plural = say_lazy("name.entity")
        ordering = ["name_zh", "pk"]

    def __str__(self) -> str:
        return self.name_zh


class Ownership(models.Model):
    """Which part of a company another holds, and from when to when."""

    parent = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="holdings")
    child = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="holders")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = say_lazy("name.ownership")
        verbose_name_plural = say_lazy("name.ownership")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="ownership_is_a_part", condition=Q(percent__gt=0, percent__lte=100)),
            models.CheckConstraint(name="ownership_of_another", condition=~Q(parent=F("child"))),
        ]

    def __str__(self) -> str:
        return f"{self.parent} → {self.child}: {self.percent} %"


class Site(models.Model):
    """A shop's address and who owns its domain."""

    domain = models.CharField(max_length=200, unique=True)
    owner = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="sites")
    first_live_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = say_lazy("name.site")
        verbose_name_plural = say_lazy("name.site")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class Project(models.Model):
    """One application under one call. Its state moves only through services.moves."""

    call = models.ForeignKey("subsidies.Call", on_delete=models.PROTECT, related_name="projects")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="projects")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default=workflow.DRAFT)
    currency = models.CharField(max_length=3, default="CNY")
    claimed = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    approved = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=0)
    notice = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    eligibility_note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="project_once_per_call_and_site", fields=["call", "site"]),
            models.CheckConstraint(name="project_state_is_known", condition=Q(state__in=workflow.STATES)),
            models.CheckConstraint(
                name="project_claim_is_not_negative", condition=Q(claimed=None) | Q(claimed__gte=0)
            ),
            models.CheckConstraint(
                name="project_approved_at_most_claimed",
                condition=Q(approved=None) | Q(approved__lte=F("claimed")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What the event log calls this project."""
        return f"project:{self.pk}"


class ProjectMember(models.Model):
    """Who may do what in a project; nobody has a role by being an administrator."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(name="member_role_once", fields=["project", "user", "role"]),
            models.CheckConstraint(name="member_role_is_known", condition=Q(role__in=workflow.ROLES)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class ClauseConfirmation(models.Model):
    """Somebody has compared a clause with the live notice, and found it there."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="confirmations")
    clause = models.ForeignKey("subsidies.Clause", on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="clause_confirmed_once", fields=["project", "clause", "notice"])
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.clause.code}"


class ProjectDocument(models.Model):
    """A piece of evidence that answers a requirement."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    requirement = models.ForeignKey(
        "subsidies.DocumentRequirement", on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    is_sealed = models.BooleanField(default=False)  # signed and sealed (加盖公章)

    class Meta:
        ordering = ["requirement__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="document_answers_once", fields=["project", "requirement", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.version}"


class Receipt(models.Model):
    """Money of the award that arrived, with the document that ordered it and the bank's slip."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    bank_slip = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="receipt_is_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} CNY"


class FrozenVersion(models.Model):
    """What was approved, whole and unchangeable: the dossier is made of this and of nothing else."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="frozen_versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["project", "number"]
        constraints = [models.UniqueConstraint(name="frozen_version_once", fields=["project", "number"])]

    def __str__(self) -> str:
        return f"{self.project} v{self.number}"
