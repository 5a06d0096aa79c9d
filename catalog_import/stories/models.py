"""Which A+ documents a run would make into stories, and what was last made of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedStory(models.Model):
    """An A+ document that was imported, and the story it became; none where the merchant deleted that since.

    `source_digest` is of Amazon's document, `written_digest` of the story as the import left it: where the story is
    another one now, the merchant edited it.
    """

    marketplace = models.CharField(_("marketplace"), max_length=2)
    key = models.CharField(_("key at Amazon"), max_length=100)
    story = models.ForeignKey(
        "cms.ProductStory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="amazon_documents",
        verbose_name=_("story"),
    )
    source_digest = models.CharField(_("digest of the document"), max_length=64)
    written_digest = models.CharField(_("digest of the story"), max_length=64)
    missing_pictures = models.PositiveSmallIntegerField(_("pictures missing"), default=0)

    class Meta:
        verbose_name = _("imported story")
        verbose_name_plural = _("imported stories")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "key"], name="amazon_stories_document_once")
        ]

    def __str__(self):
        return f"{self.marketplace} {self.key}"


class PlannedStory(models.Model):
    """One A+ document of a run: what is to become of it, and what was there before, for undoing it."""

    class Action(models.TextChoices):
        CREATE = "create", _("new")
        UPDATE = "update", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        KEEP = "keep", _("kept as you made it")

    run = models.ForeignKey(
        "catalog_import.ImportRun", on_delete=models.CASCADE, related_name="stories", verbose_name=_("run")
    )
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    key = models.CharField(_("key at Amazon"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=12)
    file = models.CharField(_("file"), max_length=255)
    blocks = models.JSONField(_("parts"), default=list)
    asins = models.JSONField(_("ASINs"), default=list)
    story_id = models.PositiveBigIntegerField(_("story written"), null=True, blank=True)
    before = models.JSONField(_("what it replaced"), null=True, blank=True)
    is_done = models.BooleanField(_("written"), default=False)

    class Meta:
        verbose_name = _("story of a plan")
        verbose_name_plural = _("stories of a plan")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="amazon_stories_planned_once")]

    def __str__(self):
        return f"{self.run_id} {self.name}"
