"""Django's entry for the cms app."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "storefront.cms"
    label = "cms"
    default_auto_field = "django.db.models.BigAutoField"
