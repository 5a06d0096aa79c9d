"""Payments in Wagtail's back office: menu, addresses, permissions, words of the audit log."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.contrib.settings.registry import register_setting
from wagtail.permissions import register_permission_policy

from storefront.core.money import shown_amount
from storefront.payments import finding_words
from storefront.payments.back_office import capture_pages, payment_page, screens, transfer_pages
from storefront.payments.models import (
    BankTransferSetup,
    Dispute,
    Finding,
    Payment,
    PaymentSetup,
    Payout,
    Refund,
)
from storefront.payments.stripe_words import dispute_reason

register_setting(icon="decimal", order=29)(PaymentSetup)
register_setting(icon="group", order=30)(BankTransferSetup)
for _model in (Dispute, Finding, Payment, Payout, Refund):
    register_permission_policy(_model, screens.LookPolicy(_model))


def _order_number(row: Any) -> str:
    return str(row.payment.order.number) if row.payment else ""


def _customer(row: Any) -> str:
    address = row.order.shipping_address
    return str(address.name) if address else ""


def _money(row: Any) -> str:
    return f"{shown_amount(row.amount, row.currency)} {row.currency}"


def _money_column(page: str) -> TitleColumn:
    """Return the column that says how much and leads to the row's page."""
    return TitleColumn(
        "amount",
        label=_("Amount"),
        accessor=_money,
        sort_key="amount",
        get_url=lambda row: reverse(page, args=[row.pk]),
    )


class FindingViewSet(ModelViewSet):
    model = Finding
    name = "findings"
    icon = "warning"
    menu_label = _("To do")
    index_view_class = screens.FindingListView
    inspect_view_class = screens.FindingPage
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["note"]
    list_display = [
        TitleColumn(
            "kind",
            label=_("Finding"),
            accessor="get_kind_display",
            sort_key="kind",
            get_url=lambda row: reverse("findings:inspect", args=[row.pk]),
        ),
        Column("sentence", label=_("Details"), accessor=finding_words.sentence),
        Column("due_at", label=_("Deadline"), accessor="due_at", sort_key="due_at"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
    ]
    list_filter = ["state", "kind"]


class DisputeViewSet(ModelViewSet):
    model = Dispute
    name = "disputes"
    icon = "help"
    menu_label = _("Disputes")
    index_view_class = screens.DisputeListView
    inspect_view_class = screens.DisputePage
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["status"]
    list_display = [
        _money_column("disputes:inspect"),
        Column("order", label=_("Order"), accessor=_order_number),
        Column("reason", label=_("Reason"), accessor=lambda row: dispute_reason(row.reason)),
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        "answer_by",
    ]
    list_filter = ["status"]
    list_export = [
        "payment.order.number",
        "dispute_id",
        "amount",
        "currency",
        "reason",
        "status",
        "answer_by",
    ]
    export_filename = "disputes"


class RefundViewSet(ModelViewSet):
    model = Refund
    name = "refunds"
    icon = "rotate"
    menu_label = _("Refunds")
    index_view_class = screens.RefundListView
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["note"]
    list_display = [
        _money_column("refunds:inspect"),
        Column("order", label=_("Order"), accessor=_order_number),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        "requested_by",
        "requested_at",
    ]
    list_filter = ["state"]
    list_export = [
        "payment.order.number",
        "refund_id",
        "amount",
        "currency",
        "state",
        "reason",
        "note",
        "failure",
        "requested_by",
        "requested_at",
    ]
    export_filename = "refunds"
    inspect_view_fields = [
        "amount",
        "currency",
        "state",
        "reason",
        "note",
        "failure",
        "refund_id",
        "requested_by",
        "requested_at",
        "changed_at",
    ]


class PayoutViewSet(ModelViewSet):
    model = Payout
    name = "payouts"
    icon = "download"
    menu_label = _("Payouts")
    index_view_class = screens.PayoutListView
    inspect_view_class = screens.PayoutPage
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["status"]
    list_display = [
        _money_column("payouts:inspect"),
        "arrives_on",
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        Column("lines", label=_("Lines"), accessor="line_count"),
    ]
    list_filter = ["status", "currency"]
    list_export = ["payout_id", "amount", "currency", "status", "arrives_on", "created_at", "bank_reference"]
    export_filename = "payouts"


class TransferViewSet(ModelViewSet):
    model = Payment
    name = "transfers"
    icon = "group"
    menu_label = _("Bank transfers")
    index_view_class = transfer_pages.TransferListView
    copy_view_enabled = False
    form_fields = ["note"]
    list_display = [
        _money_column("payments_admin:payment"),
        Column("order", label=_("Order"), accessor=lambda row: row.order.number),
        Column("customer", label=_("Customer"), accessor=_customer),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("created_at", label=_("Ordered"), accessor="created_at", sort_key="created_at"),
        Column("expires_at", label=_("Kept until"), accessor="expires_at", sort_key="expires_at"),
    ]
    list_filter = ["state"]


class PaymentsViewSetGroup(ModelViewSetGroup):
    menu_label = _("Payments")
    menu_icon = "decimal"
    menu_order = 15
    items = (FindingViewSet, TransferViewSet, RefundViewSet, DisputeViewSet, PayoutViewSet)


@hooks.register("register_admin_viewset")
def register_payments() -> PaymentsViewSetGroup:
    """Put the screens into the menu, behind the orders."""
    return PaymentsViewSetGroup()


@hooks.register("register_admin_urls")
def register_addresses() -> list:
    """Give the pages that are no plain list their addresses."""
    addresses = [
        path("<int:pk>/", payment_page.PaymentPage.as_view(), name="payment"),
        path("<int:pk>/capture/", capture_pages.CaptureView.as_view(), name="capture"),
        path("<int:pk>/release/", capture_pages.ReleaseView.as_view(), name="release"),
        path("<int:pk>/confirm/", transfer_pages.ConfirmTransferView.as_view(), name="confirm-transfer"),
        path("<int:pk>/cancel/", transfer_pages.CancelTransferView.as_view(), name="cancel-transfer"),
        path("findings/<int:pk>/close/", screens.CloseFindingView.as_view(), name="close-finding"),
        path("disputes/<int:pk>/evidence.zip", screens.EvidencePackView.as_view(), name="evidence"),
        path("payouts/<int:pk>/lines.csv", screens.PayoutFileView.as_view(), name="payout-file"),
    ]
    return [path("payments/", include((addresses, "payments_admin")))]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let Wagtail's group form give the right to see payments and to give money back."""
    return Permission.objects.filter(
        content_type__app_label="payments",
        codename__in=["view_payment", "confirm_transfer", "capture_payment", "add_refund", "change_finding"],
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name in the audit log what people do with money."""
    actions.register_action("payments.capture", _("Take reserved money"), _("Reserved money taken"))
    actions.register_action("payments.release", _("Release reserved money"), _("Reserved money released"))
    actions.register_action("payments.refund", _("Refund an order"), _("Order refunded"))
    actions.register_action(
        "payments.confirm_transfer", _("Confirm a bank transfer"), _("Bank transfer confirmed")
    )
    actions.register_action(
        "payments.cancel_transfer",
        _("Cancel an order awaiting a transfer"),
        _("Order cancelled, no transfer came"),
    )
    actions.register_action("payments.close_finding", _("Deal with a finding"), _("Finding dealt with"))
    actions.register_action(
        "payments.download_evidence", _("Download evidence"), _("Evidence for a dispute downloaded")
    )
