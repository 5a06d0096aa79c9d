"""Fill a new shop with what it needs to open, or with the demo; running it again changes nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.crypto import get_random_string

from catalog_import.picture_sources import FolderPictures
from catalog_import.rights.models import BrandConfirmation
from catalog_import.rights.services import confirm_brand
from catalog_import.services import apply_import, was_imported
from storefront.accounts.services import ensure_staff_groups
from storefront.cms import services as pages
from storefront.markets.services.markets import ensure_markets
from storefront.payments.services.countries import ensure_countries
from storefront.product_facts.services import ensure_responsible
from storefront.search.indexing import update_index
from storefront.setup.demo_project import make_demo_project
from storefront.subsidies.services.programmes import load_shipped_programmes

DEMO_DATA_DIR = settings.BASE_DIR / "tests" / "data" / "demo_brand"
DEMO_MARKETPLACES = ("us", "de")
DEMO_BRANDS = ("Zellumo", "Fernowick")
DEMO_EXPORTS = (
    "listings/All_Listings_Report_{}.txt",
    "category_listings/*_{}.xlsx",
    "reports/FBA_MYI_Unsuppressed_Inventory_{}.txt",
)
# Names and addresses under .example and at "Musterstraße" belong to nobody.
DEMO_MAKER = {
    "name": "Zellumo Home & Garden Co., Ltd.",
    "address": "Building 4, Example Industrial Park\nShenzhen 518000\nChina",
    "email": "care@zellumo.example",
}
DEMO_EU_RESPONSIBLE = {
    "name": "Example Product Compliance GmbH",
    "address": "Musterstraße 1\n20457 Hamburg\nGermany",
    "email": "eu-rep@compliance.example",
}
DEMO_STORIES = "aplus/*.{}.*.json"
STAFF_EMAIL = "merchant@example.test"

Say = Callable[[str], None]


@dataclass(frozen=True)
class StaffAccount:
    """How to sign in to the back office; the password is empty once the merchant has chosen another."""

    email: str
    password: str


def prepare_shop(*, demo: bool, say: Say) -> StaffAccount:
    """Make pages, groups, countries, markets and a staff account; with `demo` also its catalogue and pages."""
    ensure_countries()
    ensure_markets()
    ensure_staff_groups()
    load_shipped_programmes()
    if demo and (not has_products() or was_imported(DEMO_MARKETPLACES[0])):
        _import_demo_catalogue(say=say)
    say("search index")
    update_index(now=timezone.now())
    say("pages")
    if demo:
        pages.create_demo_pages(company=DEMO_MAKER["name"])
    else:
        pages.create_first_pages(shop_name=settings.SHOP_NAME)
    account = ensure_staff_account()
    if demo:
        say("a subsidy project half way, with a year of fictional orders")
        merchant = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
        make_demo_project(by=merchant, now=timezone.now())
    return account


def has_products() -> bool:
    """Say whether the catalogue has any product."""
    return apps.get_model("catalogue", "Product").objects.exists()


def ensure_staff_account() -> StaffAccount:
    """Return the first staff account, made with a random password that is kept in a private file."""
    user_model = get_user_model()
    password_file = Path(settings.VAR_DIR) / "staff-password"
    if not user_model.objects.filter(is_superuser=True).exists():
        password_file.parent.mkdir(parents=True, exist_ok=True)
        password = get_random_string(16)
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="utf-8")
        user_model.objects.create_superuser(email=STAFF_EMAIL, password=password)
    password = password_file.read_text(encoding="utf-8") if password_file.exists() else ""
    first = user_model.objects.filter(email=STAFF_EMAIL).first()
    is_still_right = bool(password and first and first.check_password(password))
    return StaffAccount(email=STAFF_EMAIL, password=password if is_still_right else "")


def _import_demo_catalogue(*, say: Say) -> None:
    """Import the demo's export of each marketplace that was not imported yet; pictures they share are made once."""
    pictures = FolderPictures(DEMO_DATA_DIR / "images", workers=os.cpu_count() or 1)
    for brand in DEMO_BRANDS:
        confirm_brand(name=brand, basis=BrandConfirmation.Basis.OWN, now=timezone.now())
    say(f"the fictional brands {' and '.join(DEMO_BRANDS)} are confirmed as the demo merchant's own")
    if not was_imported(DEMO_MARKETPLACES[0]):
        for market in apps.get_model("markets", "Market").objects.filter(sells_all_stock=False):
            market.sells_all_stock = True
            market.save()
        say("Amazon ships the demo's orders: what lies in its warehouses is sold, too")
    for marketplace in DEMO_MARKETPLACES:
        if was_imported(marketplace):
            continue
        country = marketplace.upper()
        patterns = [*(each.format(country) for each in DEMO_EXPORTS), DEMO_STORIES.format(marketplace)]
        paths = [path for pattern in patterns for path in sorted(DEMO_DATA_DIR.glob(pattern))]
        say(f"importing {len(paths)} files of a fictional brand's export from Amazon {country}")
        report = apply_import(
            paths=paths,
            marketplace=marketplace,
            pictures=pictures,
            now=timezone.now(),
            progress=_in_quarters(say),
        )
        counts = report.counts
        say(f"{counts['create']} products created, {counts['update']} updated, {counts['problem']} problems")
    roots = apps.get_model("catalogue", "Product").objects.filter(parent=None)
    ensure_responsible(
        manufacturer=DEMO_MAKER,
        eu_responsible=DEMO_EU_RESPONSIBLE,
        product_ids=roots.values_list("pk", flat=True),
    )


def _in_quarters(say: Say) -> Callable[[str, int, int], None]:
    """Return a progress callback that speaks at each quarter of a step."""
    spoken: set[tuple[str, int]] = set()

    def report(step: str, done: int, total: int) -> None:
        quarter = done * 4 // total if total else 0
        if quarter and (step, quarter) not in spoken:
            spoken.add((step, quarter))
            say(f"{step} {done} of {total}")

    return report
