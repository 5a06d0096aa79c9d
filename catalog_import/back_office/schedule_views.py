"""The screen on which the merchant has marketplaces imported regularly."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.log_actions import log

from catalog_import.back_office.access import CHANGE, LOOK, ImportScreen, may
from catalog_import.back_office.forms import name_marketplace, name_marketplaces
from catalog_import.back_office.run_page import default_marketplace
from catalog_import.schedules.models import ImportSchedule
from catalog_import.schedules.services import end_schedule, inbox_of, set_schedule

EARLY = 3


class ScheduleForm(forms.Form):
    """Which marketplace, when, and what may happen without anybody."""

    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"))
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=ImportSchedule.Every.choices)
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        initial=EARLY,
    )
    applies_alone = forms.BooleanField(
        label=gettext_lazy("Apply by itself what is harmless"),
        help_text=gettext_lazy(
            "Only a plan without a problem that takes nothing off sale. Any other waits for you, and you get a mail."
        ),
        required=False,
    )
    with_pictures = forms.BooleanField(
        label=gettext_lazy("Fetch the pictures that the files name"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["marketplace"].choices = name_marketplaces()


class SchedulesView(ImportScreen, FormView):
    """Every regular import with what it found last, and the form that sets one."""

    page_title = gettext_lazy("Regular imports")
    header_icon = "time"
    template_name = "amazon_import/schedules.html"
    any_permission_required = [LOOK, CHANGE]
    form_class = ScheduleForm

    def get_initial(self) -> dict[str, Any]:
        return {"marketplace": default_marketplace(), "hour": EARLY, "with_pictures": True}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        schedules = ImportSchedule.objects.select_related("last_run", "user")
        rows = [(each, name_marketplace(each.marketplace), inbox_of(each.marketplace)) for each in schedules]
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "inbox": inbox_of("").as_posix(),
            "may_change": may(self.request, CHANGE),
            "zone": timezone.get_current_timezone_name(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request, CHANGE):
            messages.error(request, _("You may look at imports, but not change the catalogue."))
            return redirect("catalog_import:schedules")
        if "end" in request.POST:
            return self._end(request.POST["end"])
        return super().post(request, *args, **kwargs)

    def _end(self, marketplace: str) -> HttpResponse:
        if schedule := ImportSchedule.objects.filter(marketplace=marketplace).first():
            log(instance=schedule, action="import_schedules.end")
            end_schedule(marketplace)
            messages.success(
                self.request,
                _("%(marketplace)s is imported regularly no more.")
                % {"marketplace": name_marketplace(marketplace)},
            )
        return redirect("catalog_import:schedules")

    def form_valid(self, form: ScheduleForm) -> HttpResponse:
        schedule = set_schedule(**form.cleaned_data, user=self.request.user, now=timezone.now())
        log(instance=schedule, action="import_schedules.set")
        text = _("%(marketplace)s is imported regularly now. Put its files into %(folder)s.")
        name = name_marketplace(schedule.marketplace)
        messages.success(self.request, text % {"marketplace": name, "folder": inbox_of(schedule.marketplace)})
        return redirect("catalog_import:schedules")
