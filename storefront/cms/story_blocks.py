"""The parts of a product's story; between them they hold everything Amazon's fifteen basic A+ modules hold.

Every part has one template, `cms/story/<name>.html`; a theme may bring its own. No picture is needed to save one: what
came from elsewhere without its pictures stays editable.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from storefront.cms.blocks import TEXT_FEATURES
from storefront.cms.choosers import ProductReferenceBlock


def _heading(**kwargs):
    return blocks.CharBlock(required=False, max_length=255, label=_("Heading"), **kwargs)


def _text(label=None):
    return blocks.RichTextBlock(required=False, features=TEXT_FEATURES, label=label or _("Text"))


def _picture(label=None):
    return ImageBlock(required=False, label=label or _("Picture"))


class LogoBlock(blocks.StructBlock):
    """The brand's mark above its story."""

    picture = _picture(_("Logo"))

    class Meta:
        icon = "pick"
        template = "cms/story/logo.html"
        label = _("Logo")
        description = _("The brand's mark, on its own line.")


class BannerBlock(blocks.StructBlock):
    """A wide picture with a heading, under it or on it."""

    heading = _heading()
    subheading = blocks.CharBlock(required=False, max_length=255, label=_("Second heading"))
    text = _text()
    picture = _picture()
    tone = blocks.ChoiceBlock(
        choices=[
            ("below", _("Text under the picture")),
            ("dark", _("Light text on a dark ground, on the picture")),
            ("light", _("Dark text on a light ground, on the picture")),
        ],
        default="below",
        label=_("Where the text stands"),
    )

    class Meta:
        icon = "image"
        template = "cms/story/banner.html"
        label = _("Banner")
        description = _("A wide picture with a heading and a few words.")


class TileBlock(blocks.StructBlock):
    """A picture with a heading and a few words."""

    picture = _picture()
    heading = _heading()
    text = _text()

    class Meta:
        icon = "grip"
        label = _("Picture and text")


class GridBlock(blocks.StructBlock):
    """Pictures with texts, side by side."""

    heading = _heading()
    columns = blocks.ChoiceBlock(
        choices=[("2", _("Two side by side")), ("3", _("Three side by side")), ("4", _("Four side by side"))],
        default="3",
        label=_("How many side by side"),
    )
    tiles = blocks.ListBlock(TileBlock(), max_num=12, label=_("Pictures and texts"))

    class Meta:
        icon = "grip"
        template = "cms/story/grid.html"
        label = _("Pictures side by side")
        description = _("Two, three or four pictures in a row, each with a heading and a text.")


class SideBlock(TileBlock):
    """A picture beside a text."""

    side = blocks.ChoiceBlock(
        choices=[("left", _("Picture left")), ("right", _("Picture right"))], default="left", label=_("Side")
    )

    class Meta:
        icon = "doc-full"
        template = "cms/story/side.html"
        label = _("Picture beside text")
        description = _("One picture and a few sentences, side by side.")


class SidebarBlock(blocks.StructBlock):
    """A picture with a caption, a text, and a narrow column beside them."""

    heading = _heading()
    picture = _picture()
    caption = blocks.CharBlock(required=False, max_length=255, label=_("Caption"))
    main_heading = blocks.CharBlock(required=False, max_length=255, label=_("Heading of the text"))
    main_text = _text()
    aside_picture = _picture(_("Picture at the side"))
    aside_heading = blocks.CharBlock(required=False, max_length=255, label=_("Heading at the side"))
    aside_text = _text(_("Text at the side"))

    class Meta:
        icon = "table"
        template = "cms/story/sidebar.html"
        label = _("Text with a side column")
        description = _("A picture, a text, and a narrow column beside them.")


class SlideBlock(TileBlock):
    """One of several pictures to leaf through."""

    caption = blocks.CharBlock(required=False, max_length=255, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")


class SlidesBlock(blocks.StructBlock):
    """Pictures to leaf through, each with its text."""

    slides = blocks.ListBlock(SlideBlock(), max_num=12, label=_("Pictures"))

    class Meta:
        icon = "copy"
        template = "cms/story/slides.html"
        label = _("Pictures to leaf through")
        description = _("Several large pictures one after the other, each with its text.")


class StoryTextBlock(blocks.StructBlock):
    """A heading and a text."""

    heading = _heading()
    text = _text()

    class Meta:
        icon = "pilcrow"
        template = "cms/story/text.html"
        label = _("Text")
        description = _("A heading and a text without a picture.")


class PointBlock(blocks.StructBlock):
    """One thing worth knowing."""

    heading = _heading()
    text = _text()

    class Meta:
        icon = "tick-inverse"
        label = _("Point")


class DetailsBlock(blocks.StructBlock):
    """A picture with several short points beside it."""

    heading = _heading()
    picture = _picture()
    points = blocks.ListBlock(PointBlock(), max_num=12, default=[], label=_("Points"))

    class Meta:
        icon = "list-ul"
        template = "cms/story/details.html"
        label = _("Picture with points")
        description = _("One picture and several short points beside it.")


class SpecificationRowBlock(blocks.StructBlock):
    """One fact."""

    label = blocks.CharBlock(max_length=255, label=_("What"))
    text = blocks.CharBlock(required=False, max_length=1000, label=_("Value"))

    class Meta:
        icon = "order"
        label = _("Fact")


class SpecificationsBlock(blocks.StructBlock):
    """A table of facts."""

    heading = _heading()
    columns = blocks.ChoiceBlock(
        choices=[("1", _("One table")), ("2", _("Two tables side by side"))], default="1", label=_("Layout")
    )
    rows = blocks.ListBlock(SpecificationRowBlock(), label=_("Facts"))

    class Meta:
        icon = "table"
        template = "cms/story/specifications.html"
        label = _("Facts")
        description = _("A table of technical facts.")


class StoryColumnBlock(blocks.StructBlock):
    """One column of a comparison: a product of the shop, or a heading only."""

    product = ProductReferenceBlock(required=False, label=_("Product"))
    heading = blocks.CharBlock(
        required=False, max_length=255, label=_("Heading"), help_text=_("Empty: the product's title.")
    )
    picture = _picture(_("Picture, where there is no product"))
    is_highlighted = blocks.BooleanBlock(required=False, label=_("Set off: this product"))
    cells = blocks.ListBlock(
        blocks.CharBlock(required=False, max_length=500),
        default=[],
        label=_("Cells, in the order of the rows"),
    )

    class Meta:
        icon = "table"
        label = _("Column")


class StoryComparisonBlock(blocks.StructBlock):
    """A table that compares products, with their prices of now."""

    rows = blocks.ListBlock(blocks.CharBlock(max_length=255), max_num=12, default=[], label=_("Rows"))
    columns = blocks.ListBlock(StoryColumnBlock(), max_num=6, label=_("Columns"))

    class Meta:
        icon = "table"
        template = "cms/story/comparison.html"
        label = _("Comparison")
        description = _("A table that compares up to six products.")

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


class StoryBody(blocks.StreamBlock):
    """What a product's story may hold."""

    logo = LogoBlock()
    banner = BannerBlock()
    grid = GridBlock()
    side = SideBlock()
    sidebar = SidebarBlock()
    slides = SlidesBlock()
    details = DetailsBlock()
    text = StoryTextBlock()
    comparison = StoryComparisonBlock()
    specifications = SpecificationsBlock()
