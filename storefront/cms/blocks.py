"""The parts a page is put together from; each has one template under cms/blocks/."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import get_script_prefix
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from storefront.cms.choosers import CategoryChooserBlock, CategoryReferenceBlock, ProductReferenceBlock

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
PROSE_FEATURES = ["h2", "h3", *TEXT_FEATURES, "blockquote", "hr", "image", "document-link"]
TINTS = [("1", _("Tint 1")), ("2", _("Tint 2")), ("3", _("Tint 3")), ("4", _("Tint 4"))]
ICONS = [
    ("truck", _("Delivery")),
    ("return", _("Returns")),
    ("shield", _("Guarantee")),
    ("lock", _("Safe payment")),
]


class ButtonValue(blocks.StructValue):
    """Where the button leads; an empty text means that there is no button."""

    @property
    def address(self) -> str:
        if category := self.get("category"):
            return category.get_absolute_url()
        if page := self.get("page"):
            return page.url or ""
        return _in_this_edition(self.get("path", ""))


def _in_this_edition(path: str) -> str:
    """Return a path of the shop with the prefix that reverse() writes, such as /de; other addresses as they are."""
    prefix = get_script_prefix()
    is_file = path.startswith((settings.MEDIA_URL, settings.STATIC_URL))
    if not path.startswith("/") or is_file or path.startswith(prefix):
        return path
    return f"{prefix.rstrip('/')}{path}"


class ButtonBlock(blocks.StructBlock):
    """A link that looks like a button."""

    text = blocks.CharBlock(required=False, max_length=40, label=_("Text"))
    category = CategoryChooserBlock(required=False, label=_("Leads to the category"))
    page = blocks.PageChooserBlock(required=False, label=_("or to the page"))
    path = blocks.CharBlock(
        required=False, label=_("or to the address"), help_text=_("Such as /products/ or https://…")
    )

    class Meta:
        icon = "link"
        label = _("Button")
        value_class = ButtonValue
        collapsed = True

    def clean(self, value):
        cleaned = super().clean(value)
        path = cleaned.get("path", "")
        if path and not path.startswith(("/", "https://", "http://", "mailto:")):
            raise _invalid("path", _("An address starts with / or https://."))
        if cleaned.get("text") and not cleaned.address:
            raise _invalid("text", _("Choose where the button leads, or leave its text empty."))
        return cleaned


class HeroBlock(blocks.StructBlock):
    """The first thing a visitor sees: one sentence, one picture, one button."""

    variant = blocks.ChoiceBlock(
        choices=[
            ("theme", _("As the theme has it")),
            ("split", _("Text beside the picture")),
            ("overlay", _("Text on the picture")),
            ("panel", _("Text and picture in a coloured panel")),
        ],
        default="theme",
        label=_("Layout"),
    )
    heading = blocks.CharBlock(max_length=90, label=_("Heading"))
    text = blocks.TextBlock(required=False, max_length=240, label=_("Text"))
    picture = ImageBlock(required=False, label=_("Picture"))
    button = ButtonBlock(required=False, label=_("Button"))
    second_button = ButtonBlock(required=False, label=_("Second button"))

    class Meta:
        icon = "pick"
        template = "cms/blocks/hero.html"
        label = _("Hero")
        description = _("The opening: a heading, a picture and a button. Use it once, first.")


class ProductRailBlock(blocks.StructBlock):
    """A row of products: chosen by hand, the newest, or of one category."""

    heading = blocks.CharBlock(max_length=80, label=_("Heading"))
    text = blocks.CharBlock(required=False, max_length=160, label=_("Text"))
    source = blocks.ChoiceBlock(
        choices=[
            ("newest", _("The newest products")),
            ("category", _("The products of a category")),
            ("chosen", _("Products chosen by hand")),
        ],
        default="newest",
        label=_("Which products"),
    )
    category = CategoryChooserBlock(required=False, label=_("Category"))
    products = blocks.ListBlock(
        ProductReferenceBlock(label=_("Product")), max_num=12, default=[], label=_("Products chosen by hand")
    )
    limit = blocks.IntegerBlock(min_value=2, max_value=12, default=8, label=_("How many at most"))

    class Meta:
        icon = "list-ul"
        template = "cms/blocks/product_rail.html"
        label = _("Product rail")
        description = _("Products in one row, with prices and stock as they are now.")

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["source"] == "category" and not cleaned["category"]:
            raise _invalid("category", _("Choose the category whose products to show."))
        if cleaned["source"] == "chosen" and not cleaned["products"]:
            raise _invalid("source", _("Add the products to show below, or show the newest."))
        return cleaned

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["product_ids"] = [product.pk for product in value["products"] if product]
        return context


class CollectionBlock(blocks.StructBlock):
    """One tile of the collections."""

    category = CategoryReferenceBlock(label=_("Category"))
    text = blocks.CharBlock(required=False, max_length=60, label=_("Short text"))
    tint = blocks.ChoiceBlock(choices=TINTS, default="1", label=_("Colour"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Collection")


class CollectionsBlock(blocks.StructBlock):
    """Tiles that lead to categories."""

    heading = blocks.CharBlock(max_length=80, label=_("Heading"))
    tiles = blocks.ListBlock(CollectionBlock(), min_num=1, max_num=8, label=_("Collections"))

    class Meta:
        icon = "grip"
        template = "cms/blocks/collections.html"
        label = _("Collections")
        description = _("Coloured tiles, each leading to a category.")

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["category_ids"] = [tile["category"].pk for tile in value["tiles"] if tile["category"]]
        return context


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


class PromiseBlock(blocks.StructBlock):
    """One promise of the shop, in a few words."""

    icon = blocks.ChoiceBlock(choices=ICONS, default="truck", label=_("Icon"))
    title = blocks.CharBlock(max_length=40, label=_("Promise"))
    text = blocks.CharBlock(required=False, max_length=60, label=_("In detail"))

    class Meta:
        icon = "tick-inverse"
        label = _("Promise")


class TrustBlock(blocks.StructBlock):
    """Three or four short promises under the hero."""

    promises = blocks.ListBlock(PromiseBlock(), min_num=3, max_num=4, label=_("Promises"))

    class Meta:
        icon = "tick-inverse"
        template = "cms/blocks/trust.html"
        label = _("Promises")
        description = _("Three or four short promises: delivery, returns, guarantee, payment.")


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
                raise _invalid("columns", _("Give each column a product or a heading."))
            if len(column["cells"]) != len(cleaned["rows"]):
                raise _invalid("columns", _("Give each column as many cells as there are rows."))
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
            raise _invalid(
                "film", _("Choose an MP4 or WebM file: other formats do not play in every browser.")
            )
        if cleaned["subtitles"] and cleaned["subtitles"].file_extension.lower() != "vtt":
            raise _invalid("subtitles", _("Choose a WebVTT file; its name ends in .vtt."))
        return cleaned


class NewsletterBlock(blocks.StructBlock):
    """The newsletter's form inside a page."""

    heading = blocks.CharBlock(max_length=80, label=_("Heading"))
    text = blocks.CharBlock(required=False, max_length=160, label=_("Text"))

    class Meta:
        icon = "mail"
        template = "cms/blocks/newsletter.html"
        label = _("Newsletter")
        description = _("A form to subscribe; nobody is written to before they confirm by mail.")


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


def _invalid(field: str, message) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})
