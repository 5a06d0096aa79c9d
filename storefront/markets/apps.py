"""Django's entry for the markets app."""

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "storefront.markets"
    label = "markets"
    default_auto_field = "django.db.models.BigAutoField"
