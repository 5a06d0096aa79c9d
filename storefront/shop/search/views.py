"""Oscar's list pages on our own selectors: all products, a category, a search."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from storefront.markets.selectors.texts import category_texts_for
from storefront.page_cache.shown import keep_for_nobody
from storefront.search import navigation, selectors
from storefront.search.facets import build_chips
from storefront.search.filters import read_filters
from storefront.search.plain_text import plain_text, shorten
from storefront.search.services import record_miss
from storefront.search.shopper import current_shopper
from storefront.search.suggestions import suggest
from storefront.theming.page_card import PageCard, absolute_by, describe_crumbs
from storefront.theming.pictures import shared_picture_url

QUERY_MAX_LENGTH = 100
DESCRIPTION_LENGTH = 160


class ProductListView(TemplateView):
    """A page of product cards, with an order to choose and a pager."""

    query = ""
    category = None
    links: Sequence[navigation.CategoryLink] = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sort = self.request.GET.get("sort", "")
        filters = read_filters(self.request.GET)
        try:
            products = selectors.list_products(
                category=self.category,
                query=self.query,
                sort=sort,
                page=self.request.GET.get("page", 1),
                filters=filters,
                with_facets=True,
            )
        except InvalidPage as error:
            raise Http404(_("There is no such page of this list.")) from error
        return super().get_context_data(
            **kwargs,
            products=products,
            query=self.query,
            sort=sort,
            sorts=selectors.SORTS.items(),
            filters=filters,
            filter_parameters=filters.as_parameters(),
            chips=build_chips(filters, products.facets, other=self._kept_parameters(sort)),
            currency=market.currency if (market := current_shopper().market) else "",
        )

    def describe(self, context: dict[str, Any]) -> PageCard:
        """Return what the head says of a list: its first page and each other one have addresses of their own."""
        absolute, number = absolute_by(self.request), context["products"].number
        path = self.request.path if number == 1 else f"{self.request.path}?page={number}"
        crumbs = [(_("Home"), reverse("wagtail_serve", args=[""]))]
        crumbs += [(link.name, link.url) for link in self.links[:-1]]
        crumbs.append((context["heading"], self.request.path))
        pictures = [shared_picture_url(card.picture) for card in context["products"].cards if card.picture]
        return PageCard(
            title=context.get("meta_title") or context["heading"],
            url=absolute(path),
            description=Truncator(context.get("meta_description", "")).chars(DESCRIPTION_LENGTH),
            picture=next(map(absolute, pictures[:1]), ""),
            structured_data=(describe_crumbs(crumbs, absolute=absolute),),
        )

    def _kept_parameters(self, sort: str) -> list[tuple[str, str]]:
        return [pair for pair in (("q", self.query), ("sort", sort)) if pair[1]]


class CatalogueView(ProductListView):
    """Everything the shop sells."""

    template_name = "oscar/catalogue/browse.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            **kwargs,
            heading=_("All products"),
            crumbs=[{"name": _("All products"), "url": ""}],
        )
        # After the list, which has the index brought up to date.
        below = navigation.top_categories()
        return {**context, "subcategories": below, "page_card": self.describe(context)}


class ProductCategoryView(ProductListView):
    """A category with those under it. Staff see hidden ones too, to try a layout."""

    template_name = "oscar/catalogue/category.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.chain = navigation.read_chain(kwargs["pk"])
        if not self.chain:
            raise Http404(_("There is no such category."))
        self.category = self.chain[-1]
        is_public = self.category.is_public and self.category.ancestors_are_public
        if not is_public and not request.user.is_staff:
            raise Http404(_("This category is not public."))
        self.links = navigation.link_categories(self.chain)
        address = self.links[-1].url
        if unquote(address) != unquote(request.path):
            return HttpResponsePermanentRedirect(address)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        *above, current = self.links
        context = super().get_context_data(
            **kwargs,
            **self._read_words(),
            category=self.category,
            heading=current.name,
            crumbs=[*above, {"name": current.name, "url": ""}],
        )
        below = navigation.subcategories(self.category, chain=self.chain)
        return {**context, "subcategories": below, "page_card": self.describe(context)}

    def _read_words(self) -> dict[str, str]:
        """Return the description and what search engines read, all of them in one language."""
        shopper, category = current_shopper(), self.category
        text = category_texts_for(
            categories=[category], language=shopper.language, fallback=shopper.fallback
        ).get(category.pk)
        name, words = category.shown_name, text or category
        return {
            "description": words.description,
            "meta_title": words.meta_title or name,
            "meta_description": words.meta_description or shorten(plain_text(words.description)) or name,
        }


class FacetedSearchView(ProductListView):
    """What a search finds; without words or without a find, ways on."""

    template_name = "oscar/search/results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.query = _read_query(request)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["crumbs"] = [{"name": _("Search"), "url": ""}]
        if self.query:
            context = super().get_context_data(**kwargs)
            if context["products"].total or context["filters"]:
                return context
            keep_for_nobody()  # each search without a find counts
            record_miss(query=self.query, now=timezone.now())
        return TemplateView.get_context_data(
            self,
            **kwargs,
            query=self.query,
            suggestions=selectors.featured_products(limit=4),
            subcategories=navigation.top_categories(),
        )


@require_safe
@cache_control(public=True, max_age=60)
def suggest_view(request: HttpRequest) -> HttpResponse:
    """Answer with the options of the search field's list, as HTML to be put into it."""
    query = _read_query(request)
    found = suggest(query)
    return render(
        request,
        "partials/suggestions.html",
        {"query": query, "cards": found.cards, "categories": found.categories},
    )


def _read_query(request: HttpRequest) -> str:
    """Return the words that were typed; PostgreSQL has no NUL, which nobody types."""
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:QUERY_MAX_LENGTH]
