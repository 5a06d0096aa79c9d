"""Django's entry for the subsidies app."""

from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "storefront.subsidies"
    label = "subsidies"
    default_auto_field = "django.db.models.BigAutoField"
