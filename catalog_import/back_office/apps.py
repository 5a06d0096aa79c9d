"""Django's entry for the importer's screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AmazonImportConfig(AppConfig):
    name = "catalog_import.back_office"
    label = "amazon_import"
    verbose_name = _("Amazon import")
    default_auto_field = "django.db.models.BigAutoField"
