"""What the cms app adds to the back office: two choosers and the first steps; what it takes away."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.home import LockedPagesPanel
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem

from storefront.cms.choosers import category_chooser, product_chooser
from storefront.cms.panels import FirstStepsPanel

hooks.register("register_admin_viewset", lambda: [product_chooser, category_chooser])


@hooks.register("construct_homepage_panels")
def show_first_steps(request: HttpRequest, panels: list) -> None:
    """Put the first steps on top; locked pages are an editorial team's matter."""
    panels[:] = [panel for panel in panels if not isinstance(panel, LockedPagesPanel)]
    panels.append(FirstStepsPanel())


@hooks.register("construct_homepage_summary_items", order=100)
def hide_document_count(request: HttpRequest, items: list) -> None:
    """Leave pages and pictures: a shop's documents are counted by nobody."""
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]
