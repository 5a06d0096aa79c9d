"""What the company says of its own sales: orders that do not count, and the brands it owns."""

from typing import Any

from django import forms

from storefront.subsidies.back_office.forms import WordedForm
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.facts.exclusions import MARKED_BY, MARKED_REASONS
from storefront.subsidies.models import OwnBrand, SaleMark
from storefront.subsidies.services.marks import mark_sales, set_own_brand
from storefront.subsidies.services.projects import editable_project
from storefront.subsidies.speech import say

_SHOWN_MARKS = 200


class MarkForm(WordedForm):
    """Orders that are left out of every figure."""

    helps = ("mark_value",)

    mark_field = forms.ChoiceField()
    mark_value = forms.CharField(max_length=300)
    mark_reason = forms.ChoiceField()
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["mark_field"].choices = [(code, say(f"mark.{code}")) for code in MARKED_BY]
        self.fields["mark_reason"].choices = [(code, say(f"excluded.{code}")) for code in MARKED_REASONS]


class BrandForm(WordedForm):
    """A brand of the group, with its trademark."""

    helps = ("brand_name", "trademark")

    brand_name = forms.CharField(max_length=100)
    owned_from = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    trademark = forms.FileField(required=False)


class MarksPage(ProjectPage):
    """Marks and brands of the applicant's group: they hold for every project of it."""

    url_name = "subsidies_marks"
    template_name = "subsidies/admin/marks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.project.entity.group
        marks = SaleMark.objects.filter(group=group).select_related("marked_by").order_by("-pk")
        brands = OwnBrand.objects.filter(group=group).select_related("trademark").order_by("name", "pk")
        return super().get_context_data(
            marks=marks[:_SHOWN_MARKS],
            mark_count=marks.count(),
            brands=brands,
            mark_form=MarkForm(),
            brand_form=BrandForm(auto_id=False),
            **kwargs,
        )

    def act(self) -> str:
        editable_project(self.project, by=self.request.user)
        ways = {"mark": self._mark, "brand": self._brand}
        way = ways.get(self.request.POST.get("do", ""))
        if way is None:
            raise EntryRefused(say("refused.form"))
        return way()

    def _mark(self) -> str:
        data = valid(MarkForm(self.request.POST))
        mark = mark_sales(
            group=self.project.entity.group,
            field=data["mark_field"],
            value=data["mark_value"],
            reason=data["mark_reason"],
            note=data["note"],
            by=self.request.user,
            now=self.now,
        )
        return say("done.marked", value=mark.value)

    def _brand(self) -> str:
        data = valid(BrandForm(self.request.POST, self.request.FILES))
        file, name = data["trademark"], data["brand_name"].strip()
        group = self.project.entity.group
        kept = OwnBrand.objects.filter(group=group, name=name).select_related("trademark").first()
        brand = set_own_brand(
            group=group,
            name=name,
            owned_from=data["owned_from"],
            trademark=self.keep(file, title=name, kind="trademark") if file else kept and kept.trademark,
            by=self.request.user,
            now=self.now,
        )
        return say("done.brand", name=brand.name)
