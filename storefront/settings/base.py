"""What every environment shares. Nothing here is a secret and nothing here knows where it runs."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403 - Oscar reads its settings by name

from storefront.theming.themes import read_theme

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

SHOP_NAME = env("SHOP_NAME", default="Storefront")
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "storefront.setup",
    "catalog_import",
    "catalog_import.back_office",
    "catalog_import.rights",
    "catalog_import.schedules",
    "catalog_import.stories",
    "storefront.privacy",
    "storefront.subsidies",
    "storefront.payments",
    "storefront.tender",
    "storefront.cms",
    "storefront.newsletter",
    "storefront.stock_alerts",
    "storefront.consent",
    "storefront.withdrawals",
    "storefront.search",
    "storefront.compliance",
    "storefront.markets",
    "storefront.evidence",
    "storefront.product_facts",
    "storefront.review_replies",
    "storefront.accounts",
    "storefront.theming",
    "storefront.page_cache",
    "storefront.shop.dashboard.apps.DashboardConfig",  # before Wagtail and Oscar: its templates win
    # Wagtail: the pages and the one back office
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    # Django; no django.contrib.admin: Wagtail's is the only back office
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "django.contrib.flatpages",
    # Oscar: the shop. Ours under storefront.shop, the rest as it comes
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "storefront.shop.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "storefront.shop.shipping.apps.ShippingConfig",
    "storefront.shop.catalogue.apps.CatalogueConfig",
    "storefront.shop.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "storefront.shop.partner.apps.PartnerConfig",
    "storefront.shop.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "storefront.shop.order.apps.OrderConfig",
    "storefront.shop.customer.apps.CustomerConfig",
    "storefront.shop.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "storefront.shop.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
]

# A fork that changes behaviour only borrows Oscar's migrations.
MIGRATION_MODULES = {
    "basket": "oscar.apps.basket.migrations",
    "catalogue": "oscar.apps.catalogue.migrations",
    "customer": "oscar.apps.customer.migrations",
    "order": "oscar.apps.order.migrations",
    "partner": "oscar.apps.partner.migrations",
    "reviews": "oscar.apps.catalogue.reviews.migrations",
    "shipping": "oscar.apps.shipping.migrations",
    "wishlists": "oscar.apps.wishlists.migrations",
}

MIDDLEWARE = [
    "storefront.page_cache.middleware.PageCacheMiddleware",  # before all: a kept page needs none of the others
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.consent.middleware.AllowServicesMiddleware",  # adds to what the next one sets
    "storefront.theming.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront.markets.middleware.EditionMiddleware",  # in LocaleMiddleware's place
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"
ASGI_APPLICATION = "storefront.asgi.application"

# A theme is templates, static files and tokens; `base` is under every other.
THEMES_DIR = BASE_DIR / "themes"
STOREFRONT_THEME = env("STOREFRONT_THEME", default="base")
THEME = read_theme(STOREFRONT_THEME, themes_folder=THEMES_DIR)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": THEME.template_folders,
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
                "storefront.theming.context_processors.shop",
            ],
        },
    },
]

STATICFILES_DIRS = THEME.static_folders
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
IMPORTS_ROOT = VAR_DIR / "imports"  # uploaded Amazon files: never served
IMPORTS_INBOX = Path(env("IMPORTS_INBOX", default=str(VAR_DIR / "inbox")))  # files for regular imports
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
SERVE_MEDIA = False  # a web server in front does it

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "customer:login"
LOGIN_REDIRECT_URL = "customer:summary"

LANGUAGE_CODE = "en"
# What editions may speak, and zh-hans for staff. Where a language has no catalogue, shoppers read English.
LANGUAGES = [
    ("en", _("English")),
    ("en-gb", _("British English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("es", _("Spanish")),
    ("ja", _("Japanese")),
    ("zh-hans", _("Simplified Chinese")),
]
LOCALE_PATHS = [BASE_DIR / "storefront" / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [  # en-gb reads the English pages
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("es", "Español"),
    ("ja", "日本語"),
]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_TZ = True
TIME_ZONE = "UTC"

# Whole pages are kept for visitors without any of these cookies. A CDN in front may keep them for CDN_SECONDS: so
# long may a change take to be seen there, unless it is told of changes at CDN_PURGE_URL.
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)
PARTS_KEPT_SECONDS = 10  # how long a process keeps menus and the like without asking the cache
PAGE_CACHE_LOOK_SECONDS = 1  # how often a process looks for what was changed with SQL by hand
CDN_SECONDS = env.int("CDN_SECONDS", default=0)
CDN_PURGE_URL = env("CDN_PURGE_URL", default="")
CDN_PURGE_TOKEN = env("CDN_PURGE_TOKEN", default="")
CDN_PURGE_FORMAT = env("CDN_PURGE_FORMAT", default="fastly")  # or cloudflare
EDITION_COOKIE = "edition"
PERSONAL_COOKIES = ("sessionid", "basket", "messages")

SITE_ID = 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

WAGTAIL_SITE_NAME = SHOP_NAME
WAGTAILADMIN_BASE_URL = env("SHOP_URL", default="http://127.0.0.1:8000")
OSCAR_URL_SCHEMA = WAGTAILADMIN_BASE_URL.partition(":")[0]
WAGTAIL_WORKFLOW_ENABLED = False  # a small team publishes; nobody waits for a moderator
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "txt", "xlsx", "zip"]

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

OSCAR_SHOP_NAME = SHOP_NAME
OSCAR_SHOP_TAGLINE = ""
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "USD"
OSCAR_THUMBNAILER = "storefront.theming.thumbnails.Thumbnailer"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_GUEST_CHECKOUT_WITH_ACCOUNT = True
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "last_name", "line1", "line4", "postcode", "country")
OSCAR_FROM_EMAIL = env("MAIL_FROM", default="shop@example.test")
DEFAULT_FROM_EMAIL = OSCAR_FROM_EMAIL
OSCAR_EAGER_ALERTS = False
OSCAR_OFFER_ROUNDING_FUNCTION = "storefront.shop.basket.discounts.round_discount"
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_BASKET_COOKIE_OPEN = "basket"

# Order and line statuses, and the moves between them. Codes; the words people read are in the templates.
OSCAR_INITIAL_ORDER_STATUS = "Awaiting payment"
OSCAR_INITIAL_LINE_STATUS = "Awaiting payment"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Awaiting payment": ("Authorised", "Paid", "Cancelled"),
    "Authorised": ("Paid", "Shipped", "Cancelled"),
    "Paid": ("Shipped", "Cancelled"),
    "Shipped": (),
    "Cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}

# Stripe. With a secret key of Stripe's the shop talks to Stripe; the stand-in is named by its own address.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
STRIPE_API_BASE = env("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_JS_URL = env("STRIPE_JS_URL", default="https://js.stripe.com/clover/stripe.js")
STRIPE_TIMEOUT_SECONDS = env.int("STRIPE_TIMEOUT_SECONDS", default=10)
STRIPE_RETRIES = env.int("STRIPE_RETRIES", default=2)
# Apple Pay, Google Pay, Link and the like on basket and product page, as Stripe's dashboard offers them.
STRIPE_EXPRESS_WALLETS = env.bool("STRIPE_EXPRESS_WALLETS", default=True)
STRIPE_STANDIN = env.bool("STRIPE_STANDIN", default=False)
ORDER_NUMBER_PREFIX = env("ORDER_NUMBER_PREFIX", default="SK-")
PAYMENT_EXPIRY_MINUTES = env.int("PAYMENT_EXPIRY_MINUTES", default=60)

# Tax by our own table of rates, or everything by Stripe Tax; VAT ids are asked of the Commission's VIES.
TAX_PROVIDER = env("TAX_PROVIDER", default="table")
VIES_BASE_URL = env("VIES_BASE_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api")
VIES_TIMEOUT_SECONDS = env.int("VIES_TIMEOUT_SECONDS", default=5)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"storefront": {"level": "INFO"}, "catalog_import": {"level": "INFO"}},
}
