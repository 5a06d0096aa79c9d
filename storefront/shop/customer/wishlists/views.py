"""A customer's wish lists. Nothing is written by following a link: whatever changes a list is a form that is posted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import CreateView, TemplateView, UpdateView, View
from oscar.apps.customer.wishlists import views
from oscar.core.loading import get_class, get_model

from storefront.markets.selectors.titles import titles_for
from storefront.shop.wishlists.wishes import put_on_list, read_wishes

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")
WishListForm = get_class("wishlists.forms", "WishListForm")
WishList = get_model("wishlists", "WishList")


class _OwnPage(PageTitleMixin):
    """A page of the account about wish lists."""

    active_tab = "wishlists"


class WishListListView(views.WishListListView):
    """All lists of the customer."""

    page_title = gettext_lazy("Your wish lists")

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().annotate(line_count=Count("lines")).order_by("-date_created", "-pk")


class WishListDetailView(_OwnPage, TemplateView):
    """One list: what stands on it, to put in the basket, move or remove."""

    template_name = "oscar/customer/wishlists/wishlists_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.wishlist = _own_list(self.request, self.kwargs["key"])
        page, wishes = read_wishes(
            wishlist=self.wishlist,
            page_number=self.request.GET.get("page"),
            strategy=self.request.strategy,
        )
        return super().get_context_data(
            wishlist=self.wishlist,
            page_obj=page,
            paginator=page.paginator,
            wishes=wishes,
            others=list(self.request.user.wishlists.exclude(pk=self.wishlist.pk).order_by("name", "pk")),
            shared_url=self.request.build_absolute_uri(self.wishlist.get_shared_url()),
        )

    def get_page_title(self) -> str:
        return self.wishlist.name


class _Form(_OwnPage):
    """The form of a list's name and who sees it."""

    model = WishList
    form_class = WishListForm
    template_name = "oscar/customer/wishlists/wishlists_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_success_url(self) -> str:
        return reverse("customer:wishlists-detail", kwargs={"key": self.object.key})


class WishListCreateView(_Form, CreateView):
    """A new list."""

    page_title = gettext_lazy("New wish list")


class WishListUpdateView(_Form, UpdateView):
    """A list the customer has."""

    page_title = gettext_lazy("Change the wish list")
    context_object_name = "wishlist"

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        return _own_list(self.request, self.kwargs["key"])


class WishListDeleteView(views.WishListDeleteView):
    """Asks first."""

    def get_page_title(self) -> str:
        return _("Delete the wish list")

    def get_success_url(self) -> str:
        messages.success(self.request, _("“%(name)s” is deleted.") % {"name": self.object.name})
        return reverse("customer:wishlists-list")


class WishListAddProduct(_OwnPage, TemplateView):
    """Put a product on a list: a page that asks on which, and the form's answer."""

    template_name = "oscar/customer/wishlists/wishlists_add.html"
    page_title = gettext_lazy("Save to a wish list")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = _public_product(kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = self.request.user.wishlists.order_by("-date_created", "-pk")
        return super().get_context_data(product=self.product, wishlists=list(lists))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("wishlist") or kwargs.get("key")
        wishlist, is_new = put_on_list(
            user=request.user, product=self.product, wishlist=_own_list(request, key) if key else None
        )
        words = {"title": _title(self.product), "name": wishlist.name}
        if is_new:
            messages.success(request, _("“%(title)s” is on your list “%(name)s”.") % words)
        else:
            messages.info(request, _("“%(title)s” is on your list “%(name)s” already.") % words)
        return redirect(self.product.get_absolute_url())


class WishListRemoveProduct(views.WishListRemoveProduct):
    """Take a product off a list; a form on the page does it at once."""

    http_method_names = ["post"]

    def get_success_url(self) -> str:
        words = {"title": _title(self.product) or self.line.title, "name": self.wishlist.name}
        messages.success(self.request, _("“%(title)s” is off your list “%(name)s”.") % words)
        return self.wishlist.get_absolute_url()


class WishListMoveProductToAnotherWishList(views.LineMixin, View):
    """Move a line to another list of the customer; what stands there already is not there twice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, line_pk: int, to_key: str) -> HttpResponse:
        self.fetch_line(request.user, key, line_pk=line_pk)
        target = _own_list(request, to_key)
        words = {"title": _title(self.product) or self.line.title, "name": target.name}
        if target.pk != self.wishlist.pk:
            if self.product is not None:
                put_on_list(user=request.user, product=self.product, wishlist=target)
                self.line.delete()
            else:
                self.line.wishlist = target
                self.line.save(update_fields=["wishlist"])
        messages.success(request, _("“%(title)s” is on your list “%(name)s”.") % words)
        return redirect(self.wishlist.get_absolute_url())


class WishListButtonView(View):
    """The button of a product page for a customer who is signed in; nothing for anybody else. Kept nowhere."""

    def get(self, request: HttpRequest, product_pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            response = HttpResponse(status=204)
        else:
            wishlist = request.user.wishlists.filter(lines__product=product_pk).order_by("pk").first()
            response = render(
                request,
                "oscar/catalogue/partials/wish_button.html",
                {"product_pk": product_pk, "wishlist": wishlist},
            )
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _title(product: Any) -> str:
    """Return the title in the customer's language; nothing for a product that is gone."""
    language = get_language() or settings.LANGUAGE_CODE
    return titles_for(products=[product], language=language)[product.pk] if product else ""


def _own_list(request: HttpRequest, key: str) -> Any:
    owner = request.user.pk if request.user.is_authenticated else None
    return get_object_or_404(WishList, owner=owner, key=key)


def _public_product(pk: int) -> Any:
    products = get_model("catalogue", "Product").objects.public().exclude(parent__is_public=False)
    return get_object_or_404(products.select_related("parent"), pk=pk)
