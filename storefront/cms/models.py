"""The shop's pages: one home page, and content pages under it; see blog.py and stories.py, too."""

from dataclasses import replace

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from storefront.cms import selectors
from storefront.cms.blocks import ContentBody, HomeBody
from storefront.cms.blog import ArticlePage, BlogPage
from storefront.cms.branding import Branding, Menu, MenuEntry
from storefront.cms.editions import InItsEdition
from storefront.cms.forms import ContentPageForm
from storefront.cms.shop_data import describe_shop
from storefront.cms.stories import ProductStory, StoryProduct
from storefront.theming.page_card import PageCard

__all__ = [
    "ArticlePage",
    "BlogPage",
    "Branding",
    "ContentPage",
    "HomePage",
    "Menu",
    "MenuEntry",
    "ProductStory",
    "StoryProduct",
]


class LegalKind(models.TextChoices):
    """What the law asks a shop to say; each is linked from the footer under its own heading."""

    IMPRINT = "imprint", _("Imprint")
    TERMS = "terms", _("Terms")
    PRIVACY = "privacy", _("Privacy")
    WITHDRAWAL = "withdrawal", _("Right of withdrawal")
    ACCESSIBILITY = "accessibility", _("Accessibility")


class HomePage(InItsEdition, Page):
    """The shop window; while the catalogue is empty it says that the shop is being prepared."""

    body = StreamField(HomeBody(), blank=True, verbose_name=_("body"))

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage", "cms.BlogPage"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_template(self, request: HttpRequest, *args, **kwargs) -> str:
        if getattr(request, "is_preview", False) or selectors.has_products():
            return self.template
        return "cms/first_run.html"

    def describe(self, request: HttpRequest) -> PageCard:
        """Return what search engines are told of the shop: who runs it, and how it is searched."""
        return replace(
            super().describe(request),
            title=self.seo_title or settings.SHOP_NAME,
            description=self.search_description or self._first_words(),
            structured_data=describe_shop(request.build_absolute_uri),
        )

    def _first_words(self) -> str:
        """Return what the first shop window says."""
        heroes = (block.value for block in self.body if block.block_type == "hero")
        return next((hero["text"] or hero["heading"] for hero in heroes), "")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        user = getattr(request, "user", None)
        if user is not None and user.has_perm("wagtailadmin.access_admin"):
            context["first_steps"] = selectors.first_steps
        return context


class ContentPage(InItsEdition, Page):
    """A page of text: about us, delivery, the legal pages."""

    intro = models.TextField(
        _("introduction"), blank=True, help_text=_("One or two sentences under the title.")
    )
    body = StreamField(ContentBody(), blank=True, verbose_name=_("body"))
    awaits_review = models.BooleanField(
        _("to be reviewed by counsel"),
        default=False,
        help_text=_("Shows a notice on the page. Untick it once the text has been reviewed."),
    )

    legal_kind = models.CharField(
        _("legal text"),
        max_length=16,
        choices=LegalKind.choices,
        blank=True,
        help_text=_("The footer lists legal texts apart; checkout and the consent banner lead to them."),
    )
    only_in = models.JSONField(
        _("markets"), default=list, blank=True, help_text=_("Empty: in the menus of every market.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("legal_kind"), FieldPanel("only_in"), FieldPanel("awaits_review")],
            heading=_("Legal review"),
        ),
    ]
    base_form_class = ContentPageForm
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    template = "cms/content_page.html"

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
