"""Who made a product, who answers for it and guarantees it, what it warns of, how much is in it, and its video.

The names and the addresses are those of Regulation (EU) 2023/988, Art. 19: they belong on the offer itself. The
contents are for the price per unit (Directive 98/6/EC; in Germany PAngV § 4).
"""

import secrets

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from storefront.product_facts.uploads import check_captions, check_label, check_pdf, check_video


class Operator(models.Model):
    """A manufacturer, or the person in the EU who answers for products made outside it."""

    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("The registered name."))
    address = models.TextField(_("postal address"), help_text=_("As on an envelope, with the country."))
    email = models.EmailField(_("email"), help_text=_("Where shoppers and authorities may write."))

    class Meta:
        verbose_name = _("manufacturer or responsible person")
        verbose_name_plural = _("manufacturers and responsible persons")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Unit(models.TextChoices):
    GRAM = "g", _("grams")
    KILOGRAM = "kg", _("kilograms")
    MILLILITRE = "ml", _("millilitres")
    LITRE = "l", _("litres")
    METRE = "m", _("metres")
    SQUARE_METRE = "m2", _("square metres")


class ProductFacts(models.Model):
    """What is said of one product or variant; what a variant leaves empty is its family's."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, related_name="facts", verbose_name=_("product")
    )
    manufacturer = models.ForeignKey(
        Operator,
        on_delete=models.PROTECT,
        related_name="made",
        null=True,
        blank=True,
        verbose_name=_("manufacturer"),
    )
    eu_responsible = models.ForeignKey(
        Operator,
        on_delete=models.PROTECT,
        related_name="answered_for",
        null=True,
        blank=True,
        verbose_name=_("responsible person in the EU"),
        help_text=_("Needed in the EU where the manufacturer is outside it."),
    )
    model_name = models.CharField(
        _("type, batch or serial number"),
        max_length=200,
        blank=True,
        help_text=_("How this product is told apart, or where that is printed on it."),
    )
    warnings = models.JSONField(_("warnings"), default=dict, blank=True)  # language code -> text
    marks = models.JSONField(_("marks"), default=list, blank=True)  # codes of marks.Mark
    guarantee_years = models.PositiveSmallIntegerField(
        _("guarantee of the producer, in years"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_(
            "What the producer promises beyond the law, in whole years; empty if nothing. Shoppers read it beside the"
            " price, at checkout and in the confirmation."
        ),
    )
    guarantor = models.ForeignKey(
        Operator,
        on_delete=models.PROTECT,
        related_name="guaranteed",
        null=True,
        blank=True,
        verbose_name=_("who gives the guarantee"),
        help_text=_("Where it is not the manufacturer."),
    )
    guarantee_is_whole = models.BooleanField(
        _("free of charge and for the whole product"),
        default=False,
        help_text=_(
            "Tick it only if the shopper pays nothing for the guarantee and no part is left out. If it is then longer"
            " than two years, EU law wants the label below (Directive 2011/83/EU, Art. 6(1)(la))."
        ),
    )
    guarantee_terms = models.URLField(
        _("terms of the guarantee"),
        blank=True,
        help_text=_(
            "Where they can be read before an order, as the law asks. A PDF is uploaded under Documents instead, as"
            " terms of the guarantee."
        ),
    )
    guarantee_label = models.ImageField(
        _("EU label of the guarantee (GARAN)"),
        upload_to="guarantee-labels",
        blank=True,
        width_field="guarantee_label_width",
        height_field="guarantee_label_height",
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"]), check_label],
        help_text=_(
            "The Commission's artwork, in colour, filled in with the years, the brand and the model: ask the producer"
            " for it. PNG or JPEG, at most 1 MB. Shown in the EU alone; until it is here, the guarantee is told in"
            " words, which is less than the law asks for."
        ),
    )
    guarantee_label_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    guarantee_label_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    content_amount = models.DecimalField(
        _("contents"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("How much is in it. The price per kilogram, litre or metre is worked out from it."),
    )
    content_unit = models.CharField(_("unit"), max_length=3, choices=Unit.choices, blank=True)
    video = models.FileField(
        _("video"),
        upload_to="product-videos",
        blank=True,
        validators=[FileExtensionValidator(["mp4", "webm"]), check_video],
        help_text=_("MP4 or WebM, at most 50 MB. It is loaded only when a shopper starts it."),
    )
    captions = models.FileField(
        _("captions of the video"),
        upload_to="product-videos",
        blank=True,
        validators=[FileExtensionValidator(["vtt"]), check_captions],
        help_text=_("WebVTT. Needed where somebody speaks."),
    )

    class Meta:
        verbose_name = _("safety and contents of a product")
        verbose_name_plural = _("safety and contents of products")
        ordering = ["product_id"]
        constraints = [
            models.CheckConstraint(
                name="product_facts_contents_whole",
                condition=Q(content_amount=None, content_unit="")
                | (Q(content_amount__gt=0) & ~Q(content_unit="")),
                violation_error_message=_("Fill in both the contents and the unit, or neither."),
            ),
            models.CheckConstraint(
                name="product_facts_guarantee_lasts",
                condition=Q(guarantee_years=None) | Q(guarantee_years__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)


class DocumentKind(models.TextChoices):
    """What a document is; the codes are part of the names under which shoppers save them."""

    INSTRUCTIONS = "safety-instructions", _("Safety instructions")
    DATA_SHEET = "safety-data-sheet", _("Safety data sheet")
    MANUAL = "manual", _("Manual")
    CONFORMITY = "declaration-of-conformity", _("Declaration of conformity")
    GUARANTEE = "terms-of-guarantee", _("Terms of the guarantee")


def name_document(document: "ProductDocument", name: str) -> str:
    """Return a name in the storage that nobody guesses: documents are handed out by their page alone."""
    return f"product-documents/{secrets.token_urlsafe(24)}.pdf"


class ProductDocument(models.Model):
    """A document that shoppers save from the page of a product and of its variants."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="documents", verbose_name=_("product")
    )
    kind = models.CharField(_("kind"), max_length=40, choices=DocumentKind.choices)
    language = models.CharField(_("language"), max_length=10, help_text=_("The one it is written in."))
    file = models.FileField(
        _("file"),
        upload_to=name_document,
        validators=[FileExtensionValidator(["pdf"]), check_pdf],
        help_text=_("PDF, at most 20 MB."),
    )
    size = models.PositiveIntegerField(editable=False)  # bytes

    class Meta:
        verbose_name = _("document of a product")
        verbose_name_plural = _("documents of products")
        ordering = ["product_id", "kind", "language", "pk"]

    def __str__(self) -> str:
        return f"{self.product}: {self.get_kind_display()}"
