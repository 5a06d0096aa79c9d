"""Long work on a project: asked for on a page, done by the worker, one at a time."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ProjectWork(models.Model):
    """Figures, a submission or a reconciliation that somebody asked for: how far it is and what came of it."""

    FIGURES, SUBMISSION, RECONCILIATION = "figures", "submission", "reconciliation"
    KINDS = (FIGURES, SUBMISSION, RECONCILIATION)
    WAITING, RUNNING, DONE, FAILED, INTERRUPTED = "waiting", "running", "done", "failed", "interrupted"
    STATES = (WAITING, RUNNING, DONE, FAILED, INTERRUPTED)
    AT_WORK = (WAITING, RUNNING)

    project = models.ForeignKey("subsidies.Project", on_delete=models.CASCADE, related_name="works")
    kind = models.CharField(max_length=14)
    language = models.CharField(max_length=12)  # of whoever asked, for the sentence that says what came of it
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=11, default=WAITING)
    rows = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()  # when the worker last said that it is at it
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_work_at_a_time", fields=["project"], condition=Q(state__in=("waiting", "running"))
            ),
            models.CheckConstraint(
                name="work_kind_is_known", condition=Q(kind__in=("figures", "submission", "reconciliation"))
            ),
            models.CheckConstraint(
                name="work_state_is_known",
                condition=Q(state__in=("waiting", "running", "done", "failed", "interrupted")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.kind} {self.state}"
