"""The parts of a page that show what is sold, and why to buy it here."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from storefront.cms.button_block import ButtonBlock, invalid
from storefront.cms.choosers import CategoryChooserBlock, CategoryReferenceBlock, ProductReferenceBlock

TINTS = [("1", _("Tint 1")), ("2", _("Tint 2")), ("3", _("Tint 3")), ("4", _("Tint 4"))]
ICONS = [
    ("truck", _("Delivery")),
    ("return", _("Returns")),
    ("shield", _("Guarantee")),
    ("lock", _("Safe payment")),
]


class HeroBlock(blocks.StructBlock):
    """The first thing a visitor sees: one sentence, one picture, one button or two, and a product if it is wanted."""

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
    product = ProductReferenceBlock(
        required=False,
        label=_("Product on the picture"),
        help_text=_("Laid over it with its price of today."),
    )

    class Meta:
        icon = "pick"
        template = "cms/blocks/hero.html"
        label = _("Hero")
        description = _("The opening: a heading, a picture and a button. Use it once, first.")

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["product_ids"] = [product.pk for product in [value["product"]] if product]
        return context


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
            raise invalid("category", _("Choose the category whose products to show."))
        if cleaned["source"] == "chosen" and not cleaned["products"]:
            raise invalid("source", _("Add the products to show below, or show the newest."))
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


class NewsletterBlock(blocks.StructBlock):
    """The newsletter's form inside a page."""

    heading = blocks.CharBlock(max_length=80, label=_("Heading"))
    text = blocks.CharBlock(required=False, max_length=160, label=_("Text"))

    class Meta:
        icon = "mail"
        template = "cms/blocks/newsletter.html"
        label = _("Newsletter")
        description = _("A form to subscribe; nobody is written to before they confirm by mail.")
