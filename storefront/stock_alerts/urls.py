"""The addresses of alerts."""

from django.urls import path

from storefront.stock_alerts import views

app_name = "stock_alerts"
urlpatterns = [
    path("", views.AskView.as_view(), name="ask"),
    path("asked/", views.AskedView.as_view(), name="asked"),
    path("confirm/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("end/<str:token>/", views.EndView.as_view(), name="end"),
]
