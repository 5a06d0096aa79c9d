"""manage.py start_due_imports: look into the folders of the regular imports that are due."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog_import.schedules.services import start_due_imports


class Command(BaseCommand):
    help = "Take new files of regular imports that are due, and have them planned. Safe to run at any time."

    def handle(self, *args, **options):
        started = start_due_imports(now=timezone.now())
        self.stdout.write(f"{len(started)} regular import(s) begun.")
