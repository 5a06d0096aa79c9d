"""Django's entry for the tender app."""

from django.apps import AppConfig


class TenderConfig(AppConfig):
    name = "storefront.tender"
    label = "tender"
    default_auto_field = "django.db.models.BigAutoField"
