"""The list of projects, and the start of one."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from storefront.subsidies.back_office.board import days_until, deadline_of
from storefront.subsidies.back_office.forms import StartForm
from storefront.subsidies.back_office.pages import ADD, SubsidyPage
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import Project
from storefront.subsidies.services.projects import open_project
from storefront.subsidies.speech import say


class ProjectList(SubsidyPage):
    """Every project, the newest first, each with its state, its days and its money."""

    template_name = "subsidies/admin/projects.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        projects = Project.objects.select_related("call", "entity", "site").annotate(
            received=Sum("receipts__amount")
        )
        rows = [(one, days_until(deadline_of(one), now=self.now)) for one in projects]
        return super().get_context_data(rows=rows, may_start=self.request.user.has_perm(ADD), **kwargs)


class StartProject(SubsidyPage):
    """Start a project: which call, which company, which shop."""

    template_name = "subsidies/admin/start.html"
    word = "page.start"
    asked_permission = ADD

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": say(self.word)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", StartForm(initial={"domain": self.request.get_host().split(":")[0]}))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the project and show its board."""
        form = StartForm(request.POST)
        if form.is_valid():
            try:
                project = self._open(form)
            except (EntryRefused, IntegrityError) as refusal:
                known = say("error.project_known")
                form.add_error(None, str(refusal) if isinstance(refusal, EntryRefused) else known)
            else:
                messages.success(request, say("done.opened"))
                return HttpResponseRedirect(reverse("subsidies_board", args=[project.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @transaction.atomic
    def _open(self, form: StartForm) -> Project:
        data, company = form.cleaned_data, form.company()
        return open_project(
            call=data["call"],
            entity=company,
            site=form.shop(company),
            title=data["title"],
            by=self.request.user,
            now=self.now,
        )
