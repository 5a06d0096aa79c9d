"""The forms of a wish list: its name and who sees it, and how many of something are wished for."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.wishlists import forms
from oscar.apps.wishlists.forms import WishListSharedEmailForm  # noqa: F401 - found here
from oscar.core.loading import get_model

Line = get_model("wishlists", "Line")
WishList = get_model("wishlists", "WishList")

MOST_WISHED = 10_000


class WishListForm(forms.WishListForm):
    """Oscar's form in plain words; lists shared with single accounts are not offered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["name"] = ""
        self.fields["name"].label = _("Name of the list")
        self.fields["visibility"].label = _("Who sees it")
        self.fields["visibility"].choices = [
            (WishList.PRIVATE, _("Only you")),
            (WishList.PUBLIC, _("Everybody who has its link")),
        ]


class WishListLineForm(forms.WishListLineForm):
    """How many of a product."""

    quantity = django_forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST_WISHED)

    class Meta:
        model = Line
        fields = ("quantity",)
