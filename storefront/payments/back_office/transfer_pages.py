"""Bank transfers in the back office: the awaited ones, and the buttons that confirm or cancel one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views import generic
from wagtail.log_actions import log

from storefront.payments import services
from storefront.payments.back_office.forms import TransferForm
from storefront.payments.back_office.payment_page import PaymentPage
from storefront.payments.errors import PaymentError
from storefront.payments.models import PaymentWay


class TransferListView(generic.IndexView):
    """Every order paid by bank transfer, in one query; the one that ends first on top."""

    page_title = gettext_lazy("Bank transfers")
    default_ordering = ["expires_at", "pk"]

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().filter(way=PaymentWay.BANK_TRANSFER)
        return rows.select_related("order__shipping_address")


class ConfirmTransferView(PaymentPage):
    """The payment's page with the form that says the money is here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("payments.confirm_transfer"):
            return permission_denied(request)
        form = TransferForm(request.POST, currency=self.payment.currency)
        if form.is_valid():
            try:
                services.confirm_transfer(
                    payment_id=self.payment.pk, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except PaymentError as error:
                form.add_error("amount", str(error))
            else:
                amount = f"{form.cleaned_data['amount']} {self.payment.currency}"
                log(instance=self.payment.order, action="payments.confirm_transfer", data={"amount": amount})
                messages.success(request, _("The order is paid. The customer gets a confirmation by email."))
                return redirect("payments_admin:payment", self.payment.pk)
        return self.render_to_response(self.get_context_data(transfer_form=form), status=422)


class CancelTransferView(PaymentPage):
    """End an order whose money did not come."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("payments.confirm_transfer"):
            return permission_denied(request)
        try:
            services.cancel_transfer(payment_id=self.payment.pk, by=request.user, now=timezone.now())
        except PaymentError as error:
            messages.error(request, str(error))
        else:
            log(instance=self.payment.order, action="payments.cancel_transfer")
            messages.success(request, _("The order is cancelled and its stock is free again."))
        return redirect("payments_admin:payment", self.payment.pk)
