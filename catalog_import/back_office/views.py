"""What a merchant looks at: the guide, the upload, a run with its plan, progress and report, the history."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from catalog_import.back_office import problem_words, reports_to_download
from catalog_import.back_office.access import (
    CHANGE,
    DISCARD,
    LOOK,
    POLICY,
    UPLOAD,
    ImportScreen,
    RunMixin,
    RunScreen,
    may,
    name_run,
)
from catalog_import.back_office.forms import UploadForm, name_marketplace
from catalog_import.back_office.plan_words import TABS, describe_rows
from catalog_import.back_office.run_page import default_marketplace, describe_run_page, is_waiting
from catalog_import.back_office.saying import say_again, say_problem, saying_in
from catalog_import.selectors import (
    ACTIONS,
    get_plan_page,
    get_problem_counts,
    get_progress,
    list_missing_pictures,
    list_problems,
    list_runs,
    stream_plan_csv,
)
from catalog_import.services import is_stuck, request_plan, stage_import

ROWS_PER_PAGE = 50


class RunListView(ImportScreen):
    """The history; before the first import, what to do first."""

    page_title = gettext_lazy("Imports")
    template_name = "amazon_import/index.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items[:-1], {"url": "", "label": _("Amazon import")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(list_runs(), ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        runs = [
            {
                "run": run,
                "name": name_run(run),
                "marketplace": name_marketplace(run.marketplace),
                "is_waiting": is_waiting(run),
            }
            for run in page
        ]
        return super().get_context_data(**kwargs) | {
            "runs": runs,
            "page": page,
            "may_upload": may(self.request, UPLOAD),
        }


class GuideView(ImportScreen):
    """Leaving Amazon: what to download where."""

    page_title = gettext_lazy("What to download from Amazon")
    header_icon = "download"
    template_name = "amazon_import/guide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "reports": reports_to_download.list_reports(),
            "refused": reports_to_download.list_refused(),
            "may_upload": may(self.request, UPLOAD),
        }


class UploadView(ImportScreen, FormView):
    """Take files in and have them read; a script sends the same form and is answered with an address."""

    page_title = gettext_lazy("New import")
    template_name = "amazon_import/upload.html"
    any_permission_required = [UPLOAD]
    form_class = UploadForm

    def get_initial(self) -> dict[str, Any]:
        return {"marketplace": default_marketplace(), "with_pictures": True}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        data = form.cleaned_data
        run = stage_import(
            files=data["files"],
            marketplace=data["marketplace"],
            with_pictures=data["with_pictures"],
            user=self.request.user,
            now=timezone.now(),
        )
        log(
            instance=run,
            action="catalog_import.upload",
            data={"files": [file.name for file in data["files"]]},
        )
        request_plan(run)
        address = reverse("catalog_import:run", args=[run.pk])
        return JsonResponse({"url": address}, status=201) if self._is_script() else redirect(address)

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        if self._is_script():
            messages = [str(error) for errors in form.errors.values() for error in errors]
            return JsonResponse({"errors": messages}, status=400)
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _is_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"


class RunView(RunScreen):
    """One import: its progress while it moves, then its plan or its report, and the next step."""

    template_name = "amazon_import/run.html"

    def get_page_title(self) -> str:
        return name_run(self.run)

    def path_to_here(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return (
            super().get_context_data(**kwargs)
            | describe_run_page(self.run)
            | {
                "may_change": may(self.request, CHANGE),
                "may_discard": may(self.request, DISCARD),
                "may_upload": may(self.request, UPLOAD),
            }
        )


class ProgressView(RunMixin, PermissionCheckedMixin, View):
    """How far a run is, as JSON for the page that waits."""

    permission_policy = POLICY
    any_permission_required = [LOOK, CHANGE]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        progress = get_progress(self.run.pk)
        stuck = is_stuck(self.run, now=timezone.now())
        answer = {
            "state": "stuck" if stuck else progress.state,
            "percent": progress.percent,
            "done": progress.done,
            "total": progress.total,
            "text": describe_progress(progress),
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def describe_progress(progress: Any) -> str:
    """Return one line on how far a run is."""
    if not progress.is_moving:
        return _("Waiting for the worker")
    if not progress.total:
        return f"{progress.step_label} {progress.done or ''}".strip()
    return _("%(step)s: %(done)s of %(total)s") % {
        "step": progress.step_label,
        "done": progress.done,
        "total": progress.total,
    }


class PlanRowsView(RunScreen):
    """The rows of one part of a plan: field by field, what the shop says and what it would say."""

    template_name = "amazon_import/plan.html"

    def get_page_title(self) -> str:
        return _("Plan")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        action = self.kwargs["action"] if self.kwargs["action"] in ACTIONS else "create"
        sku, number = self.request.GET.get("sku", "").strip()[:128], self.request.GET.get("p", "1")
        page = get_plan_page(
            self.run,
            action=action,
            number=max(1, int(number)) if number.isdigit() else 1,
            per_page=ROWS_PER_PAGE,
            sku=sku,
        )
        return super().get_context_data(**kwargs) | {
            "action": action,
            "tab": TABS[action],
            "tabs": [(name, tab, self.run.counts.get(name, 0)) for name, tab in TABS.items()],
            "rows": describe_rows(page.rows, self.run),
            "page": page,
            "sku": sku,
        }


class ProblemsView(RunScreen):
    """What could not be taken over as it stands, by kind."""

    page_title = gettext_lazy("Problems")
    template_name = "amazon_import/problems.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind, sku = self.request.GET.get("kind", ""), self.request.GET.get("sku", "").strip()[:128]
        problems = list_problems(self.run, kind=kind, sku=sku)
        page = Paginator(problems, ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        counts = get_problem_counts(self.run)
        return super().get_context_data(**kwargs) | {
            "kinds": [(code, problem_words.describe(code), count) for code, count in counts],
            "kind": kind,
            "words": problem_words.describe(kind) if kind else None,
            "sku": sku,
            "page": page,
            "problems": [
                (problem, problem_words.describe(problem.kind), *say_problem(problem)) for problem in page
            ],
        }


class MissingPicturesView(ImportScreen):
    """Pictures that listings name and the shop does not have, and why."""

    page_title = gettext_lazy("Missing pictures")
    header_icon = "image"
    template_name = "amazon_import/pictures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(list_missing_pictures(), ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "jobs": [
                (job, say_again(job.said, otherwise=job.error or job.get_state_display())) for job in page
            ],
            "may_upload": may(self.request, UPLOAD),
        }


class PlanFileView(RunMixin, PermissionCheckedMixin, View):
    """The whole plan as CSV, sent as it is read."""

    permission_policy = POLICY
    any_permission_required = [LOOK, CHANGE]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        name = f"import-{self.run.pk}-{self.run.marketplace}.csv"
        say = saying_in(
            get_language() or settings.LANGUAGE_CODE
        )  # it is sent after the page's language is put back
        lines = (line.encode() for line in stream_plan_csv(self.run, say=say))
        return StreamingHttpResponse(
            _with_mark(lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _with_mark(lines: Any) -> Any:
    """Begin with the mark by which spreadsheets recognise UTF-8."""
    yield b"\xef\xbb\xbf"
    yield from lines
