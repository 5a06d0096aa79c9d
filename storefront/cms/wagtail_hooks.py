"""What the cms app adds to the back office: two choosers and the first steps; what it takes away."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.views.home import LockedPagesPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from storefront.cms.branding import Menu
from storefront.cms.choosers import category_chooser, product_chooser
from storefront.cms.panels import FirstStepsPanel
from storefront.cms.stories import ProductStory

hooks.register("register_admin_viewset", lambda: [product_chooser, category_chooser])


class StoryViewSet(SnippetViewSet):
    model = ProductStory
    icon = "doc-full"
    menu_label = _("Product stories")
    menu_order = 110
    add_to_admin_menu = True
    list_display = ["name", "language", LiveStatusTagColumn(), UpdatedAtColumn()]
    list_filter = ["language"]
    search_fields = ["name"]


register_snippet(StoryViewSet)


@hooks.register("construct_homepage_panels")
def show_first_steps(request: HttpRequest, panels: list) -> None:
    """Put the first steps on top; locked pages are an editorial team's matter."""
    panels[:] = [panel for panel in panels if not isinstance(panel, LockedPagesPanel)]
    panels.append(FirstStepsPanel())


@hooks.register("construct_homepage_summary_items", order=100)
def hide_document_count(request: HttpRequest, items: list) -> None:
    """Leave pages and pictures: a shop's documents are counted by nobody."""
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]


class MenuViewSet(ModelViewSet):
    model = Menu
    name = "menus"
    icon = "list-ul"
    menu_label = _("Menus")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["place", "market", "language"]
    list_filter = ["place", "market", "language"]


@hooks.register("register_admin_viewset")
def register_menus() -> MenuViewSet:
    """Put the menus of header and footer into the back office's menu."""
    return MenuViewSet()
