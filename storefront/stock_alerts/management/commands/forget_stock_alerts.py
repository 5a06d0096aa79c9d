"""manage.py forget_stock_alerts: delete addresses that the shop has no reason to keep."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.stock_alerts.services import forget_old_alerts


class Command(BaseCommand):
    help = "Delete back-in-stock alerts that were never confirmed, are long told, or waited a year."

    def handle(self, *args, **options):
        print(f"{forget_old_alerts(now=timezone.now())} back-in-stock alerts forgotten.")
