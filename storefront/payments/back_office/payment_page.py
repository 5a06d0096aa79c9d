"""The money of one order: what happened, what is left, and the form that gives some of it back."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from storefront.core.money import shown_amount
from storefront.payments import selectors, services
from storefront.payments.back_office.forms import CaptureForm, RefundForm, TransferForm
from storefront.payments.errors import PaymentError
from storefront.payments.models import Payment, Refund, RefundState
from storefront.payments.selectors.timeline import timeline_of


class PaymentPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The timeline of an order's payment, and its refunds."""

    permission_policy = ModelPermissionPolicy(Payment)
    any_permission_required = ["view", "change"]
    page_title = gettext_lazy("Payment")
    header_icon = "decimal"
    template_name = "payments_admin/payment.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.payment = get_object_or_404(Payment.objects.select_related("order"), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.payment.order.number)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        number = self.payment.order.number
        return [
            *self.breadcrumbs_items,
            {"url": reverse("dashboard:order-list"), "label": _("Orders")},
            {"url": reverse("dashboard:order-detail", args=[number]), "label": number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payment = self.payment
        ledger = selectors.ledger_of(payment)
        disputes = list(payment.disputes.order_by("-pk"))
        form = kwargs.pop("form", None) or RefundForm(
            currency=payment.currency,
            initial={"amount": shown_amount(ledger.kept, payment.currency)},
        )
        capture_form = kwargs.pop("capture_form", None)
        if payment.is_authorised and capture_form is None:
            sent = selectors.sent_amount(payment)
            capture_form = CaptureForm(
                currency=payment.currency, initial={"amount": shown_amount(sent, payment.currency)}
            )
        return super().get_context_data(**kwargs) | {
            "capture_form": capture_form,
            "is_captured_now": payment.captures.filter(state="requested").exists(),
            "may_capture": payment.is_authorised and self.request.user.has_perm("payments.capture_payment"),
            "payment": payment,
            "ledger": ledger,
            "moments": timeline_of(payment),
            "refunds": payment.refunds.select_related("requested_by").order_by("-pk"),
            "disputes": disputes,
            "findings": payment.findings.filter(state="open").order_by("pk"),
            "is_blocked": any(dispute.blocks_refunds for dispute in disputes),
            "may_refund": bool(payment.intent_id or payment.is_transfer)
            and payment.state in ("paid", "mismatch", "needs_refund")
            and self.request.user.has_perm("payments.add_refund"),
            "form": form,
            "may_confirm": payment.is_transfer
            and payment.is_awaiting
            and self.request.user.has_perm("payments.confirm_transfer"),
            "transfer_form": kwargs.get("transfer_form") or TransferForm(currency=payment.currency),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("payments.add_refund"):
            raise PermissionDenied
        form = RefundForm(request.POST, currency=self.payment.currency)
        if form.is_valid():
            try:
                refund = self._refund(form.cleaned_data)
            except PaymentError as error:
                form.add_error("amount", str(error))
            else:
                amount = f"{refund.amount} {refund.currency}"
                log(instance=self.payment.order, action="payments.refund", data={"amount": amount})
                self._say(refund)
                return redirect("payments_admin:payment", self.payment.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _refund(self, asked: dict[str, Any]) -> Refund:
        details = {name: asked[name] for name in ("amount", "reason", "note")}
        details |= {"payment_id": self.payment.pk, "by": self.request.user, "now": timezone.now()}
        if self.payment.is_transfer:
            return services.record_manual_refund(key=(asked["key"] or uuid4()).hex, **details)
        return services.request_refund(**details)

    def _say(self, refund: Refund) -> None:
        if self.payment.is_transfer:
            messages.success(self.request, _("Recorded. The shop sends no money by itself."))
        elif refund.state == RefundState.REQUESTED:
            messages.warning(
                self.request,
                _("Stripe has not answered yet. The shop finds out by itself; do not refund it again."),
            )
        elif refund.is_live:
            messages.success(self.request, _("The money is on its way back."))
        else:
            messages.error(self.request, refund.failure or refund.get_state_display())
