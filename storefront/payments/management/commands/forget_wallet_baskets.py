"""manage.py forget_wallet_baskets: delete the baskets of wallets' sheets that were opened and left."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.payments.services import forget_wallet_baskets


class Command(BaseCommand):
    help = "Delete the baskets that the wallet button of a product page made a day ago and that were not ordered."

    def handle(self, *args, **options):
        self.stdout.write(f"{forget_wallet_baskets(now=timezone.now())} wallets' baskets forgotten.")
