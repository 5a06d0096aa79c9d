"""Who was reminded of which deadline, and the secret addresses by which calendars read the deadlines."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Reminder(models.Model):
    """One mail to one person about one step of a deadline's chain; a deadline that moves begins a new chain."""

    project = models.ForeignKey("subsidies.Project", on_delete=models.CASCADE, related_name="reminders")
    deadline = models.CharField(max_length=20)
    at = models.DateTimeField()
    days_before = models.PositiveSmallIntegerField()
    is_escalation = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="reminded_once", fields=["project", "deadline", "at", "days_before", "user"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.deadline} −{self.days_before} {self.user}"


class CalendarFeed(models.Model):
    """Lets somebody's calendar program read a project's deadlines until it is closed; only the key's hash is kept."""

    project = models.ForeignKey("subsidies.Project", on_delete=models.CASCADE, related_name="calendar_feeds")
    key_sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="feed_closes_after_it_opens",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=models.F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} #{self.pk}"
