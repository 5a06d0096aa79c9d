"""The review replies app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewRepliesConfig(AppConfig):
    name = "storefront.review_replies"
    label = "review_replies"
    verbose_name = _("Replies to reviews")
    default_auto_field = "django.db.models.BigAutoField"
