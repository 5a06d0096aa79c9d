"""manage.py forget_consent_choices: delete choices that nobody needs to prove any more."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.consent.services import forget_old_choices


class Command(BaseCommand):
    help = "Delete the log of consent that is older than three years."

    def handle(self, *args, **options):
        print(f"{forget_old_choices(now=timezone.now())} choices forgotten.")
