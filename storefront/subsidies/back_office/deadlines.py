"""The deadlines of a project as a calendar to download."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from storefront.subsidies.back_office.pages import ProjectPage
from storefront.subsidies.calendar_file import Deadline, calendar_text
from storefront.subsidies.guards import beijing
from storefront.subsidies.models import Project
from storefront.subsidies.speech import say

_MOMENTS = ("online_open", "online_close", "paper_close")


def deadlines_in(project: Project) -> list[Deadline]:
    """Return the moments that the call names, each at its hour."""
    found = []
    for name in _MOMENTS:
        at = getattr(project.call, name)
        if at is not None:
            title = f"{say(f'field.{name}')}: {project.title}"
            note = f"{project.call}\n{say('board.until', at=beijing(at))}"
            found.append(Deadline(f"project-{project.pk}-{name}@{project.site.domain}", at, title, note))
    return found


class DeadlineCalendar(ProjectPage):
    """An .ics file for whoever may see the project."""

    url_name = "subsidies_calendar"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the calendar in the reader's language."""
        text = calendar_text(deadlines_in(self.project), name=self.project.title, now=self.now)
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="project-{self.project.pk}.ics"'
        return response
