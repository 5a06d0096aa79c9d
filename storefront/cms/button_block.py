"""A link that looks like a button, and how a block says which of its fields is wrong."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import get_script_prefix
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from storefront.cms.choosers import CategoryChooserBlock


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
            raise invalid("path", _("An address starts with / or https://."))
        if cleaned.get("text") and not cleaned.address:
            raise invalid("text", _("Choose where the button leads, or leave its text empty."))
        return cleaned


def invalid(field: str, message) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})
