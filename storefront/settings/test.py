"""The suite's shop: the embedded defaults, in memory, with fast password hashing."""

import tempfile
from pathlib import Path

from storefront.settings.dev import *  # noqa: F403
from storefront.settings.dev import DATABASES, SQLITE_OPTIONS, STORAGES

DEBUG = False
PAGE_CACHE = False  # its own tests turn it on
SECRET_KEY = "for tests only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="storefront-test-media-"))
IMPORTS_ROOT = Path(tempfile.mkdtemp(prefix="storefront-test-imports-"))
STORAGES["evidence"]["OPTIONS"]["location"] = Path(tempfile.mkdtemp(prefix="storefront-test-evidence-"))
ALLOWED_HOSTS = ["*"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {**SQLITE_OPTIONS}
STRIPE_SECRET_KEY = "sk_test_standin"  # noqa: S105
STRIPE_PUBLISHABLE_KEY = "pk_test_standin"
STRIPE_WEBHOOK_SECRETS = ["whsec_test_standin"]
STRIPE_API_BASE = "http://127.0.0.1:1"  # nothing answers there: a test that pays names its own stand-in
STRIPE_JS_URL = "http://127.0.0.1:1/v3/"
STRIPE_STANDIN = True
PARTS_KEPT_SECONDS = 0  # what a test changes is never committed, so nobody announces it
