"""When the importer looks into which folder, and what it found there last."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportSchedule(models.Model):
    """The regular import of one marketplace. `files_digest` tells files that were taken already from new ones."""

    class Every(models.TextChoices):
        DAY = "day", _("every day")
        WEEK = "week", _("every week")

    class Found(models.TextChoices):
        NOTHING = "nothing", _("The folder was empty.")
        SAME = "same", _("The files were the same as the time before.")
        NO_CHANGE = "no_change", _("The files changed nothing.")
        FILES = "files", _("New files were taken.")

    marketplace = models.CharField(_("marketplace"), max_length=2, unique=True)
    every = models.CharField(_("how often"), max_length=4, choices=Every.choices, default=Every.DAY)
    applies_alone = models.BooleanField(_("apply by itself"), default=False)
    with_pictures = models.BooleanField(_("fetch pictures"), default=True)
    due_at = models.DateTimeField(_("next at"), db_index=True)
    looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    found = models.CharField(_("what was found"), max_length=10, choices=Found.choices, blank=True)
    files_digest = models.CharField(_("SHA-256 of the files"), max_length=64, blank=True)
    last_run = models.ForeignKey(
        "catalog_import.ImportRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last import"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who is told"),
    )

    class Meta:
        verbose_name = _("regular import")
        verbose_name_plural = _("regular imports")
        ordering = ["marketplace"]

    def __str__(self):
        return self.marketplace
