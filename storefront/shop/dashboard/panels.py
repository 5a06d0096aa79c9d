"""What Wagtail's home page says about the shop today."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from storefront.payments.selectors import count_open_findings
from storefront.shop.dashboard import selectors
from storefront.shop.dashboard.menu_items import may_open


@dataclass(frozen=True)
class Figure:
    """One number of the day and the list behind it."""

    label: str | Promise
    count: int
    url: str
    icon_name: str


class TodayPanel(Component):
    """What waits for the merchant: orders to ship, payments to come, products to restock."""

    name = "shop_today"
    template_name = "back_office/today_panel.html"
    order = 50

    class Media:
        css = {"all": ["back_office/home.css"]}

    def get_context_data(self, parent_context: Mapping[str, object]) -> dict[str, object]:
        user = parent_context["request"].user
        figures = []
        if may_open(user, "dashboard:order-list"):
            figures += _order_figures()
        if may_open(user, "dashboard:stock-alert-list"):
            figures.append(_stock_figure())
        if user.has_perm("payments.view_finding"):
            figures.append(_finding_figure())
        return {"figures": figures}


def _order_figures() -> list[Figure]:
    counts = selectors.count_orders_of_today()
    return [
        Figure(_("Orders to ship"), counts["to_ship"], _orders_url(selectors.PAID), "resubmit"),
        Figure(
            _("Orders awaiting payment"),
            counts["awaiting_payment"],
            _orders_url(selectors.AWAITING_PAYMENT),
            "time",
        ),
    ]


def _finding_figure() -> Figure:
    url = f"{reverse('findings:index')}?{urlencode({'state': 'open'})}"
    return Figure(_("Payments to look at"), count_open_findings(), url, "decimal")


def _stock_figure() -> Figure:
    url = f"{reverse('dashboard:stock-alert-list')}?{urlencode({'status': 'Open'})}"
    return Figure(_("Products low in stock"), selectors.count_low_stock(), url, "warning")


def _orders_url(status: str) -> str:
    return f"{reverse('dashboard:order-list')}?{urlencode({'status': status})}"
