"""Markets, delivery methods, prices, names and taxes in the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.contrib.settings.registry import register_setting
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.markets import admin_views
from storefront.markets.forms import CorrectionForm, PriceForm
from storefront.markets.models import (
    CategoryText,
    Market,
    MarketBlock,
    MarketPrice,
    PriceChange,
    ProductTaxClass,
    TaxSetup,
    VatIdCheck,
)
from storefront.markets.text_report import missing_texts_menu_item, missing_texts_urls

# Written by the shop: price changes are read, checks of VAT numbers also corrected.
register_permission_policy(PriceChange, OnlyPolicy(PriceChange, "view"))
register_permission_policy(VatIdCheck, OnlyPolicy(VatIdCheck, "view", "change"))
register_setting(icon="decimal")(TaxSetup)


class MarketViewSet(ModelViewSet):
    model = Market
    name = "markets"
    icon = "globe"
    menu_label = _("Markets and delivery")
    sort_order_field = "position"
    copy_view_enabled = False
    list_display = ["name", "code", "currency", "is_enabled"]
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
                FieldRowPanel([FieldPanel("countries"), FieldPanel("languages")]),
                FieldPanel("is_enabled"),
            ],
            heading=_("The market"),
            help_text=_("One offer for one or more countries. Prepare it, then tick Open."),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("currency"), FieldPanel("tax_regime")]),
                FieldPanel("prices_include_tax"),
            ],
            heading=_("Money"),
            help_text=_(
                "Change these only before the market opens: prices already set are not recalculated."
            ),
        ),
        InlinePanel(
            "deliveries",
            panels=[
                FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
                FieldRowPanel([FieldPanel("price"), FieldPanel("free_from"), FieldPanel("tax_class")]),
                FieldRowPanel([FieldPanel("min_days"), FieldPanel("max_days")]),
            ],
            heading=_("Delivery"),
            label=_("Delivery method"),
            help_text=_("Without a delivery method nobody can order in this market."),
        ),
        MultiFieldPanel([FieldPanel("return_days")], heading=_("Returns")),
        MultiFieldPanel(
            [FieldPanel("amazon_marketplaces"), FieldPanel("sells_all_stock")], heading=_("Amazon")
        ),
    ]


class PriceViewSet(ModelViewSet):
    model = MarketPrice
    name = "market-prices"
    icon = "tag"
    menu_label = _("Prices")
    index_view_class = admin_views.PriceListView
    add_view_class = admin_views.SetPriceView
    edit_view_class = admin_views.ChangePriceView
    delete_view_class = admin_views.EndPriceView
    copy_view_enabled = False
    list_display = ["product", "market", "amount", "list_price", "valid_from", "valid_until"]
    list_filter = ["market", "is_temporary"]
    ordering = ["-valid_from", "-pk"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("sku"), FieldPanel("market")]),
            FieldRowPanel([FieldPanel("amount"), FieldPanel("list_price")]),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
        ],
        base_form_class=PriceForm,
    )


class PriceChangeViewSet(ModelViewSet):
    model = PriceChange
    name = "price-history"
    icon = "history"
    menu_label = _("Price history")
    index_view_class = admin_views.PriceListView
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["amount"]
    list_display = ["at", "product", "market", "amount", "currency", "is_reduction", "source"]
    list_filter = ["market", "is_reduction"]
    list_export = [
        "product_reference",
        "market",
        "at",
        "amount",
        "currency",
        "is_reduction",
        "source",
        "recorded_at",
    ]
    export_filename = "price-history"


class MarketBlockViewSet(ModelViewSet):
    model = MarketBlock
    name = "market-blocks"
    icon = "cross"
    menu_label = _("Not sold in a market")
    copy_view_enabled = False
    list_display = ["product", "market", "reason"]
    list_filter = ["market"]
    panels = [FieldRowPanel([FieldPanel("product"), FieldPanel("market")]), FieldPanel("reason")]


class CategoryTextViewSet(ModelViewSet):
    model = CategoryText
    name = "category-texts"
    icon = "folder-open-inverse"
    menu_label = _("Category names")
    index_view_class = admin_views.CategoryListView
    copy_view_enabled = False
    list_display = ["name", "language", Column("category", label=_("Category"), accessor="category.name")]
    list_filter = ["language"]
    panels = [
        FieldRowPanel([FieldPanel("category"), FieldPanel("language")]),
        FieldPanel("name"),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldPanel("meta_title"), FieldPanel("meta_description")], heading=_("Search engines")
        ),
    ]


class ProductTaxClassViewSet(ModelViewSet):
    model = ProductTaxClass
    name = "product-tax-classes"
    icon = "decimal"
    menu_label = _("Products at other rates")
    index_view_class = admin_views.ProductListView
    copy_view_enabled = False
    list_display = ["product", "tax_class", "stripe_code"]
    panels = [FieldPanel("product"), FieldPanel("tax_class"), FieldPanel("stripe_code")]


class VatIdCheckViewSet(ModelViewSet):
    model = VatIdCheck
    name = "vat-id-checks"
    icon = "tick-inverse"
    menu_label = _("VAT id checks")
    edit_view_class = admin_views.CorrectCheckView
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["vat_id", "answer", "checked_at", "consultation_number", "corrected_answer"]
    list_filter = ["answer"]
    edit_handler = ObjectList(
        [FieldPanel("corrected_answer"), FieldPanel("correction_reason")], base_form_class=CorrectionForm
    )


class MarketsViewSetGroup(ModelViewSetGroup):
    menu_label = _("Markets")
    menu_icon = "globe"
    menu_order = 45
    items = (
        MarketViewSet,
        PriceViewSet,
        PriceChangeViewSet,
        MarketBlockViewSet,
        CategoryTextViewSet,
        ProductTaxClassViewSet,
        VatIdCheckViewSet,
    )


@hooks.register("register_admin_viewset")
def register_markets() -> MarketsViewSetGroup:
    """Put the app's screens into the menu."""
    return MarketsViewSetGroup()


@hooks.register("register_admin_urls")
def register_missing_texts_urls() -> list:
    """Give the report on missing texts its address."""
    return missing_texts_urls()


@hooks.register("register_reports_menu_item")
def register_missing_texts_menu_item() -> MenuItem:
    """Put the report on missing texts under Reports."""
    return missing_texts_menu_item()
