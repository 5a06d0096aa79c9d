"""The addresses of the withdrawal function."""

from django.urls import path

from storefront.withdrawals import views

app_name = "withdrawals"
urlpatterns = [
    path("", views.WithdrawView.as_view(), name="withdraw"),
    path("received/", views.ReceivedView.as_view(), name="received"),
]
