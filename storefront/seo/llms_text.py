"""What assistants read to find their way in an edition: Markdown as llmstxt.org describes it."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from storefront.cms.selectors import footer_pages
from storefront.core.countries import country_name
from storefront.core.money import round_amount
from storefront.markets.editions import Edition
from storefront.markets.selectors.markets import delivery_methods
from storefront.search.navigation import top_categories
from storefront.search.selectors import featured_products

PRODUCTS_NAMED = 20
_MARKUP = re.compile(r"([\\\[\]*_`<>])")


def write_llms_text(*, request: HttpRequest, edition: Edition) -> str:
    """Return the shop's name, what holds for every purchase here, and links to what there is."""
    absolute = request.build_absolute_uri
    sections = [
        (_("Categories"), [(link.name, link.url) for link in top_categories()]),
        (_("New in the shop"), [(card.title, card.url) for card in featured_products(limit=PRODUCTS_NAMED)]),
        (_("About the shop"), [(page.title, page.url) for page in footer_pages(request=request)]),
        (
            # llmstxt.org: a section of this name may be skipped, so it is not translated.
            "Optional",
            [
                (_("All products"), reverse("catalogue:index")),
                (_("Search"), reverse("search:search")),
                (_("Sitemap"), reverse("sitemap-index")),
                (_("Product feed"), reverse("feeds:google")),
            ],
        ),
    ]
    lines = [f"# {_plain(settings.SHOP_NAME)}", "", f"> {_plain(_summarize(edition))}", ""]
    lines += [f"- {_plain(fact)}" for fact in _facts(edition)]
    for heading, links in sections:
        lines += _section(heading, links, absolute)
    return "\n".join([*lines, ""])


def _section(heading: str, links: Iterable[tuple[str, str]], absolute: Callable[[str], str]) -> list[str]:
    entries = [f"- [{_plain(name)}]({absolute(url)})" for name, url in links]
    return ["", f"## {_plain(heading)}", "", *entries] if entries else []


def _summarize(edition: Edition) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    countries = [country_name(code=code, language=language) or code for code in edition.market.countries]
    return _("Online shop that delivers to %(countries)s.") % {"countries": ", ".join(countries)}


def _facts(edition: Edition) -> list[str]:
    """Return what is true of every price and delivery of the edition; one query."""
    market = edition.market
    tax = _("Prices are in %(currency)s and include tax.")
    no_tax = _("Prices are in %(currency)s; tax is added at checkout.")
    facts = [(tax if market.prices_include_tax else no_tax) % {"currency": market.currency}]
    for method in delivery_methods(market):
        facts.append(
            _("%(name)s: %(price)s %(currency)s, %(first)d to %(last)d working days.")
            % {
                "name": method.name,
                "price": round_amount(amount=method.price, currency=market.currency),
                "currency": market.currency,
                "first": method.min_days,
                "last": method.max_days,
            }
        )
    facts.append(
        _("Every price and stock level on a product's page is also in its structured data (JSON-LD).")
    )
    return facts


def _plain(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
