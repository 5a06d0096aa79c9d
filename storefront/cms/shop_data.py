"""What search engines read about the shop itself: schema.org's Organization and WebSite, as JSON-LD."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from storefront.cms.remembered import brand_in_use

_SEARCH_WORDS = "{search_term_string}"


def describe_shop(absolute: Callable[[str], str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return who runs the shop, and how its search is asked; in the edition being shown."""
    home = absolute(reverse("wagtail_serve", args=[""]))
    site = "{0.scheme}://{0.netloc}/".format(urlsplit(home))
    organization: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{site}#organization",
        "name": settings.SHOP_NAME,
        "url": site,
    }
    brand = brand_in_use()
    if brand.logo_url:
        organization["logo"] = absolute(brand.logo_url)
    if brand.company:
        organization["legalName"] = brand.company
    website = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": settings.SHOP_NAME,
        "url": home,
        "publisher": {"@id": f"{site}#organization"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{absolute(reverse('search:search'))}?q={_SEARCH_WORDS}",
            },
            "query-input": f"required name={_SEARCH_WORDS[1:-1]}",
        },
    }
    return organization, website
