"""Addresses Stripe calls and shoppers come back to."""

from django.urls import path

from storefront.payments import views

app_name = "payments"
urlpatterns = [
    path("webhook/", views.webhook, name="webhook"),
    path("return/", views.return_from_stripe, name="return"),
]
