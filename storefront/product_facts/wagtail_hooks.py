"""Product safety in the back office: the people who answer, what is said of each product, and its documents."""

from typing import Any

from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.models import DeleteView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from storefront.product_facts.forms import DocumentForm, FactsForm
from storefront.product_facts.models import Operator, ProductDocument, ProductFacts
from storefront.product_facts.services import files_of, forget_files


def _with_choosers(model: Any, form: Any) -> Any:
    """Return a form made now that choosers are known: a list of all products would be far too long to pick from."""
    return modelform_factory(model, form=form, formfield_callback=formfield_for_dbfield)


class DeleteWithFilesView(DeleteView):
    """Delete a row, and its files with it."""

    def delete_action(self) -> None:
        files = files_of(self.object)
        super().delete_action()
        forget_files(files)


class OperatorViewSet(ModelViewSet):
    model = Operator
    name = "operators"
    icon = "user"
    menu_label = _("Manufacturers and responsible persons")
    form_fields = ["name", "address", "email"]
    list_display = ["name", "email"]
    search_fields = ["name", "email"]
    copy_view_enabled = False


class FactsViewSet(ModelViewSet):
    model = ProductFacts
    delete_view_class = DeleteWithFilesView
    name = "product-facts"
    icon = "warning"
    menu_label = _("Products")
    list_display = [
        Column("product", label=_("Product"), accessor="product"),
        "manufacturer",
        "eu_responsible",
        "content_amount",
        "content_unit",
    ]
    list_filter = ["manufacturer", "eu_responsible"]
    search_fields = ["product__title", "product__upc", "product__stockrecords__partner_sku"]
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        return _with_choosers(ProductFacts, FactsForm)


class DocumentViewSet(ModelViewSet):
    model = ProductDocument
    delete_view_class = DeleteWithFilesView
    name = "product-documents"
    icon = "doc-full-inverse"
    menu_label = _("Documents")
    list_display = [Column("product", label=_("Product"), accessor="product"), "kind", "language"]
    list_filter = ["kind", "language"]
    search_fields = ["product__title", "product__upc", "product__stockrecords__partner_sku"]
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        return _with_choosers(ProductDocument, DocumentForm)


class SafetyGroup(ViewSetGroup):
    menu_label = _("Product safety")
    menu_icon = "warning"
    menu_order = 440
    items = (FactsViewSet, DocumentViewSet, OperatorViewSet)


@hooks.register("register_admin_viewset")
def register_safety() -> SafetyGroup:
    """Put the screens into the menu."""
    return SafetyGroup()
