"""manage.py forget_newsletter_wishes: delete addresses that the shop has no reason to keep."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.newsletter.services import forget_old_wishes


class Command(BaseCommand):
    help = "Delete newsletter wishes that were never confirmed, and proofs that are no longer needed."

    def handle(self, *args, **options):
        print(f"{forget_old_wishes(now=timezone.now())} newsletter addresses forgotten.")
