"""Pages of the account; erasing has the address that Oscar gives to deleting a profile."""

from django.urls import path

from storefront.privacy import views

app_name = "privacy"
urlpatterns = [
    path("your-data/", views.YourDataView.as_view(), name="your-data"),
    path("your-data/link/", views.SendLinkView.as_view(), name="send-link"),
    path("your-data/download/<str:token>/", views.DownloadView.as_view(), name="download"),
    path("profile/delete/", views.EraseView.as_view(), name="erase"),
]
