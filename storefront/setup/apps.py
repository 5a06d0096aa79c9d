"""Django's entry for the setup app."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "storefront.setup"
    label = "storefront_setup"
    default_auto_field = "django.db.models.BigAutoField"
