"""`manage.py check` reads the theme's colours: what shoppers could not read is a warning."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from storefront.theming.tokens import faint_pairs, theme_tokens


@register("theming")
def check_contrast(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return a warning for every pair of colours of the theme that is too faint."""
    light, dark = theme_tokens(settings.THEME)
    faint = [*faint_pairs(light, is_dark=False), *faint_pairs(dark, is_dark=True)]
    return [
        Warning(
            f"The theme {settings.THEME.name} has a pair of colours that is hard to read: {pair}.",
            hint=f"Change one of them in {settings.THEME.folders[0] / 'static/css/theme.css'}.",
            id="theming.W001",
        )
        for pair in faint
    ]
