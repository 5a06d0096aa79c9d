"""The importer in Wagtail's back office: menu, addresses, permissions, words of the audit log."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from catalog_import.back_office.access import CHANGE, LOOK, UPLOAD, may


class _ImportMenuItem(MenuItem):
    """A link for whoever has one of the permissions."""

    def __init__(self, label, url_name: str, *, needs: tuple[str, ...], **kwargs):
        self._needs = needs
        super().__init__(label, reverse(f"catalog_import:{url_name}"), name=f"import-{url_name}", **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return any(may(request, action) for action in self._needs)


@hooks.register("register_admin_urls")
def register_addresses() -> list:
    """Put the screens under /admin/imports/."""
    return [path("imports/", include("catalog_import.back_office.urls"))]


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    """Put the section behind the catalogue."""
    links = [
        _ImportMenuItem(_("New import"), "upload", needs=(UPLOAD,), icon_name="upload", order=1),
        _ImportMenuItem(_("Imports"), "index", needs=(LOOK, CHANGE), icon_name="history", order=2),
        _ImportMenuItem(_("What to download"), "guide", needs=(LOOK, CHANGE), icon_name="download", order=3),
        _ImportMenuItem(_("Brands and rights"), "brands", needs=(LOOK, CHANGE), icon_name="key", order=4),
        _ImportMenuItem(_("Missing pictures"), "pictures", needs=(LOOK, CHANGE), icon_name="image", order=5),
        _ImportMenuItem(_("Regular imports"), "schedules", needs=(LOOK, CHANGE), icon_name="time", order=6),
    ]
    return SubmenuMenuItem(
        _("Amazon import"), Menu(items=links), name="amazon-import", icon_name="upload", order=25
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let Wagtail's group form give the importer's permissions."""
    return Permission.objects.filter(
        content_type__app_label="catalog_import", content_type__model="importrun"
    )


@hooks.register("register_log_actions")
def register_log_actions(actions) -> None:
    """Name in the audit log what people do with imports."""
    actions.register_action("catalog_import.upload", _("Upload Amazon files"), _("Amazon files uploaded"))
    actions.register_action("catalog_import.apply", _("Apply an import"), _("Import applied"))
    actions.register_action("catalog_import.undo", _("Undo an import"), _("Import undone"))
    actions.register_action("import_schedules.set", _("Import regularly"), _("Regular import set"))
    actions.register_action("import_schedules.end", _("End a regular import"), _("Regular import ended"))
    actions.register_action("brand_rights.confirm", _("Confirm a brand"), _("Brand confirmed"))
    actions.register_action(
        "brand_rights.take_back", _("Take a brand back"), _("Brand not confirmed any more")
    )
