"""Oscar's account pages where they need other data, another door or a safer method."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView
from oscar.apps.customer import views
from oscar.core.loading import get_class

from storefront.payments.selectors import parcels_of
from storefront.shop.checkout.address_forms import LabelledByCountry
from storefront.shop.checkout.terms import market_of

from .orders import OrderView, view_order, view_orders, with_lines
from .reviews import describe_reviews, own_reviews, waiting_for_review

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")
UserAddressForm = get_class("address.forms", "UserAddressForm")


def _with_parcels(order: Any) -> OrderView:
    return view_order(order, today=timezone.localdate(), parcels=parcels_of(order))


class AccountAuthView(views.AccountAuthView):
    """Whoever works here goes on to the back office after signing in, customers to their account."""

    def get_login_success_url(self, form: Any) -> str:
        if form.cleaned_data["redirect_url"]:
            return form.cleaned_data["redirect_url"]
        if self.request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_success_url(form)


class OrderHistoryView(views.OrderHistoryView):
    """The customer's orders, newest first, in the same number of queries for one and for twenty."""

    page_title = _("Your orders")

    def get_queryset(self) -> QuerySet:
        return with_lines(super().get_queryset()).order_by("-date_placed", "-pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        return context | {"order_views": view_orders(context["orders"], today=timezone.localdate())}


class OrderDetailView(views.OrderDetailView):
    """One order of the signed-in customer; anybody else's is not found."""

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        orders = with_lines(self.model.objects.filter(user=self.request.user))
        return get_object_or_404(orders, number=self.kwargs["order_number"])

    def get_page_title(self) -> str:
        return _("Order %(number)s") % {"number": self.object.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"order_view": _with_parcels(self.object)}


class AddressForm(LabelledByCountry, UserAddressForm):
    """An address with the checkout's words in the checkout's order, at first for the market's main country."""

    def __init__(self, *args: Any, market: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if market:
            self.initial.setdefault("country", market.main_country)
        if not self.instance.line3:
            del self.fields["line3"]
        self.follow_country(self.fields["country"].queryset)
        self.order_fields(
            ["country", "first_name", "last_name", "line1", "line2", "line3", "postcode", "line4"]
        )


class _AsAtCheckout:
    form_class = AddressForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "market": market_of(self.request)}


class AddressCreateView(_AsAtCheckout, views.AddressCreateView):
    """A new address of the customer."""


class AddressUpdateView(_AsAtCheckout, views.AddressUpdateView):
    """An address the customer has."""


class AddressListView(views.AddressListView):
    """The customer's addresses."""

    page_title = _("Your addresses")


class ProfileView(views.ProfileView):
    """The customer's name and email address."""

    page_title = _("Your details")


class ProfileUpdateView(views.ProfileUpdateView):
    """The same, to change."""

    page_title = _("Edit your details")


class ChangePasswordView(views.ChangePasswordView):
    """Another password."""

    page_title = _("Change password")


class AddressChangeStatusView(views.AddressChangeStatusView):
    """Only a form of ours changes an address, never a link somebody else made."""

    http_method_names = ["post"]


class OwnReviewsView(PageTitleMixin, ListView):
    """What the customer wrote, each with its state, and what they may review."""

    template_name = "oscar/customer/reviews.html"
    active_tab = "reviews"
    page_title = _("Your reviews")
    paginate_by = 20

    def get_queryset(self) -> QuerySet:
        return own_reviews(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "own_reviews": describe_reviews(context["page_obj"]),
            "waiting": waiting_for_review(self.request.user),
        }


class AnonymousOrderDetailView(views.AnonymousOrderDetailView):
    """A guest's order: the signed link and the e-mail address it was placed with, both."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = with_lines(self.model.objects.filter(pk=self.object.pk)).get()
        return super().get_context_data(**kwargs) | {"order_view": _with_parcels(order)}
