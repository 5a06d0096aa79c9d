"""The shop in Wagtail's back office: menu, home page, permissions that a group may be given."""

from django.contrib.auth.models import AbstractBaseUser, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static

from storefront.accounts.services import dashboard_permissions
from storefront.shop.dashboard.menu_items import SECTIONS, Section, ShopMenuItem
from storefront.shop.dashboard.panels import TodayPanel


def _register_section(section: Section, *, order: int) -> None:
    """Put `section` into the menu; Wagtail's own entries start with Pages at 100."""
    hooks.register("register_admin_menu_item", lambda: section.menu_item(order=order))


for _place, _section in enumerate(SECTIONS, start=1):
    _register_section(_section, order=_place * 10)


@hooks.register("register_reports_menu_item")
def register_shop_reports() -> MenuItem:
    """Put Oscar's reports first among Wagtail's."""
    return ShopMenuItem(_("Sales and customers"), "reports-index", icon_name="table", order=100)


@hooks.register("register_settings_menu_item")
def register_email_templates() -> MenuItem:
    """Put the texts of the shop's mails into the settings."""
    return ShopMenuItem(_("Email templates"), "comms-list", icon_name="mail", order=500)


@hooks.register("construct_homepage_panels")
def add_today_panel(request: HttpRequest, panels: list) -> None:
    """Put the figures of the day first on the home page."""
    panels.append(TodayPanel())


@hooks.register("get_avatar_url")
def get_avatar_url(user: AbstractBaseUser, size: int) -> str | None:
    """Return the picture of a user without one from here: Wagtail would ask a third party for it by e-mail."""
    profile = getattr(user, "wagtail_userprofile", None)
    if profile and profile.avatar:
        return None
    return versioned_static("wagtailadmin/images/default-user-avatar.png")


@hooks.register("register_permissions")
def register_shop_permissions() -> QuerySet[Permission]:
    """Return the shop's permissions, so that Wagtail's group form can give them."""
    return dashboard_permissions()
