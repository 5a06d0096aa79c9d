"""How a shop looks at run time: logo, colours, font and footer over the theme's; menus per market."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable

from storefront.cms.brand_colours import find_faint, read_grounds
from storefront.cms.remembered import brand_in_use, menus_in_use

_is_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Six digits after a #, such as #1d2b4f."))
_is_path = RegexValidator(
    r"^/(?!/)[^\s\"'<>\\]*\Z", _("An address within the shop, beginning with one slash.")
)


_SUCH_A_MENU = _("There is such a menu already: change that one.")


def font_choices() -> list[tuple[str, str]]:
    """Return the fonts that the theme offers."""
    return [(font.code, font.name) for font in settings.THEME.fonts]


@register_setting(icon="view", order=10)
class Branding(BaseGenericSetting):
    """What makes a theme one shop's own; whatever is empty is the theme's."""

    logo = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("In place of the shop's name in the header. Wide and low works best; SVG, PNG or WebP."),
    )
    primary = models.CharField(
        _("main colour"),
        max_length=7,
        blank=True,
        validators=[_is_colour],
        help_text=_("Of the buttons that matter. The text on them follows by itself."),
    )
    accent = models.CharField(
        _("second colour"),
        max_length=7,
        blank=True,
        validators=[_is_colour],
        help_text=_("Of the number on the basket and of the button on the opening picture."),
    )
    font = models.CharField(
        _("font"),
        max_length=40,
        blank=True,
        help_text=_("One that the theme brings; it is never fetched elsewhere."),
    )
    company = models.CharField(
        _("company"),
        max_length=120,
        blank=True,
        help_text=_(
            "Who sells, by the full name your imprint has. At the foot of every page; empty: the shop's name."
        ),
    )
    address = models.TextField(
        _("address"),
        max_length=400,
        blank=True,
        help_text=_(
            "Street, town, country and VAT number, a line each. On receipts; empty: a link to the imprint."
        ),
    )
    ways_to_pay = models.CharField(
        _("ways to pay"),
        max_length=200,
        blank=True,
        help_text=_(
            "Names at the foot of every page, parted by commas, such as Visa, Mastercard, PayPal. Only what your"
            " payment account really offers."
        ),
    )

    panels = [
        FieldPanel("logo"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("primary"), FieldPanel("accent")])], heading=_("Colours")),
        FieldPanel("font", widget=forms.Select(choices=[("", _("The theme's own")), *font_choices()])),
        MultiFieldPanel([FieldPanel("company"), FieldPanel("ways_to_pay")], heading=_("Footer")),
        FieldPanel("address", widget=forms.Textarea(attrs={"rows": 4})),
    ]

    class Meta:
        verbose_name = _("Logo, colours, font and footer")

    def clean(self) -> None:
        """Refuse a colour that a button could not be told from the page by, and a font the theme has not."""
        super().clean()
        errors: dict[str, str] = {}
        if self.primary and (faint := find_faint(self.primary, grounds=read_grounds())):
            errors["primary"] = gettext(
                "On the page's own colour this one reaches %(ratio)s to 1, and 3 to 1 is needed to tell a button from"
                " the page. Choose a darker or stronger colour."
            ) % {"ratio": f"{faint:.1f}"}
        known = dict(font_choices())
        if self.font and self.font not in known:
            offered = ", ".join(known.values()) or gettext("none")
            errors["font"] = gettext("This theme offers: %(fonts)s.") % {"fonts": offered}
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        brand_in_use.forget()


class Menu(ClusterableModel):
    """The entries of the header or the footer; the most exact menu for a market and a language is shown."""

    class Place(models.TextChoices):
        HEADER = "header", _("Header")
        FOOTER = "footer", _("Footer")

    place = models.CharField(_("place"), max_length=8, choices=Place.choices)
    market = models.ForeignKey(
        "markets.Market",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("market"),
        help_text=_("Empty: every market that has no menu of its own."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: every language that has no menu of its own."),
    )

    panels = [
        FieldPanel("place"),
        FieldRowPanel([FieldPanel("market"), FieldPanel("language")]),
        InlinePanel("entries", heading=_("Entries"), label=_("Entry"), min_num=1),
    ]

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = ["place", "market", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "market", "language"],
                name="cms_menu_once",
                violation_error_message=_SUCH_A_MENU,
            ),
            models.UniqueConstraint(
                fields=["place", "language"],
                condition=models.Q(market=None),
                name="cms_menu_once_everywhere",
                violation_error_message=_SUCH_A_MENU,
            ),
        ]

    def __str__(self) -> str:
        parts = [
            self.get_place_display(),
            str(self.market or ""),
            self.get_language_display() if self.language else "",
        ]
        return ", ".join(filter(None, parts))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        menus_in_use.forget()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        deleted = super().delete(*args, **kwargs)
        menus_in_use.forget()
        return deleted


class MenuEntry(Orderable):
    """One link: to a page, or to an address within the shop."""

    menu = ParentalKey(Menu, on_delete=models.CASCADE, related_name="entries")
    text = models.CharField(_("text"), max_length=60)
    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page"),
    )
    path = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        validators=[_is_path],
        help_text=_("In place of a page, without the market's prefix: /products/ or /search/?q=cable."),
    )

    panels = [FieldPanel("text"), FieldPanel("page"), FieldPanel("path")]

    class Meta(Orderable.Meta):
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Ask for a page or an address, and for one of them only."""
        super().clean()
        if bool(self.page_id) == bool(self.path):
            raise ValidationError({"path": gettext("Choose a page or write an address, one of them.")})
