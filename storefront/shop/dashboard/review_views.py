"""Oscar's page of one review, with the shop's reply to it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.reviews import forms as review_forms
from oscar.apps.dashboard.reviews import views

from storefront.review_replies.selectors import find_reply
from storefront.review_replies.services import write_reply


class ReviewForm(review_forms.DashboardProductReviewForm):
    """Whether a review is shown, and what the shop replies."""

    reply = forms.CharField(
        label=_("Reply of the shop"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Shown under the review in the shop's name, as it is written here. Empty: no reply."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reply"].initial = find_reply(self.instance.pk)


class ReviewUpdateView(views.ReviewUpdateView):
    form_class = ReviewForm

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        response = super().form_valid(form)
        write_reply(review_id=self.object.pk, body=form.cleaned_data["reply"], now=timezone.now())
        return response
