"""The stock project for a web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.stock_oscar.settings")
application = get_wsgi_application()
