"""The deadlines of a project as a calendar: downloaded by whoever sees it, or read by a calendar program."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override

from storefront.subsidies.back_office.pages import ProjectPage
from storefront.subsidies.calendar_file import Deadline, calendar_text
from storefront.subsidies.deadlines import moments_of
from storefront.subsidies.models import Project
from storefront.subsidies.services.calendar_feeds import find_feed


def deadlines_in(project: Project) -> list[Deadline]:
    """Return the moments of a project, each at its hour."""
    return [
        Deadline(
            f"project-{project.pk}-{moment.name}@{project.site.domain}",
            moment.at,
            moment.sentence(project),
            f"{project.call}\n{moment.until}",
        )
        for moment in moments_of(project)
    ]


class DeadlineCalendar(ProjectPage):
    """An .ics file for whoever may see the project."""

    url_name = "subsidies_calendar"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the calendar in the reader's language."""
        response = _calendar(self.project)
        response["Content-Disposition"] = f'attachment; filename="project-{self.project.pk}.ics"'
        return response


def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Send a project's deadlines to a calendar program that has the secret address; nothing to anybody else."""
    feed = find_feed(key=key)
    if feed is None:
        raise Http404
    with override(feed.language):
        response = _calendar(feed.project)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _calendar(project: Project) -> HttpResponse:
    text = calendar_text(deadlines_in(project), name=project.title, now=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
