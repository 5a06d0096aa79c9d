"""The auditors' pages: the index of a version, the rows of a figure and samples of them, its files, its hashes."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views import View

from storefront.core.errors import StorefrontError
from storefront.evidence.errors import EvidenceBroken
from storefront.evidence.selectors import read_blob
from storefront.subsidies.audit.pages import COOKIE, AuditPage, guarded, refusal
from storefront.subsidies.audit.rows import MOST_SAMPLED, rows_by_amount, rows_page, sampled_rows
from storefront.subsidies.dossier.parts import find_faults
from storefront.subsidies.dossier.summary import criterion_rows, summary_lines
from storefront.subsidies.downloads import as_download
from storefront.subsidies.errors import AuditorRefused
from storefront.subsidies.models import AuditorFinding
from storefront.subsidies.services.auditors import MOST_LETTERS, open_link, record_visit, write_finding
from storefront.subsidies.speech import say

_DEFAULT_SAMPLE = 25
ROW, AMOUNT = "row", "amount"


class Enter(View):
    """Take the key out of the address into a cookie of the link's own folder, so that no log and no referrer has it."""

    def get(self, request: HttpRequest, link_id: int) -> HttpResponseBase:
        """Open the link, or say why it opens nothing."""
        page = AuditPage()
        key = request.GET.get("key", "") or request.COOKIES.get(COOKIE, "")
        try:
            link = open_link(link_id=link_id, key=key, now=page.now)
        except AuditorRefused as error:
            return refusal(request, error, lang="zh")
        record_visit(link=link, verb="auditor.opened", now=page.now)
        response = HttpResponseRedirect(reverse("subsidies_audit", args=[link.pk, "zh"]))
        response.set_cookie(
            COOKIE,
            key,
            expires=link.expires_at,
            path=reverse("subsidies_audit_enter", args=[link.pk]),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return guarded(response)


class FindingForm(forms.Form):
    """What an auditor writes."""

    about = forms.CharField(max_length=60, required=False)
    gravity = forms.ChoiceField(choices=[(one, one) for one in AuditorFinding.GRAVITIES])
    disallowed = forms.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0), required=False)
    text = forms.CharField(max_length=MOST_LETTERS)


class IndexPage(AuditPage):
    """The version: what is claimed and why, every figure, bill and proof; findings with their answers."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        return self._show()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Keep a finding, and come back to where the findings are."""
        form = FindingForm(request.POST)
        if not form.is_valid():
            return self._show(error=say("refused.finding_form"), form=form, status=422)
        try:
            write_finding(link=self.link, now=self.now, **form.cleaned_data)
        except StorefrontError as refused:
            return self._show(error=str(refused), form=form, status=422)
        here = reverse("subsidies_audit", args=[self.link.pk, self.kwargs["lang"]])
        return HttpResponseRedirect(f"{here}#findings")

    def _show(
        self, *, error: str = "", form: FindingForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        findings = self.link.findings.prefetch_related("answers").order_by("pk")
        return self.page(
            "index.html",
            status=status,
            lines=[(say(key), text) for key, text in summary_lines(self.parts)],
            criteria=list(criterion_rows(self.parts)),
            comparison=self.parts.comparison,
            findings=findings,
            gravities=AuditorFinding.GRAVITIES,
            error=error,
            form=form or FindingForm(),
        )


class RowsPage(AuditPage):
    """The rows behind a figure, and samples of them by a seed that is shown."""

    def get(self, request: HttpRequest, *, code: str, **kwargs: Any) -> HttpResponseBase:
        """Show a page of the rows, or the sample that a seed gives."""
        figure = next((one for one in self.parts.contents.figures if one["code"] == code), None)
        if figure is None or code not in self.parts.figures:
            raise Http404
        seed, size = request.GET.get("seed", "")[:40], _whole(request.GET.get("size", ""), _DEFAULT_SAMPLE)
        page = _whole(request.GET.get("p", ""), 1)
        source = {"sha256": figure["rows"]["sha256"], "name": figure["rows"]["evidence"]}
        by_amount = request.GET.get("by") == AMOUNT
        taken, amounts = self.parts.figure(code), None
        try:
            if seed and by_amount:
                rows, amounts = rows_by_amount(**source, basis=taken["basis"], seed=seed, size=size)
            else:
                rows = (
                    sampled_rows(**source, seed=seed, size=size) if seed else rows_page(**source, page=page)
                )
        except EvidenceBroken as broken:
            raise AuditorRefused(str(broken)) from broken
        if seed:
            record_visit(
                link=self.link,
                verb="auditor.sampled",
                now=self.now,
                figure=code,
                seed=seed,
                chosen_by=AMOUNT if by_amount else ROW,
                size=len(rows.numbered),
            )
        else:
            record_visit(link=self.link, verb="auditor.read", now=self.now, figure=code, page=page)
        return self.page(
            "rows.html",
            figure=figure,
            taken=taken,
            rows=rows,
            amounts=amounts,
            by_amount=by_amount,
            has_amounts=f"{taken['basis']}_in_unit" in rows.header,
            seed=seed,
            size=min(size, MOST_SAMPLED),
            most=MOST_SAMPLED,
            suggested_seed=secrets.token_hex(4),
            number=page,
        )


class ProofFile(AuditPage):
    """A file of the version, unless it holds customers' data; what was changed since is not handed out."""

    def get(self, request: HttpRequest, *, label: str, **kwargs: Any) -> HttpResponseBase:
        """Send the bytes that were frozen."""
        proof = self.parts.contents.proof(label.replace("_", " "))
        if proof is None:
            raise Http404
        if proof.has_customers_data:
            raise AuditorRefused(say("audit.held_back", name=proof.label))
        try:
            chunks = read_blob(sha256=proof.sha256, name=proof.label)
        except EvidenceBroken as broken:
            raise AuditorRefused(str(broken)) from broken
        record_visit(
            link=self.link, verb="auditor.file", now=self.now, evidence=proof.label, sha256=proof.sha256
        )
        return as_download(chunks, file_name=proof.path.rsplit("/", 1)[-1], size=proof.size)


class CheckPage(AuditPage):
    """Every hash of the version, reckoned again."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Read everything the version stands on, and say what is not as it was frozen."""
        faults = find_faults(self.link.frozen)
        record_visit(
            link=self.link, verb="auditor.checked", now=self.now, faults=[fault.about for fault in faults]
        )
        return self.page("check.html", faults=faults, count=len(self.parts.contents.proofs))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Lead back to the index, where the button is."""
        return HttpResponseRedirect(reverse("subsidies_audit", args=[self.link.pk, self.kwargs["lang"]]))


def _whole(text: str, default: int) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else default
