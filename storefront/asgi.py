"""The ASGI entry for the web server."""

import os

from django.core.asgi import get_asgi_application

from storefront.page_cache.release import release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.production")
application = get_asgi_application()
release()  # of the files that run, before others can take their place
