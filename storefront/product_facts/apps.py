"""The product facts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductFactsConfig(AppConfig):
    name = "storefront.product_facts"
    label = "product_facts"
    verbose_name = _("Product safety")
    default_auto_field = "django.db.models.BigAutoField"
