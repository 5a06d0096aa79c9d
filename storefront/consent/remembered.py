"""The services in use, as every page needs them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.apps import apps

from storefront.core.remembered import Remembered

_SECONDS = 10


@dataclass(frozen=True)
class ServiceInUse:
    """One service as the banner names it and a browser loads it."""

    name: str
    purpose: str
    provider: str
    script: str
    site_key: str
    kept_days: int | None

    @property
    def origin(self) -> str:
        """Where the script comes from: scheme and host."""
        parts = urlsplit(self.script)
        return f"{parts.scheme}://{parts.netloc}"


def _read() -> tuple[ServiceInUse, ...]:
    rows = apps.get_model("consent", "Service").objects.filter(is_enabled=True)
    found = rows.order_by("purpose", "name", "pk").values_list(
        "name", "purpose", "provider", "script", "site_key", "kept_days"
    )
    return tuple(ServiceInUse(*row) for row in found)


services_in_use: Remembered[tuple[ServiceInUse, ...]] = Remembered(_read, seconds=_SECONDS)
