"""manage.py send_stock_alerts: tell everybody whose product can be bought again."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.stock_alerts.services import send_due_alerts


class Command(BaseCommand):
    help = "Mail everybody who waits for a product that can be bought again, each once."

    def handle(self, *args, **options):
        print(f"{send_due_alerts(now=timezone.now())} people told that their product is there.")
