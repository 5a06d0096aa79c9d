"""Form fields as the theme draws them, with what browsers and password managers need to fill them in."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

# HTML Living Standard, autofill field names; keys are the field names of Oscar's and Django's forms.
AUTOFILL = {
    "email": "email",
    "username": "username",
    "password": "current-password",
    "old_password": "current-password",
    "password1": "new-password",
    "password2": "new-password",
    "new_password1": "new-password",
    "new_password2": "new-password",
    "first_name": "given-name",
    "last_name": "family-name",
    "line1": "address-line1",
    "line2": "address-line2",
    "line3": "address-line3",
    "line4": "address-level2",
    "state": "address-level1",
    "postcode": "postal-code",
    "country": "country",
    "phone_number": "tel",
}

TEXTAREA_ROWS = 3

register = template.Library()


@register.simple_tag
def field_input(field: BoundField) -> SafeString:
    """Return the field's control in the theme's dress; Django names its hint and its errors to screen readers."""
    attributes = {}
    if field.widget_type not in ("checkbox", "radioselect", "checkboxselectmultiple"):
        attributes["class"] = "input"
    if field.widget_type == "textarea":
        attributes["rows"] = TEXTAREA_ROWS
    if field.name in AUTOFILL:
        attributes["autocomplete"] = AUTOFILL[field.name]
    return field.as_widget(attrs=attributes)
