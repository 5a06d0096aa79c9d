"""The account's page "Your data": take everything along, or have it erased."""

import json
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from oscar.core.loading import get_class

from storefront.privacy.errors import ErasureError
from storefront.privacy.links import is_valid, send_download_link
from storefront.privacy.personal_data import read_personal_data
from storefront.privacy.services import erase_customer

ConfirmPasswordForm = get_class("customer.forms", "ConfirmPasswordForm")
CONSENT_COOKIE = "consent"


class YourDataView(LoginRequiredMixin, TemplateView):
    """Says what can be had and what erasing leaves."""

    template_name = "privacy/your_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, page_title=_("Your data"), active_tab="data")


class SendLinkView(LoginRequiredMixin, View):
    """Mail the link to the data, once a minute at most."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if cache.add(f"privacy-link:{request.user.pk}", 1, 60):
            path = reverse("privacy:download", args=["-"]).removesuffix("-/")
            send_download_link.enqueue(request.user.pk, path, get_language() or settings.LANGUAGE_CODE)
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": request.user.email})
        return redirect("privacy:your-data")


class DownloadView(LoginRequiredMixin, View):
    """The customer's data as a file, by the link mailed to them; nobody keeps a copy on the way."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if not is_valid(token, customer=request.user):
            messages.error(
                request, _("This link is not valid any more, or not for this account. Ask for a new one.")
            )
            return redirect("privacy:your-data")
        data = read_personal_data(
            customer=request.user, consent_token=_consent_token(request), now=timezone.now()
        )
        text = json.dumps(data, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="data-{timezone.localdate():%Y-%m-%d}.json"'
        add_never_cache_headers(response)
        return response


class EraseView(LoginRequiredMixin, FormView):
    """In place of Oscar's own: asks for the password, says what is kept, and why it cannot be done now."""

    form_class = ConfirmPasswordForm
    template_name = "oscar/customer/profile/profile_delete.html"
    extra_context = {"page_title": gettext_lazy("Delete account"), "active_tab": "data"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credit = apps.get_model("tender.CreditAccount").objects.filter(
            customer=self.request.user, balance__gt=0
        )
        return super().get_context_data(**kwargs, credit=list(credit.order_by("currency", "pk")))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            erase_customer(customer=self.request.user)
        except ErasureError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        logout(self.request)
        messages.success(self.request, _("Your account is deleted. You are signed out."))
        return HttpResponseRedirect(reverse("wagtail_serve", args=[""]))


def _consent_token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.COOKIES.get(CONSENT_COOKIE, "").partition(".")[0])
    except ValueError:
        return None
