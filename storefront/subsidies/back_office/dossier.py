"""The tab of a project's dossiers: versions, exports and how they went, links for auditors, findings and answers."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from storefront.core.errors import StorefrontError
from storefront.subsidies import workflow
from storefront.subsidies.back_office.forms import WordedForm
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.downloads import as_download
from storefront.subsidies.models import AuditorFinding, AuditorLink, FrozenVersion
from storefront.subsidies.selectors.dossiers import export_of, findings_of, links_of, versions_of
from storefront.subsidies.services.auditors import (
    MOST_DAYS,
    MOST_LETTERS,
    answer_finding,
    invite_auditor,
    revoke_link,
)
from storefront.subsidies.services.dossiers import check_version, hand_out, request_dossier
from storefront.subsidies.speech import say
from storefront.subsidies.tasks import make_dossier_in_worker


class InviteForm(WordedForm):
    """Whom a version is shown to, and for how long."""

    helps = ("auditor",)

    auditor = forms.CharField(max_length=200)
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=14)


class AnswerForm(WordedForm):
    """What the applicant answers."""

    answer = forms.CharField(max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 3}))


class DossierPage(ProjectPage):
    """Every frozen version with its dossiers; whoever may look at one from outside, and what they wrote."""

    url_name = "subsidies_dossier"
    template_name = "subsidies/admin/dossier.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = versions_of(self.project, now=self.now)
        return super().get_context_data(
            versions=versions,
            is_waiting=any(version.is_waiting for version in versions),
            links=links_of(self.project),
            findings=findings_of(self.project),
            may_export=bool(self.roles),
            may_let_go=workflow.SIGNER in self.roles,
            invite_form=InviteForm(),
            answer_form=AnswerForm(),
            now=self.now,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks; the key of a new link is shown on the answer itself, and nowhere again."""
        if request.POST.get("action") == "invite":
            return self._invite()
        return super().post(request, *args, **kwargs)

    def act(self) -> str:
        acts = {
            "export": self._export,
            "check": self._check,
            "revoke": self._revoke,
            "answer": self._answer,
        }
        act = acts.get(self.request.POST.get("action", ""))
        return act() if act else super().act()

    def _invite(self) -> HttpResponse:
        try:
            data = valid(InviteForm(self.request.POST))
            with transaction.atomic():
                link, key = invite_auditor(frozen=self._version(), by=self.request.user, now=self.now, **data)
        except StorefrontError as refusal:
            messages.error(self.request, str(refusal))
            return HttpResponseRedirect(reverse(self.url_name, args=[self.project.pk]))
        address = self.request.build_absolute_uri(reverse("subsidies_audit_enter", args=[link.pk]))
        context = self.get_context_data(new_link=link, new_address=f"{address}?key={key}")
        response = self.render_to_response(context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _export(self) -> str:
        export = request_dossier(
            frozen=self._version(),
            by=self.request.user,
            now=self.now,
            with_customers_data="with_customers_data" in self.request.POST,
            reason=self.request.POST.get("reason", "")[:300],
        )
        transaction.on_commit(partial(make_dossier_in_worker.enqueue, export.pk))
        return say("done.dossier", number=export.frozen.number)

    def _check(self) -> str:
        frozen = self._version()
        faults = check_version(frozen=frozen, by=self.request.user, now=self.now)
        for fault in faults:
            messages.error(self.request, fault.sentence)
        key = "done.dossier_faults" if faults else "done.dossier_checked"
        return say(key, number=frozen.number, count=len(faults))

    def _revoke(self) -> str:
        links = AuditorLink.objects.select_related("frozen__project").filter(frozen__project=self.project)
        link = get_object_or_404(links, pk=self.posted_key("link"))
        return say("done.revoked", name=revoke_link(link=link, by=self.request.user, now=self.now).auditor)

    def _answer(self) -> str:
        rows = AuditorFinding.objects.select_related("link__frozen__project")
        finding = get_object_or_404(
            rows.filter(link__frozen__project=self.project), pk=self.posted_key("finding")
        )
        text = valid(AnswerForm(self.request.POST))["answer"]
        answer_finding(finding=finding, text=text, by=self.request.user, now=self.now)
        return say("done.answered", number=finding)

    def _version(self) -> FrozenVersion:
        versions = FrozenVersion.objects.select_related("project", "approved_by").filter(project=self.project)
        return get_object_or_404(versions, pk=self.posted_key("version"))


class DossierFile(ProjectPage):
    """A dossier that was made, for the members of its project; whoever has it stands in the log."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | StreamingHttpResponse:
        """Send the zip; when its bytes are not the ones that were made, say so instead."""
        export = get_object_or_404(export_of(self.project, export_id=self.kwargs["export_id"]))
        try:
            chunks = hand_out(export=export, by=request.user, now=self.now)
        except StorefrontError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("subsidies_dossier", args=[self.project.pk]))
        kind = "_full" if export.with_customers_data else ""
        return as_download(chunks, file_name=f"{export.name}{kind}.zip", size=export.size)
