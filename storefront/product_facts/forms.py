"""The forms of a product's facts, one box of warnings for each language the shop speaks, and of its documents."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from storefront.product_facts.documents import LANGUAGES
from storefront.product_facts.guarantees import may_be_labelled
from storefront.product_facts.marks import Mark
from storefront.product_facts.models import ProductDocument, ProductFacts
from storefront.product_facts.services import files_of, forget_files

FIELDS = (
    "product",
    "manufacturer",
    "eu_responsible",
    "model_name",
    "marks",
    "guarantee_years",
    "guarantor",
    "guarantee_is_whole",
    "guarantee_terms",
    "guarantee_label",
    "content_amount",
    "content_unit",
    "video",
    "captions",
)


class _FilesForm(WagtailAdminModelForm):
    """A row whose files that are replaced or cleared are deleted from the storage."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._old_files = files_of(self.instance)

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit=commit)
        if commit:
            forget_files(self._old_files - files_of(saved))
        return saved


class FactsForm(_FilesForm):
    """A product's facts; the warnings are kept as one value, language code -> text."""

    marks = forms.MultipleChoiceField(
        label=gettext_lazy("Marks on the product"),
        choices=Mark.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those that are on the product or its packaging, and no others."),
    )

    class Meta:
        model = ProductFacts
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, name in settings.WAGTAIL_CONTENT_LANGUAGES:
            self.fields[f"warnings_{code}"] = forms.CharField(
                label=_("Warnings in %(language)s") % {"language": name},
                required=False,
                initial=(self.instance.warnings or {}).get(code, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        texts = {
            code: data.get(f"warnings_{code}", "").strip()
            for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
        }
        self.instance.warnings = {code: text for code, text in texts.items() if text}
        self._check_guarantee(data)
        return data

    def _check_guarantee(self, data: dict[str, Any]) -> None:
        years = data.get("guarantee_years")
        if years and not (data.get("guarantor") or data.get("manufacturer")):
            self.add_error("guarantor", _("Say who gives the guarantee, here or as the manufacturer."))
        is_whole = data.get("guarantee_is_whole", False)
        if data.get("guarantee_label") and not may_be_labelled(years=years, is_whole=is_whole):
            self.add_error(
                "guarantee_label",
                _(
                    "The label is only for a guarantee of more than two years that is free of charge and for the whole"
                    " product. Clear it, or correct what is said of the guarantee."
                ),
            )


class DocumentForm(_FilesForm):
    """A document of a product, in one of the languages the shop can speak or in several."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)

    class Meta:
        model = ProductDocument
        fields = ("product", "kind", "language", "file")

    def save(self, commit: bool = True) -> ProductDocument:
        self.instance.size = self.cleaned_data["file"].size
        return super().save(commit=commit)
