"""The screen on which the merchant says which brands they may sell under."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from catalog_import.back_office.access import CHANGE, LOOK, ImportScreen
from catalog_import.rights.models import BrandConfirmation
from catalog_import.rights.selectors import list_brands
from catalog_import.rights.services import confirm_brand, fold_brand, take_back_confirmation

RIGHTS_POLICY = ModelPermissionPolicy(BrandConfirmation)


class BrandsView(ImportScreen):
    """Every brand, how many of its products are shown or wait, and the confirmation."""

    permission_policy = RIGHTS_POLICY
    any_permission_required = [LOOK, CHANGE]
    page_title = gettext_lazy("Brands and rights")
    header_icon = "key"
    template_name = "amazon_import/brands.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "brands": list_brands(),
            "grounds": BrandConfirmation.Basis.choices,
            "may_confirm": self.user_has_permission(CHANGE),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission(CHANGE):
            messages.error(request, _("You may look at the brands, but not confirm one."))
            return redirect("catalog_import:brands")
        name = request.POST.get("brand", "")
        brand = next((each for each in list_brands() if fold_brand(each.name) == fold_brand(name)), None)
        if brand is None:
            messages.error(request, _("There is no such brand in your imports."))
        elif "take_back" in request.POST:
            self._take_back(brand)
        elif request.POST.get("basis") not in BrandConfirmation.Basis.values:
            messages.error(
                request,
                _("Say on what ground you may use the texts and pictures of %(brand)s.")
                % {"brand": brand.name},
            )
        else:
            self._confirm(brand, request.POST["basis"])
        return redirect("catalog_import:brands")

    def _confirm(self, brand: Any, basis: str) -> None:
        shown = confirm_brand(name=brand.name, basis=basis, by=self.request.user, now=timezone.now())
        confirmation = BrandConfirmation.objects.get(key=fold_brand(brand.name))
        log(instance=confirmation, action="brand_rights.confirm", data={"basis": basis})
        text = ngettext(
            "%(brand)s is confirmed; %(count)s product is shown now.",
            "%(brand)s is confirmed; %(count)s products are shown now.",
            shown,
        )
        messages.success(self.request, text % {"brand": brand.name, "count": shown})

    def _take_back(self, brand: Any) -> None:
        if brand.confirmation is not None:
            log(instance=brand.confirmation, action="brand_rights.take_back")
            take_back_confirmation(name=brand.name)
        messages.success(
            self.request,
            _("%(brand)s is not confirmed any more; its products are hidden.") % {"brand": brand.name},
        )
