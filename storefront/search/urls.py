"""Addresses other services fetch; every edition has its own."""

from django.urls import path

from storefront.search import views

app_name = "feeds"
urlpatterns = [
    path("google.xml", views.google_feed, name="google"),
    path("meta.xml", views.meta_feed, name="meta"),
]
