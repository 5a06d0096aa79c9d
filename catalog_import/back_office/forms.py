"""The upload: files of one Amazon marketplace."""

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog_import.marketplaces import MARKETPLACES
from storefront.core.countries import country_name

MAX_UPLOAD_BYTES = 2_000_000_000


class FilesInput(forms.ClearableFileInput):
    """A chooser of many files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files; none is empty, all together at most 2 GB."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(file, initial) for file in data or [None]]
        if sum(file.size for file in files) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("These files are larger than 2 GB together. Send them in parts."))
        return files


def name_marketplaces() -> list[tuple[str, str]]:
    """Return (code, name in the reader's language) of every Amazon marketplace, in Amazon's order."""
    return [(code, name_marketplace(code)) for code in MARKETPLACES]


def name_marketplace(code: str) -> str:
    """Return what an Amazon marketplace is called, such as "Amazon Germany"."""
    country = country_name(code=MARKETPLACES[code].country, language=get_language() or "en")
    return gettext("Amazon %(country)s") % {"country": country}


class UploadForm(forms.Form):
    """What an import starts with."""

    files = FilesField(
        label=_("Files from Seller Central"),
        help_text=_("Any number at once: reports, flat files, workbooks, JSON, also as a zip archive."),
    )
    marketplace = forms.ChoiceField(
        label=_("Marketplace"),
        help_text=_("The Amazon country these files were downloaded for. One import, one country."),
    )
    with_pictures = forms.BooleanField(
        label=_("Fetch the pictures that the files name"),
        help_text=_(
            "They are copied into your shop at their original size; nothing is loaded from Amazon later."
        ),
        required=False,
        initial=True,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["marketplace"].choices = name_marketplaces()
