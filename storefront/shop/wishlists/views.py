"""A list that was shared, as whoever has its link sees it: without the owner's name or address."""

from typing import Any

from django.views.generic import DetailView
from oscar.apps.wishlists import views

from storefront.shop.wishlists.wishes import read_wishes


class WishListView(views.WishListView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, wishes = read_wishes(
            wishlist=self.object,
            page_number=self.request.GET.get("page"),
            strategy=self.request.strategy,
        )
        return DetailView.get_context_data(self, page_obj=page, paginator=page.paginator, wishes=wishes)
