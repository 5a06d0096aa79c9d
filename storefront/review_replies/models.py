"""One reply to a review, beside Oscar's own table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reply(models.Model):
    """What the shop answers to one review, in its own name."""

    review = models.OneToOneField(
        "reviews.ProductReview", on_delete=models.CASCADE, related_name="shop_reply", verbose_name=_("review")
    )
    body = models.TextField(_("reply"))
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("reply to a review")
        verbose_name_plural = _("replies to reviews")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:80]
