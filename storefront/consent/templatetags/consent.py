"""What pages print of the choice: the services by purpose, nothing while there are none."""

from dataclasses import dataclass

from django import template
from django.utils.translation import ngettext

from storefront.consent.models import Purpose
from storefront.consent.remembered import ServiceInUse, services_in_use

register = template.Library()


@dataclass(frozen=True)
class PurposeInUse:
    """A purpose with the services that serve it."""

    code: str
    label: str
    services: tuple[ServiceInUse, ...]


@register.simple_tag
def consent_purposes() -> list[PurposeInUse]:
    """Return the purposes that some service in use serves."""
    services = services_in_use()
    purposes = (
        PurposeInUse(code, str(label), tuple(each for each in services if each.purpose == code))
        for code, label in Purpose.choices
    )
    return [purpose for purpose in purposes if purpose.services]


@register.simple_tag
def consent_services() -> list[dict[str, str]]:
    """Return the services as a browser needs them to load one."""
    return [
        {"purpose": each.purpose, "script": each.script, "key": each.site_key} for each in services_in_use()
    ]


@register.filter
def kept_for(days: int) -> str:
    """Return how long something is kept in the largest unit that is even: days, months of thirty days, or years."""
    if days % 365 == 0:
        return ngettext("kept for %(number)d year", "kept for %(number)d years", days // 365) % {
            "number": days // 365
        }
    if days % 30 == 0:
        return ngettext("kept for %(number)d month", "kept for %(number)d months", days // 30) % {
            "number": days // 30
        }
    return ngettext("kept for %(number)d day", "kept for %(number)d days", days) % {"number": days}
