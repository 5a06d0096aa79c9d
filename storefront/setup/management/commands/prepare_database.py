"""manage.py prepare_database: create or migrate the database."""

from django.core.management.base import BaseCommand

from storefront.setup.database import prepare_database


class Command(BaseCommand):
    help = "Create the database from the snapshot, or migrate it. Safe to run again and by several at once."

    def handle(self, *args, **options):
        self.stdout.write(f"Database: {prepare_database()}.")
