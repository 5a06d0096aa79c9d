"""The form of a product's facts: one box of warnings for each language the shop speaks."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from storefront.product_facts.models import ProductFacts

FIELDS = (
    "product",
    "manufacturer",
    "eu_responsible",
    "model_name",
    "content_amount",
    "content_unit",
    "video",
    "captions",
)


class FactsForm(WagtailAdminModelForm):
    """A product's facts; the warnings are kept as one value, language code -> text."""

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
        return data
