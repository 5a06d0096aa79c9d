"""A shop on the Internet: everything from the environment; a missing value stops the start with a sentence."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.base import *  # noqa: F403
from storefront.settings.base import DEMO, STRIPE_SECRET_KEY, STRIPE_STANDIN, VAR_DIR, env


def required(name: str, *, purpose: str) -> str:
    """Return the environment's value for `name`, or the content of the file named by `name`_FILE."""
    file = env(f"{name}_FILE", default="")
    value = Path(file).read_text(encoding="utf-8").strip() if file else env(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. It is {purpose}. Set it in the environment (or {name}_FILE to a file "
            "that holds it) and start again; .env.example lists every value."
        )
    return value


DEBUG = False
SECRET_KEY = required("SECRET_KEY", purpose="the key that signs sessions: 50 random characters")
SHOP_DOMAIN = env("SHOP_DOMAIN", default="")
SHOP_URL = (
    f"https://{SHOP_DOMAIN}"
    if SHOP_DOMAIN
    else required("SHOP_URL", purpose="the shop's public address, such as https://shop.example")
)
WAGTAILADMIN_BASE_URL = SHOP_URL
_address = urlsplit(SHOP_URL)
OSCAR_URL_SCHEMA = _address.scheme
# 127.0.0.1 and localhost: the container's own health check.
ALLOWED_HOSTS = [_address.hostname or "", "127.0.0.1", "localhost", *env.list("EXTRA_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

DATABASES = {
    "default": env.db_url_config(
        required("DATABASE_URL", purpose="the database, such as postgres://shop:password@db:5432/shop")
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "storefront.postgresql"
if env.bool("DATABASE_PREPARE", default=True):  # plans that stay with a connection
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 1

CACHES = {
    "default": {
        "BACKEND": "storefront.page_cache.redis_cache.RedisCache",
        "LOCATION": required("REDIS_URL", purpose="the cache, such as redis://redis:6379/0"),
    }
}
INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env("OUTBOX", default="/srv/outbox")

FILE_UPLOAD_TEMP_DIR = env("FILE_UPLOAD_TEMP_DIR", default=None)
MEDIA_ROOT = Path(env("MEDIA_ROOT", default="/srv/media"))
STATIC_ROOT = Path(env("STATIC_ROOT", default="/srv/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "evidence", "base_url": None},
    },
    "staticfiles": {"BACKEND": "storefront.theming.staticfiles.BundledStaticFilesStorage"},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
_is_https = _address.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OSCAR_BASKET_COOKIE_SECURE = _is_https
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0

# A demo without keys of Stripe's pays at the stand-in that docker-compose.yml runs and Caddy serves under /_stripe.
if DEMO and not STRIPE_SECRET_KEY:
    STRIPE_STANDIN = True
    STRIPE_SECRET_KEY = "sk_test_standin"  # noqa: S105
    STRIPE_PUBLISHABLE_KEY = "pk_test_standin"
    STRIPE_WEBHOOK_SECRETS = ["whsec_standin"]
    STRIPE_API_BASE = "http://standin:8420"
    STRIPE_JS_URL = "/_stripe/v3/"

if STRIPE_STANDIN and _is_https and _address.hostname not in ("localhost", "127.0.0.1"):
    raise ImproperlyConfigured(
        "Payments would be pretended, but SHOP_URL is a public address: nobody could pay. Set DEMO=0 and "
        "STRIPE_STANDIN=0, and set STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRETS."
    )
