"""The address of the choice."""

from django.urls import path

from storefront.consent import views

app_name = "consent"
urlpatterns = [path("", views.ConsentView.as_view(), name="choose")]
