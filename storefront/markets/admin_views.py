"""The back office's screens of this app that do more than save a form."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic

from storefront.markets.errors import MarketsError
from storefront.markets.models import MarketPrice
from storefront.markets.services.prices import end_price, set_price
from storefront.markets.services.vat_ids import correct_vat_check


class ProductListView(generic.IndexView):
    """A list of rows that name a product, read in one query."""

    joins: tuple[str, ...] = ("product__parent",)

    def get_base_queryset(self):
        return super().get_base_queryset().select_related(*self.joins)


class PriceListView(ProductListView):
    """A list of rows that name a product and a market."""

    joins = ("product__parent", "market")


class CategoryListView(ProductListView):
    """A list of rows that name a category."""

    joins = ("category",)


class _RefusesInTheForm:
    """Show what a service refuses beside the form's other errors."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except MarketsError as error:
            form.add_error(None, ValidationError(str(error)))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class _SetsPrice(_RefusesInTheForm):
    def save_instance(self):
        now = timezone.now()
        price = self.form.instance
        begins = price.valid_from if price.valid_from and price.valid_from > now else None
        set_price(
            product=price.product,
            market=price.market,
            amount=price.amount,
            list_price=price.list_price,
            valid_from=begins,
            valid_until=price.valid_until,
            source=f"back office: {self.request.user.pk}",
            now=now,
        )
        return (
            MarketPrice.objects.filter(
                product=price.product, market=price.market, is_temporary=price.valid_until is not None
            )
            .order_by("-valid_from", "-pk")
            .first()
        )


class SetPriceView(_SetsPrice, generic.CreateView):
    """Set a price."""

    page_title = _("Set a price")


class ChangePriceView(_SetsPrice, generic.EditView):
    """Set another price in the place of one; what held so far stays in the history."""


class EndPriceView(generic.DeleteView):
    """End a price now."""

    page_title = _("End this price")

    @property
    def confirmation_message(self):
        return _("End this price now? Without another price the product is no longer offered in this market.")

    def delete_action(self):
        end_price(price=self.object, now=timezone.now())


class CorrectCheckView(_RefusesInTheForm, generic.EditView):
    """Correct the answer on a VAT id."""

    def save_instance(self):
        return correct_vat_check(
            check=self.object,
            answer=self.form.cleaned_data["corrected_answer"],
            reason=self.form.cleaned_data["correction_reason"],
            by=self.request.user,
            now=timezone.now(),
        )
