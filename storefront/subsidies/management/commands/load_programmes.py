"""manage.py load_programmes: load the programmes that come with the shop, or those of YAML files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from storefront.subsidies.errors import SubsidiesError
from storefront.subsidies.services.programmes import load_programmes, load_shipped_programmes


class Command(BaseCommand):
    help = "Load subsidy programmes; calls that are known by their code stay as they are."

    def add_arguments(self, parser):
        parser.add_argument(
            "files", nargs="*", type=Path, help="YAML files; without one, the shipped programmes."
        )

    def handle(self, *args, files, **options):
        try:
            new = sum(load_programmes(path) for path in files) if files else load_shipped_programmes()
        except (SubsidiesError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{new} new call(s).")
