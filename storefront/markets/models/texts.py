"""What products, categories and options are called in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

_LANGUAGE_HELP = _("BCP 47 code such as en or de.")


class ProductText(models.Model):
    """The words of one product in one language; Oscar's title and description hold the default language's."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="texts", verbose_name=_("product")
    )
    language = models.CharField(_("language"), max_length=12, help_text=_LANGUAGE_HELP)
    title = models.CharField(_("title"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Sanitised HTML."))
    bullet_points = models.JSONField(_("bullet points"), default=list, blank=True)
    specifications = models.JSONField(
        _("specifications"), default=list, blank=True, help_text=_("Pairs of label and value, in order.")
    )

    class Meta:
        verbose_name = _("product text")
        verbose_name_plural = _("product texts")
        ordering = ["product_id", "language"]
        constraints = [
            models.UniqueConstraint(fields=["product", "language"], name="markets_text_once_per_language")
        ]

    def __str__(self):
        return f"{self.title} ({self.language})"


class CategoryText(models.Model):
    """What one category is called in one language; Oscar's own fields hold the default language's."""

    category = models.ForeignKey(
        "catalogue.Category", on_delete=models.CASCADE, related_name="texts", verbose_name=_("category")
    )
    language = models.CharField(_("language"), max_length=12, help_text=_LANGUAGE_HELP)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True, help_text=_("Sanitised HTML."))
    meta_title = models.CharField(
        _("title for search engines"), max_length=255, blank=True, help_text=_("Empty: the name.")
    )
    meta_description = models.TextField(
        _("description for search engines"), blank=True, help_text=_("One or two sentences.")
    )

    class Meta:
        verbose_name = _("category text")
        verbose_name_plural = _("category texts")
        ordering = ["category_id", "language"]
        constraints = [
            models.UniqueConstraint(fields=["category", "language"], name="markets_category_text_once")
        ]

    def __str__(self):
        return f"{self.name} ({self.language})"


class OptionText(models.Model):
    """How one variant names one of its options in one language: axis color is "Farbe", its value "Schwarz".

    Kept per variant, as marketplaces export it: the same "Black" may be "Schwarz" here and "Mattschwarz" there.
    `axis` is the code of the product attribute.
    """

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="option_texts", verbose_name=_("variant")
    )
    language = models.CharField(_("language"), max_length=12, help_text=_LANGUAGE_HELP)
    axis = models.CharField(_("option"), max_length=128, help_text=_("Code of the attribute, such as color."))
    label = models.CharField(_("name of the option"), max_length=128, help_text=_("Such as Farbe."))
    value = models.CharField(_("value"), max_length=255, help_text=_("Such as Schwarz."))

    class Meta:
        verbose_name = _("option text")
        verbose_name_plural = _("option texts")
        ordering = ["product_id", "axis", "language"]
        constraints = [
            models.UniqueConstraint(fields=["product", "axis", "language"], name="markets_option_text_once")
        ]

    def __str__(self):
        return f"{self.label}: {self.value} ({self.language})"
