"""Oscar's pages of reviews: read by everybody, written by who bought the product."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.forms import RadioSelect
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.apps.catalogue.reviews import views
from oscar.apps.catalogue.reviews.views import AddVoteView  # noqa: F401 - Oscar looks for its views here

from storefront.review_replies.selectors import with_replies
from storefront.shop.catalogue.buyer_reviews import SCORES, count_scores, verified_reviews


class CreateProductReview(views.CreateProductReview):
    """A review by a customer who paid for the product, once each."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            messages.info(request, _("Sign in to review what you bought."))
            return redirect_to_login(request.path)
        product = get_object_or_404(self.product_model, pk=kwargs["product_pk"], is_public=True)
        if product.is_child:
            return redirect("catalogue:reviews-add", product.parent.slug, product.parent_id)
        if not product.is_review_permitted(request.user):
            if product.has_review_by(request.user):
                messages.info(request, _("You have reviewed this product already."))
            else:
                messages.warning(
                    request, _("Only customers whose order of this product was paid can review it.")
                )
            return redirect(product.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        """Ask in words of ours; Oscar's scores begin at 0, which the shop's stars do not show."""
        form = super().get_form(form_class)
        form.fields["body"].label = _("Your review")
        score = form.fields["score"]
        score.widget = RadioSelect()
        score.choices = [
            (stars, ngettext("%(stars)s star", "%(stars)s stars", stars) % {"stars": stars})
            for stars in reversed(SCORES)
        ]
        return form

    def get_success_url(self) -> str:
        messages.success(self.request, _("Thank you. Your review appears once we have read it."))
        return self.product.get_absolute_url()


class ProductReviewDetail(views.ProductReviewDetail):
    def get_queryset(self) -> QuerySet:
        return with_replies(verified_reviews([self.kwargs["product_pk"]]))


class ProductReviewList(views.ProductReviewList):
    def get_queryset(self) -> QuerySet:
        """Return the reviews in Oscar's order, each by a buyer; those with the address's score, if it has one."""
        rows = super().get_queryset()
        rows = rows.filter(pk__in=verified_reviews([self.kwargs["product_pk"]]).values("pk"))
        if self.score:
            rows = rows.filter(score=self.score)
        rows = rows.order_by(*rows.query.order_by, "-date_created", "-pk")
        return with_replies(rows).select_related("user")

    @property
    def score(self) -> int | None:
        """The score asked for, None for all."""
        asked = self.request.GET.get("score", "")
        return int(asked) if asked in map(str, SCORES) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scores = count_scores(self.kwargs["product_pk"])
        total = sum(each.count for each in scores)
        return super().get_context_data(scores=scores, score=self.score, total=total, **kwargs)
