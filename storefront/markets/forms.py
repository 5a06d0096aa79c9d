"""What a merchant fills in to set a price and to correct a VAT id check."""

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from storefront.markets.models.tax import Answer


class PriceForm(WagtailAdminModelForm):
    """A price of the product with a SKU or GTIN; the view gives it to `set_price`."""

    sku = forms.CharField(
        label=_("SKU or GTIN"),
        help_text=_("Of the product, or of the variant: each variant has its own price."),
    )
    valid_from = forms.DateTimeField(
        label=_("From"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: now. Times are UTC.")
    )
    valid_until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Empty: until another price is set. Filled: afterwards the lasting price returns."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            product = self.instance.product
            record = product.stockrecords.order_by("pk").first()
            self.initial["sku"] = record.partner_sku if record else product.upc
            for name in ("sku", "market", "valid_from"):
                self.fields[name].disabled = True

    def clean_sku(self):
        if self.instance.pk:
            return self.cleaned_data["sku"]
        typed = self.cleaned_data["sku"].strip()
        found = get_model("catalogue", "Product").objects.exclude(structure="parent").order_by("pk")
        products = list(found.filter(stockrecords__partner_sku=typed).distinct()[:2]) or list(
            found.filter(upc=typed)[:2]
        )
        if len(products) != 1:
            raise forms.ValidationError(
                _(
                    "No product that can be bought has this SKU or GTIN. A family's price is set on its variants."
                )
                if not products
                else _("Several products have this SKU. Use the GTIN.")
            )
        self.instance.product = products[0]
        return typed


class CorrectionForm(WagtailAdminModelForm):
    """What the merchant found out about a VAT id, and how."""

    corrected_answer = forms.ChoiceField(
        label=_("The VAT id is"),
        choices=[(Answer.VALID.value, Answer.VALID.label), (Answer.INVALID.value, Answer.INVALID.label)],
    )
    correction_reason = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        help_text=_("A tax audit will ask. For example: certificate of the tax office, by mail on 3 May."),
    )
