"""Django's entry for the catalogue import."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogImportConfig(AppConfig):
    name = "catalog_import"
    verbose_name = _("Amazon import")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_watch_the_catalogue, sender=self)


def _watch_the_catalogue(*, using: str, **kwargs: object) -> None:
    from catalog_import.oscar_catalogue.changes import install_triggers

    install_triggers(connections[using])
