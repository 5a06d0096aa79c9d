"""The countries an address can name."""

from babel import Locale
from django.db import transaction
from oscar.core.loading import get_model

Country = get_model("address", "Country")

SHIPPING_COUNTRIES = ("US", "DE", "GB", "FR", "IT", "ES", "JP")
# CLDR lists these beside the countries of ISO 3166-1.
_NOT_IN_ISO_3166 = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


def ensure_countries() -> int:
    """Add the ISO 3166-1 countries that are missing and return how many; what the merchant changed stays."""
    names = Locale("en").territories
    codes = [code for code in names if len(code) == 2 and code.isalpha() and code not in _NOT_IN_ISO_3166]
    with transaction.atomic():
        known = set(Country.objects.values_list("pk", flat=True))
        missing = [
            Country(
                iso_3166_1_a2=code,
                printable_name=names[code],
                name=names[code],
                is_shipping_country=code in SHIPPING_COUNTRIES,
                display_order=_display_order(code),
            )
            for code in sorted(codes)
            if code not in known
        ]
        Country.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _display_order(code: str) -> int:
    """Return Oscar's rank: the higher, the earlier in a list."""
    return len(SHIPPING_COUNTRIES) - SHIPPING_COUNTRIES.index(code) if code in SHIPPING_COUNTRIES else 0
