"""Every address of the site: the shop by Oscar's apps, the back office at /admin/, all else a Wagtail page."""

from django.apps import apps
from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from catalog_import.old_links import follow_asin, follow_sku
from storefront.cms.brand_views import brand_css
from storefront.cms.feeds import ArticlesFeed
from storefront.cms.routing import serve as serve_page
from storefront.markets.views import choose_edition
from storefront.product_facts.views import download_document
from storefront.setup.views import health
from storefront.subsidies.back_office.deadlines import calendar_feed
from storefront.theming.views import me


def _oscar(label):
    return apps.get_app_config(label).urls


_password_reset = [
    pattern
    for pattern in apps.get_app_config("oscar").get_urls()
    if (getattr(pattern, "name", None) or "").startswith("password-reset")
]

urlpatterns = [
    path("healthz/", health, name="health"),
    path("admin/shop/", _oscar("dashboard")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("payments/", include("storefront.payments.urls")),
    path("editions/<str:code>/", choose_edition, name="choose-edition"),
    path("feeds/articles.xml", ArticlesFeed(), name="articles-feed"),
    path("feeds/", include("storefront.search.urls")),
    path("", include("storefront.seo.urls")),
    path("fragments/me/", me, name="me"),
    path("newsletter/", include("storefront.newsletter.urls")),
    path("brand/<slug:digest>.css", brand_css, name="brand-css"),
    path("consent/", include("storefront.consent.urls")),
    path("audit/", include("storefront.subsidies.audit.urls")),
    path("deadlines/<str:key>.ics", calendar_feed, name="subsidies_calendar_feed"),
    path("withdraw/", include("storefront.withdrawals.urls")),
    path("stock-alerts/", include("storefront.stock_alerts.urls")),
    re_path(r"^a/(?P<asin>[A-Za-z0-9]{10})/?$", follow_asin, name="asin"),
    path("s/<path:sku>", follow_sku, name="sku"),
    path("product-documents/<int:pk>/", download_document, name="product-document"),
    path("products/", _oscar("catalogue")),
    path("search/", _oscar("search")),
    path("basket/", _oscar("basket")),
    path("checkout/", _oscar("checkout")),
    path("account/", include("storefront.privacy.urls")),  # before Oscar's: deleting has the same address
    path("account/", _oscar("customer")),
    path("account/", include(_password_reset)),
    path("offers/", _oscar("offer")),
    path("wishlists/", _oscar("wishlists")),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}))
urlpatterns += [pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"]
urlpatterns.append(re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"))
