"""The blog: one page that lists its articles, and the articles under it."""

from dataclasses import replace

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from storefront.cms.blocks import ArticleBody
from storefront.cms.editions import InItsEdition
from storefront.theming.page_card import PageCard

ARTICLES_PER_PAGE = 12


class BlogPage(InItsEdition, Page):
    """A list of articles, the newest first, with a feed."""

    intro = models.TextField(
        _("introduction"), blank=True, help_text=_("One or two sentences under the title.")
    )

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    template = "cms/blog_page.html"

    class Meta:
        verbose_name = _("blog")
        verbose_name_plural = _("blogs")

    def articles(self) -> models.QuerySet["ArticlePage"]:
        """Return the articles visitors may read, the newest first, with their pictures: two queries."""
        return (
            ArticlePage.objects.child_of(self)
            .live()
            .public()
            .select_related("locale", "picture")
            .prefetch_related("picture__renditions")
            .defer("body")
            .order_by("-published_on", "-pk")
        )

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        pages = Paginator(self.articles(), ARTICLES_PER_PAGE)
        context["articles"] = pages.get_page(request.GET.get("page"))
        if context["articles"].number > 1:  # each page of the list has an address of its own
            address = f"{request.path}?page={context['articles'].number}"
            context["page_card"] = replace(context["page_card"], url=request.build_absolute_uri(address))
        return context


class ArticlePage(InItsEdition, Page):
    """One article: a picture, text, and products with the prices of today."""

    published_on = models.DateField(_("date"), default=timezone.localdate)
    author = models.CharField(_("author"), max_length=80, blank=True)
    intro = models.TextField(
        _("introduction"),
        help_text=_("One or two sentences: shown in the list, the feed and search engines."),
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    body = StreamField(ArticleBody(), blank=True, verbose_name=_("body"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("author"),
        FieldPanel("picture"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.BlogPage"]
    subpage_types = []
    template = "cms/article_page.html"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def describe(self, request: HttpRequest) -> PageCard:
        """Return what search engines and previews are told of the article."""
        card = super().describe(request)
        return replace(
            card,
            kind="article",
            picture=self._picture_address(request),
            published_at=self.first_published_at,
            changed_at=self.last_published_at,
            structured_data=(self.structured_data(request), *card.structured_data),
        )

    def structured_data(self, request: HttpRequest) -> dict:
        """Return the article as schema.org's BlogPosting."""
        data = {
            "@context": "https://schema.org",
            "@type": "BlogPosting",
            "headline": self.title,
            "description": self.search_description or self.intro,
            "datePublished": self.published_on.isoformat(),
            "inLanguage": self.locale.language_code,
            "url": request.build_absolute_uri(request.path),
            "mainEntityOfPage": request.build_absolute_uri(request.path),
            "publisher": {"@type": "Organization", "name": settings.SHOP_NAME},
        }
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        if self.author:
            data["author"] = {"@type": "Person", "name": self.author}
        if self.picture:
            data["image"] = self._picture_address(request)
        return data

    def _picture_address(self, request: HttpRequest) -> str:
        if not self.picture:
            return ""
        return request.build_absolute_uri(self.picture.get_rendition("width-1200").url)
