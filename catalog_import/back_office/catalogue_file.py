"""The whole catalogue as a download."""

import tempfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from catalog_import.back_office.access import CHANGE, LOOK, POLICY
from catalog_import.open_format import FORMATS
from catalog_import.services.exporting import export_catalogue


class CatalogueFileView(PermissionCheckedMixin, View):
    """Every product in the open format, in the format that the address names."""

    permission_policy = POLICY
    any_permission_required = [LOOK, CHANGE]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        if kwargs["format"] not in FORMATS:
            raise Http404
        now = timezone.now()
        file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        export_catalogue(file, format=kwargs["format"], now=now)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"catalogue-{now:%Y-%m-%d}.{kwargs['format']}")
