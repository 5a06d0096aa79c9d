"""The forms around a bill: what is printed on it, its papers, payments and credits, and the part that is claimed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from storefront.subsidies.back_office.forms import WordedForm
from storefront.subsidies.bills import BillEntry
from storefront.subsidies.models import Expense, Project
from storefront.subsidies.models import expenses as choices
from storefront.subsidies.selectors.expenses import lines_of
from storefront.subsidies.speech import say
from storefront.subsidies.words import all_words

CENT = Decimal("0.01")


def date_field(*, required: bool = True) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(
        required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def money_field(*, required: bool = True, least: Decimal = CENT) -> forms.DecimalField:
    """Return a field for a sum with two decimal places."""
    return forms.DecimalField(required=required, max_digits=14, decimal_places=2, min_value=least)


def worded(prefix: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return codes with their words, for a select."""
    return [(code, say(f"{prefix}.{code}")) for code in codes]


class BillForm(WordedForm):
    """What is printed on a bill."""

    helps = ("kind", "code", "number", "buyer", "service_from", "gross", "is_related_vendor", "sites_named")
    words = {"kind": "bill_kind", "code": "bill_code", "percent": "share"}

    kind = forms.ChoiceField()
    number = forms.CharField(max_length=60)
    code = forms.CharField(max_length=20, required=False)
    vendor = forms.CharField(max_length=200)
    vendor_country = forms.CharField(max_length=2, min_length=2, initial="CN")
    buyer = forms.CharField(max_length=200)
    subject = forms.CharField(max_length=300)
    invoice_date = date_field()
    service_from = date_field(required=False)
    service_to = date_field(required=False)
    currency = forms.CharField(max_length=3, min_length=3, initial="CNY")
    gross = money_field()
    tax = money_field(required=False, least=Decimal(0))
    sites_named = forms.CharField(max_length=300, required=False)
    is_related_vendor = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = worded("kind", choices.BILL_KINDS)

    @property
    def bill(self) -> BillEntry:
        """The bill as plain data; only of a valid form."""
        data = {name: self.cleaned_data[name] for name in BillForm.base_fields}
        data["tax"] = data["tax"] or Decimal(0)
        data["currency"], data["vendor_country"] = data["currency"].upper(), data["vendor_country"].upper()
        return BillEntry(**data)


class NewBillForm(BillForm):
    """A bill with its invoice, claimed in a project at once."""

    line = forms.ChoiceField()
    percent = forms.DecimalField(max_digits=7, decimal_places=4, initial=100)
    file = forms.FileField(required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(line, line_name(line)) for line in lines_of(project.call)]
        self.fields["buyer"].initial = project.entity.name_zh
        self.fields["sites_named"].initial = project.site.domain


class PaperForm(WordedForm):
    """A file that belongs to the bill."""

    paper_role = forms.ChoiceField()
    file = forms.FileField()
    is_copy = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper_role"].choices = worded("paper", choices.PAPER_ROLES)


class PaymentForm(WordedForm):
    """Money that left for the bill."""

    helps = ("payer", "settled_cny")

    paid_on = date_field()
    paid_amount = money_field()
    payer = forms.CharField(max_length=200)
    method = forms.ChoiceField()
    bank_reference = forms.CharField(max_length=80, required=False)
    settled_cny = money_field(required=False)
    slip = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = worded("method", choices.PAYMENT_METHODS)


class CreditForm(WordedForm):
    """Money the vendor gave back."""

    credit_kind = forms.ChoiceField()
    dated = date_field()
    credit_gross = money_field()
    credit_tax = money_field(required=False, least=Decimal(0))
    file = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credit_kind"].choices = worded("credit", choices.CREDIT_KINDS)


class ClaimForm(WordedForm):
    """How much of what is eligible is claimed."""

    claimed = money_field(least=Decimal(0))


class ShareForm(WordedForm):
    """Which part of the bill is claimed under which line of which project."""

    helps = ("share_under",)
    words = {"percent": "share"}

    share_under = forms.ChoiceField()
    percent = forms.DecimalField(max_digits=7, decimal_places=4, initial=100)

    def __init__(self, *args: Any, projects: Iterable[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {
            f"{project.pk}-{line}": (project, line) for project in projects for line in lines_of(project.call)
        }
        self.fields["share_under"].choices = [
            (key, f"{project.title} · {line_name(line)}") for key, (project, line) in self.targets.items()
        ]

    @property
    def target(self) -> tuple[Project, str]:
        """The project and the line that were chosen; only of a valid form."""
        return self.targets[self.cleaned_data["share_under"]]


class DropForm(WordedForm):
    """Why a bill is claimed no longer."""

    reason = forms.CharField(max_length=500)


def line_name(line: str) -> str:
    """Return a line's word, or its code where a call brought a line of its own."""
    return say(f"line.{line}") if f"line.{line}" in all_words() else line


def bill_initial(expense: Expense) -> dict[str, Any]:
    """Return what a bill's form starts with when it is corrected."""
    return {name: getattr(expense, name) for name in BillForm.base_fields}
