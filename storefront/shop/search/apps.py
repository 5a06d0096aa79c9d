"""Oscar's search app, found here, with the suggestions of the search field."""

from django.urls import path
from oscar.apps.search import apps
from oscar.core.loading import get_class


class SearchConfig(apps.SearchConfig):
    name = "storefront.shop.search"

    def ready(self):
        super().ready()
        self.suggest_view = get_class("search.views", "suggest_view")

    def get_urls(self):
        own = [path("suggest/", self.suggest_view, name="suggest")]
        return [*super().get_urls(), *self.post_process_urls(own)]
