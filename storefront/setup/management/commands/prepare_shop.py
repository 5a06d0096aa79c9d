"""manage.py prepare_shop: what a new shop needs before it opens."""

from django.core.management.base import BaseCommand

from storefront.setup.services import prepare_shop


class Command(BaseCommand):
    help = "Make the first pages, staff groups, countries and a staff account. Safe to run again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo", action="store_true", help="Also import the demo catalogue and its pages."
        )

    def handle(self, *args, demo, **options):
        account = prepare_shop(demo=demo, say=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"Back office: /admin/  e-mail {account.email}")
        self.stdout.write(
            f"Password: {account.password}" if account.password else "Password: the one you chose."
        )
