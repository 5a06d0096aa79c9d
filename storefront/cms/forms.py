"""The form of a content page: the markets it is for are ticked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from storefront.markets.models import Market


class ContentPageForm(WagtailAdminPageForm):
    """Offers every market that the shop has; what is kept is the list of their codes."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "only_in" in self.fields:
            self.fields["only_in"] = forms.MultipleChoiceField(
                label=_("Markets"),
                required=False,
                choices=list(Market.objects.order_by("position", "code").values_list("code", "name")),
                initial=self.instance.only_in,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None ticked: the page is in the menus of every market."),
            )
