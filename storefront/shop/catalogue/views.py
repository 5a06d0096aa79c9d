"""Oscar's product page: one for a whole family, each variant at its own address; a visit writes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.catalogue import views
from oscar.core.loading import get_class

from storefront.search.shopper import current_shopper
from storefront.shop.catalogue.family import read_family
from storefront.shop.catalogue.more_products import SEEN_SHOWN, read_more_products
from storefront.shop.catalogue.product_page import ProductDetails, read_product_page
from storefront.shop.catalogue.structured_data import describe_product
from storefront.theming.page_card import PageCard, absolute_by, describe_crumbs
from storefront.theming.pictures import shared_picture_url

CatalogueView = get_class("search.views", "CatalogueView")
ProductCategoryView = get_class("search.views", "ProductCategoryView")


@dataclass(frozen=True)
class MarketLink:
    """A market that sells what this one does not, and where."""

    name: str
    url: str


class ProductDetailView(views.ProductDetailView):
    """A product with its variants to choose from."""

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        if not hasattr(self, "object"):
            self.shopper = current_shopper()
            self.family = read_family(int(self.kwargs["pk"]), self.shopper)
            if self.family is None:
                raise Http404(_("There is no such product."))
            self.object = self.family.asked
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        details = read_product_page(family=self.family, shopper=self.shopper)
        return {
            "view": self,
            "product": self.object,
            "details": details,
            "market": self.shopper.market,
            "sold_in": _link_markets(details, self.request),
            "page_card": self._describe(details),
        }

    def get_template_names(self) -> list[str]:
        """Let a theme have a page of its own for a product class, as Oscar does."""
        own = [
            f"oscar/catalogue/detail-for-class-{slug}.html" for slug in [self.family.root.class_slug] if slug
        ]
        return [*own, "oscar/catalogue/detail.html"]

    def _describe(self, details: ProductDetails) -> PageCard:
        absolute = absolute_by(self.request)
        crumbs = [(crumb["name"], crumb.get("url") or details.canonical_url) for crumb in details.crumbs]
        home = (_("Home"), reverse("wagtail_serve", args=[""]))
        pictures = [shared_picture_url(picture.name) for picture in details.pictures[:1]]
        return PageCard(
            title=details.full_title,
            url=absolute(details.canonical_url),
            description=details.texts.summary,
            kind="product",
            picture=next(map(absolute, pictures), ""),
            price=details.offer.price,
            currency=details.offer.currency,
            market_codes=details.market_codes,
            structured_data=(
                describe_product(details, shopper=self.shopper, absolute=absolute),
                describe_crumbs([home, *crumbs], absolute=absolute),
            ),
        )

    def send_signal(self, request, response, product) -> None:
        """Leave Oscar's view counters and history cookie out: a page that is only looked at can be cached."""


class MoreProductsView(View):
    """The rails under a product, a part of a page: `like` is the product, `seen` what the browser remembers.

    No page carries what somebody looked at, no cookie and no table either: the browser asks with its own list.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        more = read_more_products(
            product_id=next(iter(_read_ids(request.GET.get("like", ""))), 0),
            seen_ids=_read_ids(request.GET.get("seen", ""))[: SEEN_SHOWN + 1],
        )
        return render(request, "oscar/catalogue/partials/more_products.html", {"more": more})


def _read_ids(text: str) -> list[int]:
    return [
        int(part) for part in text[:200].split(",") if part.isascii() and part.isdigit() and len(part) < 10
    ]


def _link_markets(details: ProductDetails, request: HttpRequest) -> list[MarketLink]:
    return [
        MarketLink(name=edition.market.name, url=edition.address(request.path_info))
        for edition in details.sold_in
    ]
