"""A product's story: what stands under the facts on its page, in one language, for one or many products."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin

from storefront.cms.choosers import product_chooser
from storefront.cms.story_blocks import StoryBody


class ProductStory(DraftStateMixin, RevisionMixin, ClusterableModel):
    """Pictures and texts under a product; drafts and former versions are kept."""

    name = models.CharField(
        _("name"), max_length=200, help_text=_("For the back office; shoppers do not see it.")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    body = StreamField(StoryBody(), blank=True, verbose_name=_("story"))

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("language")], heading=_("Story")),
        InlinePanel("story_products", heading=_("Products that show it"), label=_("Product")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("product story")
        verbose_name_plural = _("product stories")
        ordering = ["name", "id"]

    def __str__(self):
        return f"{self.name} ({self.language})"


class StoryProduct(Orderable):
    """One product, or the page of a family, that shows a story."""

    story = ParentalKey(ProductStory, on_delete=models.CASCADE, related_name="story_products")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="stories", verbose_name=_("product")
    )

    panels = [FieldPanel("product", widget=product_chooser.widget_class)]

    class Meta(Orderable.Meta):
        verbose_name = _("product of a story")
        verbose_name_plural = _("products of a story")
        constraints = [models.UniqueConstraint(fields=["story", "product"], name="cms_story_product_once")]

    def __str__(self):
        return f"{self.story_id}: {self.product_id}"
