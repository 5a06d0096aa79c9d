"""The addresses of the auditors' pages, under /audit/; each link has a folder of its own, for its key's cookie."""

from django.urls import path, re_path

from storefront.subsidies.audit import views

_PLACE = r"^(?P<link_id>[0-9]{1,18})/(?P<lang>zh|en)/"

urlpatterns = [
    path("<int:link_id>/", views.Enter.as_view(), name="subsidies_audit_enter"),
    re_path(_PLACE + "$", views.IndexPage.as_view(), name="subsidies_audit"),
    re_path(_PLACE + r"figures/(?P<code>K[0-9]{2})/$", views.RowsPage.as_view(), name="subsidies_audit_rows"),
    re_path(
        _PLACE + r"files/(?P<label>E-[0-9]+_v[0-9]+)/$",
        views.ProofFile.as_view(),
        name="subsidies_audit_file",
    ),
    re_path(_PLACE + "check/$", views.CheckPage.as_view(), name="subsidies_audit_check"),
]
