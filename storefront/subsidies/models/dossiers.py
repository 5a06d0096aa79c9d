"""Dossiers that were asked for, who may look at a version from outside, and what they found."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DossierExport(models.Model):
    """A dossier somebody asked for: waiting, made, or refused with what is not as it was frozen."""

    WAITING, MADE, REFUSED = "waiting", "made", "refused"
    STATES = (WAITING, MADE, REFUSED)

    frozen = models.ForeignKey("subsidies.FrozenVersion", on_delete=models.PROTECT, related_name="exports")
    with_customers_data = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12)  # of whoever asked, for the sentences of a refusal
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=WAITING)
    finished_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    withheld = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)  # the sentences of a refusal

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="dossier_state_is_known", condition=Q(state__in=("waiting", "made", "refused"))
            ),
            models.CheckConstraint(
                name="dossier_with_customers_data_has_reason",
                condition=Q(with_customers_data=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="dossier_made_has_its_hash", condition=~Q(state="made") | ~Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frozen} {self.state}"


class AuditorLink(models.Model):
    """Lets somebody from outside read one frozen version until a moment; only the key's hash is kept."""

    frozen = models.ForeignKey(
        "subsidies.FrozenVersion", on_delete=models.PROTECT, related_name="auditor_links"
    )
    auditor = models.CharField(max_length=200)
    key_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="auditor_link_ends_after_it_begins", condition=Q(expires_at__gt=F("created_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.auditor} (#{self.pk})"

    def get_username(self) -> str:
        """What the event log calls whoever comes by this link."""
        return f"auditor #{self.pk} {self.auditor}"


class AuditorFinding(models.Model):
    """What an auditor wrote about a part of the version; it stays as it was written."""

    NOTE, QUESTION, OBJECTION = "note", "question", "objection"
    GRAVITIES = (NOTE, QUESTION, OBJECTION)

    link = models.ForeignKey(AuditorLink, on_delete=models.PROTECT, related_name="findings")
    about = models.CharField(max_length=60, blank=True)
    gravity = models.CharField(max_length=10)
    text = models.TextField()
    disallowed = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # 核减金额, CNY
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_gravity_is_known", condition=Q(gravity__in=("note", "question", "objection"))
            ),
            models.CheckConstraint(name="finding_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"F-{self.pk:04d}"


class FindingAnswer(models.Model):
    """What the applicant answers; a second thought is a second answer."""

    finding = models.ForeignKey(AuditorFinding, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="answer_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.finding}: {self.answered_at:%Y-%m-%d}"
