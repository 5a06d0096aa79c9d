"""Gift cards and store credit in the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.tender import admin_views
from storefront.tender.forms import BlockForm, IssueForm
from storefront.tender.models import CreditAccount

# Accounts are issued, seen and blocked; nobody deletes one.
register_permission_policy(CreditAccount, OnlyPolicy(CreditAccount, "view", "add", "change"))


class CreditViewSet(ModelViewSet):
    model = CreditAccount
    name = "credit"
    icon = "pick"
    menu_label = _("Gift cards and credit")
    menu_order = 46
    add_to_admin_menu = True
    index_view_class = admin_views.AccountListView
    add_view_class = admin_views.IssueView
    edit_view_class = admin_views.BlockView
    inspect_view_class = admin_views.LedgerView
    inspect_view_enabled = True
    inspect_view_fields = [
        "kind",
        "code_end",
        "customer",
        "currency",
        "balance",
        "expires_on",
        "is_blocked",
        "note",
        "created_at",
    ]
    copy_view_enabled = False
    list_display = [
        Column("name", label=_("Account"), accessor=str),
        "customer",
        "balance",
        "currency",
        "expires_on",
        "is_blocked",
        "created_at",
    ]
    list_filter = ["kind", "currency", "is_blocked"]
    search_fields = ["code_end", "customer__email", "note"]
    add_edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
            FieldPanel("customer_email"),
            FieldPanel("expires_on"),
            FieldPanel("note"),
        ],
        base_form_class=IssueForm,
    )
    edit_handler = ObjectList([FieldPanel("is_blocked"), FieldPanel("note")], base_form_class=BlockForm)

    def get_add_view_kwargs(self, **kwargs):
        """Issuing asks for an amount, which the form for changes does not have."""
        panel = self.add_edit_handler.bind_to_model(self.model)
        return super().get_add_view_kwargs(**kwargs) | {
            "panel": panel,
            "form_class": panel.get_form_class(),
        }


@hooks.register("register_log_actions")
def register_issuing(actions: object) -> None:
    """Let the audit log name the issuing of credit."""
    actions.register_action("tender.issue", _("Issue credit"), _("Credit issued"))


@hooks.register("register_admin_viewset")
def register_credit() -> CreditViewSet:
    """Put the screens into the menu."""
    return CreditViewSet()
