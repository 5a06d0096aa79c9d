"""Django's entry for the catalogue import."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogImportConfig(AppConfig):
    name = "catalog_import"
    verbose_name = _("Amazon import")
    default_auto_field = "django.db.models.BigAutoField"
