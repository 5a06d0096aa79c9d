"""Where a page stands in the shop's markets and languages."""

from typing import Any

from django.http import HttpRequest

from storefront.markets.editions import current_edition, open_editions
from storefront.page_cache.shown import note


class InItsEdition:
    """A page's address outside the shop, such as in the back office, names an edition that speaks its language."""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        note(f"page:{self.pk}", f"under:{self.path}")
        return super().get_context(request, *args, **kwargs)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        if parts is None or None in parts or current_edition():
            return parts
        site_id, root_url, path = parts
        language = self.locale.language_code
        for edition in open_editions():
            if language in (edition.language, edition.language.partition("-")[0]):
                return site_id, root_url, edition.address(path)
        return parts
