"""Files as downloads: never shown in the browser, whatever is in them."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header


def as_download(chunks: Iterable[bytes], *, file_name: str, size: int | None = None) -> StreamingHttpResponse:
    """Return an answer that saves `chunks` under a name. (Django's FileResponse says so for open files only.)"""
    response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    if size is not None:
        response.headers["Content-Length"] = str(size)
    return response
