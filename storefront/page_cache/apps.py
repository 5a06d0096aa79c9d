"""Django's entry for the page cache."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class PageCacheConfig(AppConfig):
    name = "storefront.page_cache"
    label = "page_cache"

    def ready(self) -> None:
        from storefront.page_cache import announcing, cdn

        register(cdn.check_settings)
        connection_created.connect(announcing.listen, dispatch_uid="page_cache.listen")
        pre_migrate.connect(announcing.pause, dispatch_uid="page_cache.pause")
        post_migrate.connect(announcing.resume, dispatch_uid="page_cache.resume")
