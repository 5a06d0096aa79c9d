"""What a merchant does with a run: apply it, undo it, plan it again, discard it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from catalog_import.back_office.access import CHANGE, DISCARD, POLICY, UPLOAD, RunMixin
from catalog_import.errors import CatalogImportError, NotApplicable
from catalog_import.models import ImportRun
from catalog_import.services import (
    discard_run,
    folder_of,
    request_apply,
    request_plan,
    request_undo,
    take_back_request,
)
from catalog_import.services.locking import release_dead_runs


class _RunAction(RunMixin, PermissionCheckedMixin, View):
    """One button: a POST that calls one service and comes back to the run."""

    http_method_names = ["post"]
    permission_policy = POLICY
    permission_required = CHANGE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except CatalogImportError as error:
            messages.error(request, str(error))
        return redirect("catalog_import:run", pk=self.run.pk)

    def act(self) -> None:
        """Do it; a CatalogImportError is shown."""
        raise NotImplementedError


class ApplyView(_RunAction):
    """Have the worker apply the plan, or what is left of it."""

    def act(self) -> None:
        log(instance=self.run, action="catalog_import.apply")
        request_apply(self.run)


class UndoView(_RunAction):
    """Have the worker take the run back."""

    def act(self) -> None:
        request_undo(self.run)
        log(instance=self.run, action="catalog_import.undo")


class TakeBackRequestView(_RunAction):
    """Have a run wait no more for a worker that does not come."""

    def act(self) -> None:
        take_back_request(self.run)


class PlanAgainView(_RunAction):
    """Have the worker compare the same files with the shop of now."""

    permission_required = UPLOAD

    def act(self) -> None:
        State = ImportRun.State
        release_dead_runs(now=timezone.now())
        self.run.refresh_from_db()
        if self.run.state not in (State.PLANNED, State.STALE, State.FAILED, State.STAGED):
            raise NotApplicable(_("This import cannot be planned again."))
        if self.run.applied_at is not None:
            raise NotApplicable(_("This import has changed products already. Continue it, or undo it."))
        if folder_of(self.run) is None:
            raise NotApplicable(_("Its files were not uploaded here. Plan it again where they are."))
        request_plan(self.run)


class DiscardView(_RunAction):
    """Remove a run that changed nothing, with its files."""

    permission_required = DISCARD

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = self.run.pk
        try:
            discard_run(self.run)
        except CatalogImportError as error:
            messages.error(request, str(error))
            return redirect("catalog_import:run", pk=number)
        messages.success(request, _("Import %(number)s and its files are removed.") % {"number": number})
        return redirect("catalog_import:index")
