"""Django's entry for the theming app."""

from django.apps import AppConfig


class ThemingConfig(AppConfig):
    name = "storefront.theming"
    label = "theming"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from storefront.theming import checks  # noqa: F401
