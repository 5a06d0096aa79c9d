"""Every entry of the back office's menu shows the icon it names."""

import pytest
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.admin.menu import admin_menu

pytestmark = pytest.mark.django_db


def entries(menu):
    for item in menu.registered_menu_items:
        yield item
        if submenu := getattr(item, "menu", None):
            yield from entries(submenu)


def test_every_icon_of_the_menu_exists():
    reverse("wagtailadmin_home")  # registers what only the addresses know
    drawn = get_icons()

    named = {str(item.label): item.icon_name for item in entries(admin_menu) if item.icon_name}

    assert len(named) > 20
    assert {label: icon for label, icon in named.items() if f'id="icon-{icon}"' not in drawn} == {}
