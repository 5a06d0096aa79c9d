"""Production's settings, with static files as they lie in the source: compressing them takes most of a minute."""

from storefront.settings.production import *  # noqa: F403
from storefront.settings.production import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
