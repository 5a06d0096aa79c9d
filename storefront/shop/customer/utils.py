"""Account mails that name this shop: Oscar takes the address of their links from a row of django.contrib.sites."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sites.models import Site
from oscar.apps.customer import utils
from oscar.core.loading import get_class

Dispatcher = get_class("communication.utils", "Dispatcher")


class ShopDispatcher(Dispatcher):
    """Name the shop by its settings, so that a changed address needs no change of the database."""

    def get_base_context(self, **kwargs: Any) -> dict[str, Any]:
        domain = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
        return super().get_base_context(**kwargs) | {"site": Site(domain=domain, name=settings.SHOP_NAME)}


class CustomerDispatcher(utils.CustomerDispatcher):
    """Send what Oscar sends, from this shop."""

    def __init__(self, logger: Any = None, mail_connection: Any = None) -> None:
        self.dispatcher = ShopDispatcher(logger=logger, mail_connection=mail_connection)
