"""Django's entry for the search app."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "storefront.search"
    label = "storefront_search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storefront.page_cache.announcing import watch
        from storefront.search.triggers import WATCHED

        watch(watched.table for watched in WATCHED)
        post_migrate.connect(_watch_the_catalogue, sender=self)


def _watch_the_catalogue(*, using: str, **kwargs: object) -> None:
    from storefront.search.triggers import install_triggers

    install_triggers(connections[using])
