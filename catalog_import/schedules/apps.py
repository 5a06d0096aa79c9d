"""Django's entry for imports by the clock."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportSchedulesConfig(AppConfig):
    name = "catalog_import.schedules"
    label = "import_schedules"
    verbose_name = _("Regular imports")
    default_auto_field = "django.db.models.BigAutoField"
