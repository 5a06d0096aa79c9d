"""What every page of the subsidies' back office shares: who may see it, its head, its tabs, its answers."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from storefront.core.errors import StorefrontError
from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import store_evidence
from storefront.subsidies import workflow
from storefront.subsidies.back_office.tabs import tabs_of
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import Project
from storefront.subsidies.selectors.work import shown_work
from storefront.subsidies.services.work import request_work
from storefront.subsidies.speech import say
from storefront.subsidies.tasks import do_work_in_worker

VIEW, CHANGE, ADD = "subsidies.view_project", "subsidies.change_project", "subsidies.add_project"


def valid(form: forms.Form) -> dict[str, Any]:
    """Return what the form holds; raises EntryRefused with its first mistake."""
    if not form.is_valid():
        name, mistakes = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise EntryRefused(f"{label}: {mistakes[0]}".removeprefix(": "))
    return form.cleaned_data


class SubsidyPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for whoever may see subsidy projects; `asked_permission` for its POST is to change them."""

    header_icon = "form"
    url_name = "subsidies_projects"
    word = "menu.projects"
    asked_permission = CHANGE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = VIEW if request.method in ("GET", "HEAD") else self.asked_permission
        if not request.user.has_perm(asked):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return say(self.word)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        projects = {"url": reverse("subsidies_projects"), "label": say("menu.projects")}
        return [*super().get_breadcrumbs_items(), projects]

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return timezone.now()


class ProjectPage(SubsidyPage):
    """A tab of one project. A POST runs `act`; what it refuses is said on the page it came from."""

    @cached_property
    def project(self) -> Project:
        """The project of the address."""
        rows = Project.objects.select_related("call", "entity", "site", "notice__evidence")
        return get_object_or_404(rows, pk=self.kwargs["project_id"])

    @cached_property
    def roles(self) -> set[str]:
        """The roles the reader has in the project."""
        return set(self.project.members.filter(user=self.request.user).values_list("role", flat=True))

    def get_page_title(self) -> str:
        return self.project.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        here = {"url": "", "label": self.project.title}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups, tabs = tabs_of(self.project, current=self.url_name)
        return super().get_context_data(
            project=self.project,
            roles=self.roles,
            may_enter=bool(self.roles & workflow.INCOMPATIBLE_WITH_CHECKER)
            and self.project.state in workflow.EDITABLE_STATES,
            work=shown_work(self.project, now=self.now),
            url_name=self.url_name,
            groups=groups,
            tabs=tabs,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks and come back to the page."""
        try:
            with transaction.atomic():
                done = self.act()
            messages.success(request, done)
        except StorefrontError as refusal:
            messages.error(request, str(refusal))
        return self.back()

    def back(self) -> HttpResponseRedirect:
        """Return to the page."""
        return HttpResponseRedirect(reverse(self.url_name, args=[self.project.pk]))

    def begin(self, kind: str) -> HttpResponse:
        """Have long work done by the worker; every tab of the project shows how far it is, and this one too."""
        try:
            work = request_work(project=self.project, kind=kind, by=self.request.user, now=self.now)
            transaction.on_commit(partial(do_work_in_worker.enqueue, work.pk))
        except StorefrontError as refusal:
            messages.error(self.request, str(refusal))
        return self.back()

    def act(self) -> str:
        """Do it and return the sentence that says so; raises the error that says why not."""
        raise PermissionDenied

    def keep(self, file: Any, *, title: str, kind: str, **details: Any) -> EvidenceVersion:
        """Store an upload as evidence about the project's company; taken back with the act if that is refused."""
        return store_evidence(
            chunks=file.chunks(),
            file_name=file.name,
            title=title[:200],
            kind=kind[:40],
            subject=str(self.project.entity)[:200],
            by=self.request.user,
            now=self.now,
            **details,
        )

    def posted_key(self, name: str) -> int:
        """Return the key a form names; 0, which nothing has, for one that is no number."""
        text = self.request.POST.get(name, "")
        return int(text) if text.isdecimal() else 0
