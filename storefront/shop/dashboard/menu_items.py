"""The shop's entries of Wagtail's menu, and who sees which."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.nav import default_access_fn
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem


class ShopMenuItem(MenuItem):
    """A link to one of Oscar's pages, shown to whoever may open it."""

    def __init__(self, label: str | Promise, url_name: str, **kwargs: object):
        self.url_name = f"dashboard:{url_name}"
        super().__init__(label, reverse(self.url_name), name=f"shop-{url_name}", **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request.user, self.url_name)


@dataclass(frozen=True)
class Section:
    """One top entry of the menu: a label, an icon and links as (label, address name)."""

    name: str
    label: str | Promise
    icon_name: str
    links: tuple[tuple[str | Promise, str], ...]

    def menu_item(self, *, order: int) -> MenuItem:
        """Return the entry as Wagtail wants it: a plain link when there is but one."""
        if len(self.links) == 1:
            return ShopMenuItem(self.label, self.links[0][1], icon_name=self.icon_name, order=order)
        links = [ShopMenuItem(label, name, order=at) for at, (label, name) in enumerate(self.links)]
        return SubmenuMenuItem(
            self.label, Menu(items=links), name=f"shop-{self.name}", icon_name=self.icon_name, order=order
        )


SECTIONS = (
    Section(
        "orders",
        _("Orders"),
        "clipboard-list",
        ((_("All orders"), "order-list"), (_("Order statistics"), "order-stats")),
    ),
    Section(
        "catalogue",
        _("Catalogue"),
        "tag",
        (
            (_("Products"), "catalogue-product-list"),
            (_("Categories"), "catalogue-category-list"),
            (_("Low stock"), "stock-alert-list"),
            (_("Product types"), "catalogue-class-list"),
            (_("Options"), "catalogue-option-list"),
            (_("Attribute choices"), "catalogue-attribute-option-group-list"),
            (_("Ranges"), "range-list"),
            (_("Stock partners"), "partner-list"),
        ),
    ),
    Section(
        "customers",
        _("Customers"),
        "group",
        ((_("All customers"), "users-index"), (_("Back-in-stock requests"), "user-alert-list")),
    ),
    Section(
        "offers",
        _("Offers"),
        "pick",
        (
            (_("Offers"), "offer-list"),
            (_("Vouchers"), "voucher-list"),
            (_("Voucher sets"), "voucher-set-list"),
        ),
    ),
    Section("reviews", _("Reviews"), "comment", ((_("Reviews"), "reviews-list"),)),
)


def may_open(user: AbstractBaseUser, url_name: str) -> bool:
    """Return whether Oscar's permissions let `user` open the page named `url_name`."""
    try:
        return default_access_fn(user, url_name)
    except NoReverseMatch:
        return False
