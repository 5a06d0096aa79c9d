"""Reserved money in the back office: the buttons that take it or let it go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.log_actions import log

from storefront.payments import services
from storefront.payments.back_office.forms import CaptureForm
from storefront.payments.back_office.payment_page import PaymentPage
from storefront.payments.errors import PaymentError
from storefront.payments.models import Capture, CaptureState, Payment


class CaptureView(PaymentPage):
    """The payment's page with the form that takes reserved money."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("payments.capture_payment"):
            return permission_denied(request)
        form = CaptureForm(request.POST, currency=self.payment.currency)
        if form.is_valid():
            try:
                capture = services.capture_payment(
                    payment_id=self.payment.pk,
                    amount=form.cleaned_data["amount"],
                    by=request.user,
                    now=timezone.now(),
                )
            except PaymentError as error:
                form.add_error("amount", str(error))
            else:
                amount = f"{capture.amount} {capture.currency}"
                log(instance=self.payment.order, action="payments.capture", data={"amount": amount})
                self._say_captured(capture)
                return redirect("payments_admin:payment", self.payment.pk)
        return self.render_to_response(self.get_context_data(capture_form=form), status=422)

    def _say_captured(self, capture: Capture) -> None:
        if capture.state == CaptureState.DONE:
            messages.success(self.request, _("The money is taken. The rest, if any, is released."))
        elif capture.state == CaptureState.REQUESTED:
            messages.warning(
                self.request,
                _("Stripe has not answered yet. The shop finds out by itself; you need not ask again."),
            )
        else:
            messages.error(
                self.request,
                _("Stripe refused: %(reason)s. Nothing was taken.") % {"reason": capture.failure},
            )


class ReleaseView(PaymentPage):
    """Let reserved money go and cancel the order."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("payments.capture_payment"):
            return permission_denied(request)
        try:
            payment = services.release_payment(
                payment_id=self.payment.pk, by=request.user, now=timezone.now()
            )
        except PaymentError as error:
            messages.error(request, str(error))
        else:
            if payment.is_paid:
                messages.warning(request, _("The money was taken already. Give it back below instead."))
            else:
                log(instance=self.payment.order, action="payments.release")
                self._say_released(payment)
        return redirect("payments_admin:payment", self.payment.pk)

    def _say_released(self, payment: Payment) -> None:
        if payment.is_authorised:
            messages.warning(
                self.request,
                _(
                    "The order is cancelled. Stripe has not answered yet: the shop releases the money by itself."
                ),
            )
        else:
            messages.success(
                self.request, _("The money is released, the order cancelled, its stock free again.")
            )
