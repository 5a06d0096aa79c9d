"""Django's entry for the rights to brands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrandRightsConfig(AppConfig):
    name = "catalog_import.rights"
    label = "brand_rights"
    verbose_name = _("Rights to brands")
    default_auto_field = "django.db.models.BigAutoField"
