"""The way back to an order without an account: the address it was placed with, and a mail to it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView

from storefront.payments import services
from storefront.theming.origins import comes_from_own_page


class FindOrderForm(forms.Form):
    """The address an order was placed with."""

    email = forms.EmailField(
        label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@method_decorator(csrf_exempt, name="dispatch")
class FindOrderView(FormView):
    """Ask for the address. The answer is the same whether there are orders or not."""

    form_class = FindOrderForm
    template_name = "oscar/customer/find_order.html"
    success_url = reverse_lazy("customer:find-order-asked")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        services.ask_for_order_links(email=form.cleaned_data["email"], now=timezone.now())
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LinksAskedView(TemplateView):
    """What happens next."""

    template_name = "oscar/customer/find_order_asked.html"
