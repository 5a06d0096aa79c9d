"""The WSGI entry for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from storefront.page_cache.release import release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.production")
application = get_wsgi_application()
release()  # of the files that run, before others can take their place
gc.freeze()  # a worker that looks for garbage leaves alone what it shares with the others (gunicorn --preload)
# A page makes thousands of objects and few cycles: to look for some at each 700 took up to a tenth of its time.
gc.set_threshold(10_000)
