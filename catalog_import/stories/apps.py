"""Django's entry for the stories of an import."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AmazonStoriesConfig(AppConfig):
    name = "catalog_import.stories"
    label = "amazon_stories"
    verbose_name = _("Stories from Amazon")
    default_auto_field = "django.db.models.BigAutoField"
