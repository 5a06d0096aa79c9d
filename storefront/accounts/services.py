"""Who may do what in the back office: the two groups of staff that every shop starts with."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

SHOP_MANAGERS = "Shop managers"
FULFILMENT = "Fulfilment"

# The tables that Oscar's dashboard asks permissions for.
DASHBOARD_MODELS = {
    "analytics": ("userrecord",),
    "catalogue": ("attributeoptiongroup", "category", "option", "product", "productclass"),
    "communication": ("communicationeventtype",),
    "offer": ("conditionaloffer", "range"),
    "order": ("order",),
    "partner": ("partner", "stockalert"),
    "reviews": ("productreview",),
    "shipping": ("weightbased",),
    "voucher": ("voucher", "voucherset"),
}
# Our own apps with screens in the back office, all of whose tables are a manager's.
MANAGED_APPS = (
    "amazon_import",
    "amazon_stories",
    "brand_rights",
    "catalog_import",
    "cms",
    "compliance",
    "consent",
    "evidence",
    "markets",
    "payments",
    "product_facts",
    "stock_alerts",
    "subsidies",
    "tender",
    "wagtailforms",
    "wagtailredirects",
    "withdrawals",
)
PAGE_ACTIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
COLLECTION_ACTIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


def dashboard_permissions() -> QuerySet[Permission]:
    """Return the permissions that open the pages of Oscar's dashboard.

    Not `partner.dashboard_access`: it is for a partner's own people, whom Oscar shows their own orders only.
    """
    rows = Q(content_type__app_label="accounts", codename="view_user")
    for app_label, models in DASHBOARD_MODELS.items():
        rows |= Q(content_type__app_label=app_label, content_type__model__in=models)
    return Permission.objects.filter(rows).exclude(codename="dashboard_access")


@transaction.atomic
def ensure_staff_groups() -> None:
    """Create the groups that are missing; a group that exists is the merchant's and stays as it is.

    Nobody but an administrator gets `accounts.change_user`: with it one could make oneself an administrator.
    """
    managers, is_new = Group.objects.get_or_create(name=SHOP_MANAGERS)
    if is_new:
        managers.permissions.set(
            dashboard_permissions()
            | Permission.objects.filter(content_type__app_label__in=MANAGED_APPS)
            | _permissions(("wagtailadmin", "access_admin"))
        )
        _let_manage_pages(managers)
    fulfilment, is_new = Group.objects.get_or_create(name=FULFILMENT)
    if is_new:
        fulfilment.permissions.set(
            _permissions(("order", "view_order"), ("order", "change_order"), ("wagtailadmin", "access_admin"))
        )


def _permissions(*names: tuple[str, str]) -> QuerySet[Permission]:
    wanted = Q()
    for app_label, codename in names:
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return Permission.objects.filter(wanted)


def _let_manage_pages(group: Group) -> None:
    """Let `group` write and publish every page and use every picture and document."""
    page_root, collection_root = Page.get_first_root_node(), Collection.get_first_root_node()
    on_pages = Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=PAGE_ACTIONS
    )
    on_collections = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=COLLECTION_ACTIONS
    )
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=page_root, permission=permission) for permission in on_pages
    )
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=collection_root, permission=permission)
        for permission in on_collections
    )
