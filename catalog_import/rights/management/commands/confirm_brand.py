"""manage.py confirm_brand: say on the command line that brands are the merchant's own, or list those that wait."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog_import.rights.models import BrandConfirmation
from catalog_import.rights.selectors import list_brands
from catalog_import.rights.services import confirm_brand


class Command(BaseCommand):
    help = "Confirm that you may sell under brands, with their texts and pictures. Without a name: list the brands."

    def add_arguments(self, parser):
        parser.add_argument("brands", nargs="*", metavar="BRAND")
        parser.add_argument(
            "--permission", action="store_true", help="You are not the owner but have the owner's permission."
        )

    def handle(self, *, brands, permission, **options):
        Basis = BrandConfirmation.Basis
        for name in brands:
            basis = Basis.PERMISSION if permission else Basis.OWN
            shown = confirm_brand(name=name, basis=basis, now=timezone.now())
            self.stdout.write(f"{name} is confirmed; {shown} products are shown now.")
        for brand in list_brands() if not brands else ():
            state = "confirmed" if brand.confirmation else f"not confirmed, {brand.held} hidden"
            self.stdout.write(f"{brand.name}: {brand.products} products, {state}")
