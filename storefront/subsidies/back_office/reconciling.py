"""What banks and customs say, taken in from their files, and how the shop's orders compare with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse

from storefront.evidence.models import EvidenceVersion
from storefront.subsidies.back_office.forms import WordedForm
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import BankLine, CustomsLine, LegalEntity, ProjectWork
from storefront.subsidies.selectors.reconciliation import latest_reconciliation
from storefront.subsidies.services.projects import editable_project
from storefront.subsidies.services.statements import Imported, import_bank_statement, import_customs_list
from storefront.subsidies.speech import say

_SHOWN_ORIGINALS = 12
_SHARES = ("K16", "K17", "K19")
_SAID_PROBLEMS = 20


class BankForm(WordedForm):
    """A bank statement: whose account it is, and the currency where the file names none."""

    holder = forms.ModelChoiceField(queryset=None)
    account = forms.CharField(max_length=60)
    currency = forms.RegexField(r"^[A-Za-z]{3}$", max_length=3, initial="USD")
    file = forms.FileField()

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["holder"].queryset = LegalEntity.objects.filter(group=group).order_by("name_zh", "pk")


class CustomsForm(WordedForm):
    """A customs list."""

    file = forms.FileField()


def originals_of(group: str) -> list[EvidenceVersion]:
    """Return the latest statements and lists that were taken in, the newest first; two queries."""
    keys = {
        *BankLine.objects.filter(entity__group=group)
        .order_by()
        .values_list("statement", flat=True)
        .distinct(),
        *CustomsLine.objects.filter(group=group).order_by().values_list("listing", flat=True).distinct(),
    }
    found = EvidenceVersion.objects.filter(pk__in=keys).select_related("evidence")
    return list(found.order_by("-pk")[:_SHOWN_ORIGINALS])


class ReconciliationPage(ProjectPage):
    """The latest comparison by level and class of difference; statements are uploaded beside it."""

    url_name = "subsidies_reconciliation"
    template_name = "subsidies/admin/reconciliation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.project.entity.group
        span = {"lines": Count("pk"), "first": Min("booked_on"), "last": Max("booked_on")}
        accounts = (
            BankLine.objects.filter(entity__group=group)
            .values("entity__name_zh", "account", "currency")
            .annotate(**span)
            .order_by("entity__name_zh", "account", "currency")
        )
        found = latest_reconciliation(self.project)
        return super().get_context_data(
            found=found,
            shares=[(say(f"kpi.{code}"), found.share(code)) for code in _SHARES] if found else [],
            accounts=accounts,
            originals=originals_of(group),
            customs=CustomsLine.objects.filter(group=group).aggregate(
                lines=Count("pk"), first=Min("declared_on"), last=Max("declared_on")
            ),
            bank_form=BankForm(group=group, initial={"holder": self.project.entity_id}),
            customs_form=CustomsForm(auto_id=False),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have everything compared anew, or take a file in."""
        if request.POST.get("do") == "reconcile":
            return self.begin(ProjectWork.RECONCILIATION)
        return super().post(request, *args, **kwargs)

    def act(self) -> str:
        editable_project(self.project, by=self.request.user)
        ways = {"bank": self._bank, "customs": self._customs}
        way = ways.get(self.request.POST.get("do", ""))
        if way is None:
            raise EntryRefused(say("refused.form"))
        taken = way()
        for sentence in taken.sentences()[:_SAID_PROBLEMS]:
            messages.warning(self.request, sentence)
        return say("done.statement", new=taken.new, known=taken.known, left_out=taken.problem_count)

    def _bank(self) -> Imported:
        data = valid(BankForm(self.request.POST, self.request.FILES, group=self.project.entity.group))
        return import_bank_statement(
            statement=self.keep(data["file"], title=data["file"].name, kind="bank_statement"),
            entity=data["holder"],
            account=data["account"],
            currency=data["currency"].upper(),
            by=self.request.user,
            now=self.now,
        )

    def _customs(self) -> Imported:
        data = valid(CustomsForm(self.request.POST, self.request.FILES))
        return import_customs_list(
            listing=self.keep(data["file"], title=data["file"].name, kind="customs_list"),
            group=self.project.entity.group,
            by=self.request.user,
            now=self.now,
        )
