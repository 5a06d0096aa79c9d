"""manage.py record_price_changes: what the clock changed goes into the price history."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.markets.services.prices import record_due_changes


class Command(BaseCommand):
    help = "Record prices that began or ended as planned. Safe to run at any time; run it hourly."

    def handle(self, *args, **options):
        recorded = record_due_changes(now=timezone.now())
        if recorded:
            self.stdout.write(f"Recorded {recorded} price change(s).")
