"""Django's entry for the evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "storefront.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
