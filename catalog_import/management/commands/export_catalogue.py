"""Writes the catalogue in an open format."""

import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog_import.open_format import FORMATS
from catalog_import.services.exporting import export_catalogue


class Command(BaseCommand):
    """One object a product, sorted by SKU; the same catalogue gives the same bytes."""

    help = "Write the whole catalogue as jsonl, csv or xlsx, to a file or to standard output."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=FORMATS, help="By default the file's ending, else jsonl.")
        parser.add_argument("--output", type=Path, metavar="FILE", help="By default standard output.")
        parser.add_argument(
            "--with-amazon", action="store_true", help="Add what was last imported of each Amazon listing."
        )

    def handle(self, *, format, output, with_amazon, **options):
        ending = output.suffix.lstrip(".").lower() if output else ""
        format = format or (ending if ending in FORMATS else "jsonl")
        part = output and output.with_name(f"{output.name}.part")
        try:
            with part.open("wb") if part else nullcontext(sys.stdout.buffer) as stream:
                count = export_catalogue(stream, format=format, now=timezone.now(), with_amazon=with_amazon)
            if part:
                part.replace(output)
        except (OSError, ValueError) as error:
            if part:
                part.unlink(missing_ok=True)
            raise CommandError(str(error)) from error
        self.stderr.write(f"{count} products")
