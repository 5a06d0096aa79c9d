"""What pages are put together from: the parts that tell something here, those that show what is sold beside it.

Each part has one template under cms/blocks/.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from storefront.cms.button_block import ButtonBlock, invalid
from storefront.cms.choosers import ProductReferenceBlock
from storefront.cms.shop_window_blocks import (
    CollectionsBlock,
    HeroBlock,
    NewsletterBlock,
    ProductRailBlock,
    TrustBlock,
)

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
PROSE_FEATURES = ["h2", "h3", *TEXT_FEATURES, "blockquote", "hr", "image", "document-link"]


class FactBlock(blocks.StructBlock):
    """A figure worth knowing."""

    value = blocks.CharBlock(max_length=12, label=_("Figure"))
    label = blocks.CharBlock(max_length=40, label=_("What it means"))

    class Meta:
        icon = "order"
        label = _("Fact")


class StoryBlock(blocks.StructBlock):
    """A picture beside a few sentences."""

    heading = blocks.CharBlock(max_length=90, label=_("Heading"))
    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Text"))
    picture = ImageBlock(label=_("Picture"))
    side = blocks.ChoiceBlock(
        choices=[("left", _("Picture left")), ("right", _("Picture right"))], default="left", label=_("Side")
    )
    facts = blocks.ListBlock(FactBlock(), max_num=3, default=[], label=_("Facts"))
    button = ButtonBlock(required=False, label=_("Link"))

    class Meta:
        icon = "doc-full"
        template = "cms/blocks/story.html"
        label = _("Story")
        description = _("A picture and a few sentences, side by side.")


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(max_length=160, label=_("Question"))
    answer = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class FaqBlock(blocks.StructBlock):
    """Questions that open to their answers."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    class Meta:
        icon = "help"
        template = "cms/blocks/faq.html"
        label = _("Questions and answers")
        description = _("Questions that open to their answers.")


class ProseBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists and links."""

    def __init__(self, *, features=PROSE_FEATURES, **kwargs):
        super().__init__(features=features, **kwargs)

    class Meta:
        icon = "pilcrow"
        template = "cms/blocks/rich_text.html"
        label = _("Text")
        description = _("Headings, paragraphs, lists, links.")


class QuoteBlock(blocks.StructBlock):
    """What a customer said, and who says so."""

    text = blocks.TextBlock(max_length=400, label=_("What was said"))
    name = blocks.CharBlock(max_length=60, label=_("Who said it"))
    source = blocks.CharBlock(
        max_length=80, label=_("How you know"), help_text=_("Such as: verified buyer, letter of March 2026.")
    )

    class Meta:
        icon = "openquote"
        label = _("Voice")


class TestimonialsBlock(blocks.StructBlock):
    """Voices of customers. Directive 2005/29/EC Annex I No 23b: say how you know that they bought."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    quotes = blocks.ListBlock(QuoteBlock(), min_num=1, max_num=6, label=_("Voices"))

    class Meta:
        icon = "openquote"
        template = "cms/blocks/testimonials.html"
        label = _("Voices of customers")
        description = _("What customers said. Only what was really said, with how you know it.")


class ComparisonColumnBlock(blocks.StructBlock):
    """One column: a product or any heading, and its cells."""

    product = ProductReferenceBlock(required=False, label=_("Product"))
    heading = blocks.CharBlock(
        required=False, max_length=60, label=_("Heading"), help_text=_("Empty: the product's title.")
    )
    cells = blocks.ListBlock(
        blocks.CharBlock(required=False, max_length=80), label=_("Cells, in the order of the rows")
    )

    class Meta:
        icon = "table"
        label = _("Column")


class ComparisonBlock(blocks.StructBlock):
    """A table that compares a few things."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    rows = blocks.ListBlock(blocks.CharBlock(max_length=60), min_num=1, max_num=12, label=_("Rows"))
    columns = blocks.ListBlock(ComparisonColumnBlock(), min_num=2, max_num=5, label=_("Columns"))

    class Meta:
        icon = "table"
        template = "cms/blocks/comparison.html"
        label = _("Comparison")
        description = _("A table that compares two to five products.")

    def clean(self, value):
        cleaned = super().clean(value)
        for column in cleaned["columns"]:
            if not column["product"] and not column["heading"]:
                raise invalid("columns", _("Give each column a product or a heading."))
            if len(column["cells"]) != len(cleaned["rows"]):
                raise invalid("columns", _("Give each column as many cells as there are rows."))
        return cleaned

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["table_rows"] = [
            (
                label,
                [column["cells"][row] if row < len(column["cells"]) else "" for column in value["columns"]],
            )
            for row, label in enumerate(value["rows"])
        ]
        context["product_ids"] = [column["product"].pk for column in value["columns"] if column["product"]]
        return context


class VideoBlock(blocks.StructBlock):
    """A film from the shop's own files: no other site learns who watches it."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    film = DocumentChooserBlock(label=_("Film"), help_text=_("An MP4 or WebM file among the documents."))
    picture = ImageBlock(required=False, label=_("Picture shown before it plays"))
    subtitles = DocumentChooserBlock(
        required=False, label=_("Subtitles"), help_text=_("A WebVTT file. Needed wherever somebody speaks.")
    )

    class Meta:
        icon = "media"
        template = "cms/blocks/video.html"
        label = _("Video")
        description = _("A film from your own files, with subtitles.")

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["film"] and cleaned["film"].file_extension.lower() not in ("mp4", "webm"):
            raise invalid(
                "film", _("Choose an MP4 or WebM file: other formats do not play in every browser.")
            )
        if cleaned["subtitles"] and cleaned["subtitles"].file_extension.lower() != "vtt":
            raise invalid("subtitles", _("Choose a WebVTT file; its name ends in .vtt."))
        return cleaned


class ContentBody(blocks.StreamBlock):
    """What a content page may hold."""

    rich_text = ProseBlock()
    story = StoryBlock()
    faq = FaqBlock()
    comparison = ComparisonBlock()
    video = VideoBlock()


class ArticleBody(ContentBody):
    """What an article of the blog may hold: a content page's parts, and products."""

    product_rail = ProductRailBlock()
    newsletter = NewsletterBlock()


class HomeBody(blocks.StreamBlock):
    """What the home page may hold: the shop windows, and all of a content page."""

    hero = HeroBlock(group=_("Shop window"))
    trust = TrustBlock(group=_("Shop window"))
    collections = CollectionsBlock(group=_("Shop window"))
    product_rail = ProductRailBlock(group=_("Shop window"))
    story = StoryBlock(group=_("Text"))
    rich_text = ProseBlock(group=_("Text"))
    faq = FaqBlock(group=_("Text"))
    testimonials = TestimonialsBlock(group=_("Text"))
    comparison = ComparisonBlock(group=_("Text"))
    video = VideoBlock(group=_("Text"))
    newsletter = NewsletterBlock(group=_("Shop window"))
