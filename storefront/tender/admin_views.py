"""The back office's screens of gift cards and store credit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.log_actions import log

from storefront.tender.errors import TenderError
from storefront.tender.selectors import ledger
from storefront.tender.services import give_store_credit, issue_gift_card


class AccountListView(generic.IndexView):
    """Every account with its customer, in one query."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("customer")


class IssueView(generic.CreateView):
    """Issue a gift card, whose code is shown this once, or add to a customer's store credit."""

    page_title = gettext_lazy("Issue credit")

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except TenderError as error:
            form.add_error("amount", ValidationError(str(error)))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self):
        data = self.form.cleaned_data
        terms = {
            "amount": data["amount"],
            "currency": data["currency"],
            "by": self.request.user,
            "now": timezone.now(),
        }
        amount = f"{data['amount']} {data['currency']}"
        if data["customer_email"]:
            account = give_store_credit(customer=self.form.customer, **terms)
            log(instance=account, action="tender.issue", data={"amount": amount})
            return account
        issued = issue_gift_card(expires_on=data["expires_on"], note=data["note"], **terms)
        log(instance=issued.account, action="tender.issue", data={"amount": amount})
        messages.warning(
            self.request,
            _("The code is %(code)s. Hand it over now: it is shown this once and kept nowhere.")
            % {"code": issued.code},
        )
        return issued.account


class BlockView(generic.EditView):
    """Block an account or change its note; its balance is the ledger's and stays untouched."""

    def save_instance(self):
        changed = [name for name in self.form.changed_data if name in ("is_blocked", "note")]
        if changed:
            self.form.instance.save(update_fields=changed)
            log(instance=self.form.instance, action="wagtail.edit", data={"fields": changed})
        return self.form.instance


class LedgerView(generic.InspectView):
    """An account and every movement that made its balance."""

    template_name = "tender/ledger.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"entries": ledger(self.object)[:200]}
