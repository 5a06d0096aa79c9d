"""Evidence, its versions and the log: rows are added, never changed; the database refuses anything else."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from storefront.evidence import kinds


class PersonalData(models.IntegerChoices):
    NONE = 0, _("None")
    BUSINESS = 1, _("Names of businesses and officers")
    CUSTOMERS = 2, _("Customers' data")


class Evidence(models.Model):
    """A thing that proves something, whatever versions of its file there are."""

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    subject = models.CharField(_("about whom or what"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    translation_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="translations"
    )
    is_original = models.BooleanField(_("original, not a copy"), default=True)
    issue_date = models.DateField(_("issued on"), null=True, blank=True)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_to = models.DateField(_("to"), null=True, blank=True)
    personal_data = models.PositiveSmallIntegerField(
        _("personal data"), choices=PersonalData.choices, default=PersonalData.BUSINESS
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_period_is_forward",
                condition=Q(period_from=None) | Q(period_to=None) | Q(period_to__gte=models.F("period_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return f"E-{self.pk:04d}"


class EvidenceVersion(models.Model):
    """One file: found by the hash of its bytes, which are kept in private storage."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    file_kind = models.CharField(_("kind of file"), max_length=8)
    file_name = models.CharField(_("file name"), max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    reason = models.CharField(_("why it replaces the one before"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of evidence")
        verbose_name_plural = _("versions of evidence")
        ordering = ["evidence", "number"]
        constraints = [
            models.UniqueConstraint(name="evidence_version_once", fields=["evidence", "number"]),
            models.CheckConstraint(
                name="evidence_later_version_has_reason", condition=Q(number=1) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="evidence_file_kind_is_known", condition=Q(file_kind__in=kinds.KINDS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence.number} v{self.number}"


class EventHead(models.Model):
    """The last link of the log; its lock puts writers in a row. There is one."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("head of the event log")
        verbose_name_plural = _("head of the event log")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


class Event(models.Model):
    """What happened, chained to what happened before by its hash. `body` is the very text that was hashed."""

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=254)
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("on what"), max_length=100, db_index=True)
    body = models.TextField(_("as hashed"))
    previous_hash = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.subject}"
