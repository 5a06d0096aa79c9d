"""Addresses crawlers know; every edition has its own sitemaps."""

from django.urls import path

from storefront.seo import views

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", views.llms_text, name="llms-text"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemaps/<slug:section>-<int:number>.xml", views.sitemap, name="sitemap"),
]
