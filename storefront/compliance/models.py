"""The harmonised notice on the legal guarantee of conformity, as the Commission drew it.

Directive 2011/83/EU, Art. 6(1)(l) and 22a (as of 27 September 2026); Implementing Regulation (EU) 2025/1960, Annex I:
one fixed artwork for each language, which may be scaled but not redrawn. So the merchant uploads the Commission's file.
"""

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PICTURE_LIMIT_BYTES = 5 * 1024 * 1024


def check_size(file: File) -> None:
    """Raise ValidationError for a picture that is too large to be shown at checkout and mailed."""
    if file.size > PICTURE_LIMIT_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB. The notice is well readable below that."))


class GuaranteeNotice(models.Model):
    """The notice in one language."""

    language = models.CharField(
        _("language"), max_length=10, unique=True, help_text=_("The one its text is written in.")
    )
    picture = models.ImageField(
        _("picture"),
        upload_to="guarantee-notices",
        width_field="width",
        height_field="height",
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"]), check_size],
        help_text=_(
            "The Commission's own file, in colour, as PNG or JPEG. Neither cut nor redrawn: the regulation fixes it."
        ),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    link = models.URLField(
        _("link"),
        blank=True,
        help_text=_("Where the code on the picture leads, so that a shopper on a phone can follow it, too."),
    )

    class Meta:
        verbose_name = _("EU notice of the legal guarantee")
        verbose_name_plural = _("EU notices of the legal guarantee")
        ordering = ["language"]

    def __str__(self) -> str:
        return self.language
