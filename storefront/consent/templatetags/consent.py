"""What pages print of the choice: the services by purpose, nothing while there are none."""

from dataclasses import dataclass

from django import template

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
