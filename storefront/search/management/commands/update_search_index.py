"""manage.py update_search_index: bring the product search in step with the catalogue."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.search.indexing import update_index


class Command(BaseCommand):
    help = "Index the products that changed, for lists and searches. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="Index every product anew.")

    def handle(self, *args, **options):
        count = update_index(now=timezone.now(), everything=options["all"])
        if options["verbosity"] > 1 or options["all"]:
            self.stdout.write(f"Products indexed: {count}")
