"""A customer's wish lists. Nothing is written by following a link: whatever changes a list is a form that is posted.

The hearts of product cards are forms of pages that are kept for everybody and carry no cookie, hence no CSRF token.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView, TemplateView, UpdateView, View
from oscar.apps.customer.wishlists import views
from oscar.core.loading import get_class, get_model

from storefront.markets.selectors.titles import titles_for
from storefront.shop.checkout.summary import product_picture
from storefront.shop.wishlists.wishes import put_on_list, read_saved, read_wishes
from storefront.theming.origins import comes_from_own_page

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")
WishListForm = get_class("wishlists.forms", "WishListForm")
WishListLineForm = get_class("wishlists.forms", "WishListLineForm")
Line = get_model("wishlists", "Line")
WishList = get_model("wishlists", "WishList")

MAX_HEARTS = 100
MAX_PICTURES = 4


class _OwnPage(PageTitleMixin):
    """A page of the account about wish lists."""

    active_tab = "wishlists"


class WishListListView(views.WishListListView):
    """All lists of the customer, each with the pictures of what was saved first."""

    page_title = gettext_lazy("Your wish lists")

    def get_queryset(self) -> QuerySet:
        lines = Line.objects.select_related("product__parent").order_by("pk")
        lines = lines.prefetch_related("product__images", "product__parent__images")
        first = Prefetch("lines", queryset=lines[:MAX_PICTURES], to_attr="first_lines")
        lists = super().get_queryset().annotate(line_count=Count("lines")).prefetch_related(first)
        return lists.order_by("-date_created", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for wishlist in context["wishlists"]:
            wishlist.pictures = list(
                filter(None, (product_picture(line.product) for line in wishlist.first_lines))
            )
        return context


class WishListDetailView(_OwnPage, TemplateView):
    """One list: what stands on it and how many of it, to put in the basket, move or remove."""

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


@method_decorator(csrf_exempt, name="dispatch")
class WishListAddProduct(_OwnPage, TemplateView):
    """Put a product on a list: a page that asks on which, and the form's answer.

    A script asks for a `part` in place of the product's page: the heart of a card, or the button of the page.
    """

    template_name = "oscar/customer/wishlists/wishlists_add.html"
    page_title = gettext_lazy("Save to a wish list")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = _public_product(kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = self.request.user.wishlists.order_by("-date_created", "-pk")
        return super().get_context_data(product=self.product, wishlists=list(lists))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied(_("This form was sent from another site."))
        key = request.POST.get("wishlist") or kwargs.get("key")
        wishlist, is_new = put_on_list(
            user=request.user, product=self.product, wishlist=_own_list(request, key) if key else None
        )
        if part := request.POST.get("part"):
            return _answer(request, part=part, product_ids=[self.product.pk])
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
                put_on_list(
                    user=request.user,
                    product=self.product,
                    wishlist=target,
                    quantity=self.line.quantity,
                )
                self.line.delete()
            else:
                self.line.wishlist = target
                self.line.save(update_fields=["wishlist"])
        messages.success(request, _("“%(title)s” is on your list “%(name)s”.") % words)
        return redirect(self.wishlist.get_absolute_url())


class WishListLineView(views.LineMixin, View):
    """How many of a line's product are wished for; what is no such number changes nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, line_pk: int) -> HttpResponse:
        self.fetch_line(request.user, key, line_pk=line_pk)
        form = WishListLineForm(request.POST, instance=self.line)
        if form.is_valid():
            form.save()
        else:
            messages.error(request, " ".join(form.errors["quantity"]))
        page = request.POST.get("page", "")
        address = self.wishlist.get_absolute_url() + (f"?page={page}" if page.isdecimal() else "")
        return redirect(f"{address}#wish-{line_pk}")


class WishListButtonView(View):
    """The button of a product page for a customer who is signed in."""

    def get(self, request: HttpRequest, product_pk: int) -> HttpResponse:
        return _answer(request, part="button", product_ids=[product_pk])


class SavedProductsView(View):
    """The hearts of those products of a page, named as `?of=1,2`, that stand on a list of the customer's."""

    def get(self, request: HttpRequest) -> HttpResponse:
        named = request.GET.get("of", "").split(",")[:MAX_HEARTS]
        product_ids = [int(each) for each in named if each.isdecimal() and len(each) < 10]
        return _answer(request, part="heart", product_ids=product_ids)


def _answer(request: HttpRequest, *, part: str, product_ids: list[int]) -> HttpResponse:
    """Return a button or hearts for a customer who is signed in, nothing for anybody else. Kept nowhere."""
    if not request.user.is_authenticated:
        response = HttpResponse(status=204)
    else:
        saved = read_saved(user=request.user, product_ids=product_ids)
        context = {"saved": saved, "product_pk": product_ids[0] if product_ids else None}
        template = "hearts.html" if part == "heart" else "wish_button.html"
        response = render(request, f"oscar/catalogue/partials/{template}", context)
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
