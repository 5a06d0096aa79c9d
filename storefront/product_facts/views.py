"""The documents of products, to save."""

import logging

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from storefront.product_facts.documents import file_name, find_document

logger = logging.getLogger(__name__)


@require_safe
def download_document(request: HttpRequest, pk: int) -> FileResponse:
    """Send a document as a file to save: a browser does not open it at the shop's own address."""
    document = find_document(pk)
    if document is None:
        raise Http404(_("There is no such document."))
    try:
        file = document.file.open("rb")
    except OSError as error:
        logger.exception("The document %s of product %s is gone from the storage.", pk, document.product_id)
        raise Http404(_("There is no such document.")) from error
    return FileResponse(
        file, as_attachment=True, filename=file_name(document), content_type="application/pdf"
    )
