"""Lists of findings, disputes, refunds and payouts, and the page of each."""

from typing import Any

from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views import generic
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from storefront.payments import finding_words, selectors
from storefront.payments.back_office.csv_files import stream_csv
from storefront.payments.back_office.forms import CloseForm
from storefront.payments.models import Dispute, Finding, FindingState, Payout
from storefront.payments.services import build_evidence_pack, close_finding
from storefront.payments.stripe_words import dispute_reason, line_category


class LookPolicy(ModelPermissionPolicy):
    """Rows are Stripe's and the shop's: whoever may see them sees them, nobody edits one by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and any(
            super(LookPolicy, self).user_has_permission(user, name) for name in ("view", "change")
        )

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class FindingListView(generic.IndexView):
    """What to do first: open before closed, the nearest deadline first."""

    default_ordering = None

    def get_base_queryset(self) -> Any:
        is_open = Case(
            When(state=FindingState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        rows = super().get_base_queryset().select_related("payment__order")
        return rows.order_by(is_open, "due_at", "-found_at", "-pk")

    def order_queryset(self, queryset: Any) -> Any:
        return super().order_queryset(queryset) if self.request.GET.get("ordering") else queryset


class FindingPage(generic.InspectView):
    """One finding: what it says, what to do, and the button that ends it."""

    page_title = gettext_lazy("Finding")
    template_name = "payments_admin/finding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "finding": self.object,
            "sentence": finding_words.sentence(self.object),
            "advice": finding_words.advice(self.object),
            "form": CloseForm(),
            "may_close": self.request.user.has_perm("payments.change_finding"),
        }


class CloseFindingView(View):
    """Mark a finding as dealt with."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("payments.change_finding"):
            return permission_denied(request)
        finding = get_object_or_404(Finding, pk=pk)
        form = CloseForm(request.POST)
        if form.is_valid():
            finding = close_finding(
                finding_id=finding.pk, note=form.cleaned_data["note"], by=request.user, now=timezone.now()
            )
            log(instance=finding, action="payments.close_finding", data={"note": finding.note})
            messages.success(request, _("Marked as dealt with."))
        else:
            messages.error(request, _("Say in a few words what you did."))
        return redirect("findings:inspect", pk)


class DisputeListView(generic.IndexView):
    """Every dispute with its order, in one query."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("payment__order")


class RefundListView(DisputeListView):
    """Every refund with its order and who asked for it, in one query."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("requested_by")


class DisputePage(generic.InspectView):
    """One dispute: until when to answer, and with what."""

    page_title = gettext_lazy("Dispute")
    template_name = "payments_admin/dispute.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "dispute": self.object,
            "reason": dispute_reason(self.object.reason),
        }


class EvidencePackView(View):
    """Download what an answer needs."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (
            request.user.has_perm("payments.view_dispute") or request.user.has_perm("payments.change_dispute")
        ):
            return permission_denied(request)
        dispute = get_object_or_404(Dispute.objects.select_related("payment__order"), pk=pk)
        log(instance=dispute, action="payments.download_evidence")
        name = f"dispute-{dispute.payment.order.number}.zip"
        return HttpResponse(
            build_evidence_pack(dispute),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class PayoutListView(generic.IndexView):
    """Every payout with the number of its lines, in one query."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(line_count=Count("lines"))


class PayoutPage(generic.InspectView):
    """One payout and every line it pays, each with its order."""

    page_title = gettext_lazy("Payout")
    template_name = "payments_admin/payout.html"
    most_lines = 500

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = []
        for line in selectors.payout_orders(self.object.payout_id):
            if len(lines) == self.most_lines:
                break
            lines.append((line, line_category(line.category)))
        return super().get_context_data(**kwargs) | {
            "payout": self.object,
            "lines": lines,
            "is_cut": len(lines) == self.most_lines,
        }


class PayoutFileView(View):
    """The lines of a payout as a CSV file, for the accounts."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (
            request.user.has_perm("payments.view_payout") or request.user.has_perm("payments.change_payout")
        ):
            return permission_denied(request)
        payout = get_object_or_404(Payout, pk=pk)
        return stream_csv(selectors.payout_orders(payout.payout_id), name=f"payout-{payout.payout_id}.csv")
