"""What other services fetch from the shop: product feeds."""

from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront.search.feed_files import Attributes, write_feed
from storefront.search.feeds import read_feed
from storefront.search.google_feed import google_attributes
from storefront.search.meta_feed import meta_attributes
from storefront.search.shopper import current_shopper

FEED_CACHE_SECONDS = 3600
_KEPT_IN_MEMORY_BYTES = 4_000_000


@require_safe
@cache_control(public=True, max_age=FEED_CACHE_SECONDS)
def google_feed(request: HttpRequest) -> FileResponse:
    """Answer with everything the edition sells, for Google Merchant Center."""
    return _send_feed(request, google_attributes)


@require_safe
@cache_control(public=True, max_age=FEED_CACHE_SECONDS)
def meta_feed(request: HttpRequest) -> FileResponse:
    """Answer with everything the edition sells, for the catalogues of Facebook and Instagram."""
    return _send_feed(request, meta_attributes)


def _send_feed(request: HttpRequest, attributes: Attributes) -> FileResponse:
    """Answer with the feed.

    The file is complete before it is sent: addresses and words need the edition, which ends with this call, and a
    failure halfway must not look like a shop that sells less.
    """
    shopper = current_shopper()
    if shopper.market is None:
        raise Http404("No market is open: there is nothing to list.")
    file = SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    write_feed(
        items=read_feed(shopper=shopper, absolute=request.build_absolute_uri),
        attributes=attributes,
        title=settings.OSCAR_SHOP_NAME,
        url=request.build_absolute_uri(reverse("catalogue:index")),
        output=file,
    )
    file.seek(0)
    return FileResponse(file, content_type="application/xml; charset=utf-8")
