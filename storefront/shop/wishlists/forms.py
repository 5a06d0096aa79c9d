"""The form of a wish list: its name, and who sees it."""

from django.utils.translation import gettext_lazy as _
from oscar.apps.wishlists import forms
from oscar.apps.wishlists.forms import WishListLineForm, WishListSharedEmailForm  # noqa: F401 - found here
from oscar.core.loading import get_model

WishList = get_model("wishlists", "WishList")


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
