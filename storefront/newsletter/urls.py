"""The newsletter's addresses."""

from django.urls import path

from storefront.newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("", views.SubscribeView.as_view(), name="subscribe"),
    path("asked/", views.AskedView.as_view(), name="asked"),
    path("confirm/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("end/<str:token>/", views.EndView.as_view(), name="end"),
]
