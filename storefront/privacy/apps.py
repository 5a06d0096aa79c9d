"""The app: pages of the account, no tables of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "storefront.privacy"
    verbose_name = _("personal data")
