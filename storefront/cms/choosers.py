"""Pick a product or a category of the shop while editing a page."""

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser


class TitleOrSkuFilterForm(BaseFilterForm):
    """Narrow the products by title, SKU or GTIN; a variant's SKU finds its family."""

    q = forms.CharField(label=_("Title, SKU or GTIN"), required=False)

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(query)
        if not query:
            return objects
        StockRecord = get_model("partner", "StockRecord")
        records = StockRecord.objects.filter(partner_sku__icontains=query).order_by()
        return objects.filter(
            Q(title__icontains=query)
            | Q(upc__iexact=query)
            | Q(pk__in=records.values("product_id"))
            | Q(pk__in=records.exclude(product__parent=None).values("product__parent_id"))
        )


class _ProductList:
    filter_form_class = TitleOrSkuFilterForm
    ordering = ("title", "pk")

    def get_object_list(self) -> QuerySet:
        first_record = (
            get_model("partner", "StockRecord")
            .objects.filter(Q(product=OuterRef("pk")) | Q(product__parent=OuterRef("pk")))
            .order_by("pk")
        )
        return (
            get_model("catalogue", "Product")
            .objects.exclude(structure="child")
            .annotate(first_sku=Subquery(first_record.values("partner_sku")[:1]))
        )

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("first_sku", label=_("SKU")),
            BooleanColumn("is_public", label=_("Public")),
        ]


class ChooseProductView(_ProductList, ChooseView):
    """The chooser's window."""


class ChooseProductResultsView(_ProductList, ChooseResultsView):
    """The chooser's list, replaced while typing."""


class NameFilterForm(BaseFilterForm):
    """Narrow the categories by name."""

    q = forms.CharField(label=_("Name"), required=False)

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(query)
        return objects.filter(name__icontains=query) if query else objects


class _CategoryList:
    filter_form_class = NameFilterForm
    ordering = ("path",)
    per_page = 25

    @property
    def title_column(self) -> Column:
        column = super().title_column
        column.accessor = lambda category: "— " * (category.depth - 1) + category.name
        return column


class ChooseCategoryView(_CategoryList, ChooseView):
    """The chooser's window."""


class ChooseCategoryResultsView(_CategoryList, ChooseResultsView):
    """The chooser's list, replaced while typing."""


class ChosenCategoryView(ChosenView):
    """Name the chosen category without asking for its ancestors."""

    def get_display_title(self, instance) -> str:
        return instance.name


class CategoryChooser(BaseChooser):
    """The field that shows the chosen category."""

    def get_display_title(self, instance) -> str:
        return instance.name


class ProductChooserViewSet(ChooserViewSet):
    model = "catalogue.Product"
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    choose_view_class = ChooseProductView
    choose_results_view_class = ChooseProductResultsView


class CategoryChooserViewSet(ChooserViewSet):
    model = "catalogue.Category"
    icon = "folder-open-inverse"
    choose_one_text = _("Choose a category")
    choose_another_text = _("Choose another category")
    edit_item_text = _("Edit this category")
    base_widget_class = CategoryChooser
    choose_view_class = ChooseCategoryView
    choose_results_view_class = ChooseCategoryResultsView
    chosen_view_class = ChosenCategoryView


product_chooser = ProductChooserViewSet("product_chooser", url_prefix="choose-product")
category_chooser = CategoryChooserViewSet("category_chooser", url_prefix="choose-category")

CategoryChooserBlock = category_chooser.get_block_class(
    name="CategoryChooserBlock", module_path="storefront.cms.choosers"
)


class ReferenceMixin:
    """Hold a row by its key alone: the page's own list reads all its rows at once, and skips those that are gone."""

    def to_python(self, value: int | None):
        return None if value is None else self.model_class.from_db(None, ["id"], [value])

    def bulk_to_python(self, values) -> list:
        return [self.to_python(value) for value in values]

    def get_form_state(self, value):
        return super().get_form_state(self._existing(value))

    def render_basic(self, value, context=None) -> str:
        return super().render_basic(self._existing(value), context=context)

    def _existing(self, value):
        return value and self.model_class.objects.filter(pk=value.pk).first()


class ProductReferenceBlock(ReferenceMixin, product_chooser.get_block_class()):
    """A product of a list."""


class CategoryReferenceBlock(ReferenceMixin, CategoryChooserBlock):
    """A category of a list."""
