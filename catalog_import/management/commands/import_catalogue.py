"""Reads an exported catalogue back."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog_import.errors import CatalogImportError
from catalog_import.services.restoring import import_catalogue

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2


class Command(BaseCommand):
    """Makes products or changes them to what the file says. Exit code 0 done, 1 with problems, 2 refused."""

    help = "Read a catalogue that export_catalogue wrote (jsonl, csv or xlsx) into this shop."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--pictures",
            type=Path,
            nargs="*",
            default=[],
            metavar="PATH",
            help="Folders, zip archives or files with the pictures; whatever they are called.",
        )

    def handle(self, *, file, pictures, **options):
        try:
            restored = import_catalogue(file, pictures=pictures, now=timezone.now())
        except CatalogImportError as error:
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        self.stdout.write(
            f"{restored.created} created, {restored.changed} changed, {restored.unchanged} unchanged"
        )
        for sku, text in restored.problems:
            self.stderr.write(f"{sku}: {text}")
        if restored.problems:
            sys.exit(DONE_WITH_PROBLEMS)
