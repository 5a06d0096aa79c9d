"""The tab of a project's expenses, and the page of one bill with everything that proves it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from storefront.evidence.models import EvidenceVersion
from storefront.subsidies import workflow
from storefront.subsidies.back_office import expense_forms
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.downloads import as_download
from storefront.subsidies.eligibility import Eligible
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.expense_sheet import SheetRefused
from storefront.subsidies.models import Allocation, Expense, Project, ProjectMember
from storefront.subsidies.models.expenses import INVOICE
from storefront.subsidies.objections import ERROR, Objection, find_objections
from storefront.subsidies.selectors.expenses import allocations_of, with_eligible
from storefront.subsidies.services import expenses as services
from storefront.subsidies.services.expense_sheets import enter_sheet, write_sheet
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class ShownBill:
    """A bill in the list: what is claimed of it, what counts, and what an auditor would object to."""

    allocation: Allocation
    eligible: Eligible
    errors: int
    warnings: int

    @property
    def verdict(self) -> str:
        """The colour of its row: missed with an error, near with a warning, met when approved, else open."""
        if self.errors:
            return "missed"
        if self.warnings:
            return "near"
        return "met" if self.allocation.expense.approved_at else "open"


class ExpensesPage(ProjectPage):
    """Every bill claimed, what of it counts, and the form for the next one."""

    url_name = "subsidies_expenses"
    template_name = "subsidies/admin/expenses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", expense_forms.NewBillForm(project=self.project))
        bills = shown_bills(self)
        return super().get_context_data(
            bills=bills,
            sums=sums_by_line(bills),
            claimed=sum((bill.allocation.claimed for bill in bills), Decimal(0)),
            eligible=sum((bill.eligible.amount for bill in bills), Decimal(0)),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter a bill or a workbook of them; what has mistakes comes back with each named."""
        if "sheet" in request.FILES:
            return self.take_sheet(request.FILES["sheet"])
        form = expense_forms.NewBillForm(request.POST, request.FILES, project=self.project)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, is_form_open=True), status=422)
        self.form = form
        return super().post(request, *args, **kwargs)

    def take_sheet(self, file: UploadedFile) -> HttpResponse:
        """Enter the bills of a workbook, all or none."""
        try:
            entered, known = enter_sheet(
                project=self.project, file=file, name=file.name or "", by=self.request.user, now=self.now
            )
        except SheetRefused as refusal:
            context = self.get_context_data(mistakes=refusal.mistakes)
            return self.render_to_response(context, status=422)
        messages.success(self.request, say("done.sheet", entered=entered, known=known))
        return HttpResponseRedirect(reverse(self.url_name, args=[self.project.pk]))

    def act(self) -> str:
        data = self.form.cleaned_data
        expense = services.enter_expense(
            project=self.project,
            bill=self.form.bill,
            line=data["line"],
            percent=data["percent"],
            by=self.request.user,
            now=self.now,
        )
        if data["file"]:
            version = self.keep(data["file"], title=f"{expense.vendor} {expense.number}", kind=INVOICE)
            services.add_paper(
                expense=expense, role=INVOICE, version=version, by=self.request.user, now=self.now
            )
        return say("done.bill", bill=expense)


class ExpenseSheet(ProjectPage):
    """The template for many bills, or the project's own bills, as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Send the workbook."""
        is_template = kwargs["what"] == "template"
        book = write_sheet(project=self.project, is_template=is_template, now=self.now)
        name = say("sheet.bills") if is_template else f"{self.project.title} {say('tab.expenses')}"
        return as_download(iter(lambda: book.read(65_536), b""), file_name=f"{name}.xlsx")


class ExpensePage(ProjectPage):
    """One bill: what is printed on it, what counts of it step by step, its papers, payments and credits."""

    url_name = "subsidies_expenses"
    template_name = "subsidies/admin/expense.html"

    @cached_property
    def allocation(self) -> Allocation:
        """What is claimed of the bill of the address in this project."""
        return get_object_or_404(allocations_of(self.project), expense_id=self.kwargs["expense_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expense = self.allocation.expense
        ((_, eligible),) = with_eligible([self.allocation])
        payer = {"payer": self.project.entity.name_zh}
        return super().get_context_data(
            allocation=self.allocation,
            expense=expense,
            line=expense_forms.line_name(self.allocation.line),
            eligible=eligible,
            objections=[
                one for one in find_objections(self.project, now=self.now) if one.about == expense.reference
            ],
            may_approve=workflow.CHECKER in self.roles
            and not expense.approved_at
            and expense.entered_by_id != self.request.user.pk,
            bill_form=expense_forms.BillForm(
                initial=expense_forms.bill_initial(expense), auto_id="change_%s"
            ),
            paper_form=expense_forms.PaperForm(auto_id="paper_%s"),
            payment_form=expense_forms.PaymentForm(initial=payer, auto_id="payment_%s"),
            credit_form=expense_forms.CreditForm(auto_id="credit_%s"),
            claim_form=expense_forms.ClaimForm(
                initial={"claimed": self.allocation.claimed}, auto_id="claim_%s"
            ),
            share_form=expense_forms.ShareForm(projects=self.targets, auto_id="share_%s"),
            drop_form=expense_forms.DropForm(auto_id="drop_%s"),
            **kwargs,
        )

    @property
    def targets(self) -> QuerySet[Project]:
        """The projects of the group in which the reader enters bills now, the one of the page first."""
        entered = ProjectMember.objects.filter(
            user=self.request.user, role__in=workflow.INCOMPATIBLE_WITH_CHECKER
        )
        here = Case(When(pk=self.project.pk, then=0), default=1)
        return (
            Project.objects.filter(
                entity__group=self.project.entity.group,
                state__in=workflow.EDITABLE_STATES,
                pk__in=entered.values("project"),
            )
            .select_related("call")
            .order_by(here, "pk")
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks; come back to the bill, or to the list when it is claimed no longer."""
        response = super().post(request, *args, **kwargs)
        if Allocation.objects.filter(pk=self.allocation.pk).exists():
            keys = [self.project.pk, self.kwargs["expense_id"]]
            return HttpResponseRedirect(reverse("subsidies_expense", args=keys))
        return response

    def act(self) -> str:
        step = getattr(self, f"do_{self.request.POST.get('do', '')}", None)
        if step is None:
            raise EntryRefused(say("refused.form"))
        return step(self.allocation.expense, {"by": self.request.user, "now": self.now})

    def filled(self, form: type[forms.Form]) -> dict[str, Any]:
        """Return what a form of the page holds; raises EntryRefused with its first mistake."""
        return valid(form(self.request.POST, self.request.FILES))

    def file_of(self, expense: Expense, file: Any, *, kind: str, **details: Any) -> EvidenceVersion | None:
        """Keep a file of the bill, where one was given."""
        title = f"{expense.vendor} {expense.number} {say(f'paper.{kind}')}"
        return self.keep(file, title=title, kind=kind, **details) if file else None

    def do_change(self, expense: Expense, act: dict[str, Any]) -> str:
        """Correct what is printed on the bill."""
        form = expense_forms.BillForm(self.request.POST)
        valid(form)
        services.change_expense(expense=expense, bill=form.bill, **act)
        return say("done.bill_changed")

    def do_paper(self, expense: Expense, act: dict[str, Any]) -> str:
        """Lay a file beside the bill."""
        data = self.filled(expense_forms.PaperForm)
        role = data["paper_role"]
        version = self.file_of(expense, data["file"], kind=role, is_original=not data["is_copy"])
        services.add_paper(expense=expense, role=role, version=version, **act)
        return say("done.attached", name=say(f"paper.{role}"), number=version)

    def do_payment(self, expense: Expense, act: dict[str, Any]) -> str:
        """Record a payment with its slip."""
        data = self.filled(expense_forms.PaymentForm)
        slip = self.file_of(expense, data.pop("slip"), kind="slip")
        services.add_payment(expense=expense, amount=data.pop("paid_amount"), slip=slip, **data, **act)
        return say("done.payment")

    def do_credit(self, expense: Expense, act: dict[str, Any]) -> str:
        """Record what the vendor gave back."""
        data = self.filled(expense_forms.CreditForm)
        services.add_credit(
            expense=expense,
            kind=data["credit_kind"],
            dated=data["dated"],
            gross=data["credit_gross"],
            tax=data["credit_tax"] or Decimal(0),
            paper=self.file_of(expense, data["file"], kind="other"),
            **act,
        )
        return say("done.credit")

    def do_claim(self, expense: Expense, act: dict[str, Any]) -> str:
        """Claim less than what is eligible."""
        claimed = self.filled(expense_forms.ClaimForm)["claimed"]
        services.set_claim_of(allocation=self.allocation, claimed=claimed, **act)
        return say("done.claim")

    def do_share(self, expense: Expense, act: dict[str, Any]) -> str:
        """Claim a part of the bill under a line of this or another project."""
        form = expense_forms.ShareForm(self.request.POST, projects=self.targets)
        percent = valid(form)["percent"]
        project, line = form.target
        services.share_expense(expense=expense, project=project, line=line, percent=percent, **act)
        return say("done.shared", bill=expense, project=project.title, percent=percent.normalize())

    def do_drop(self, expense: Expense, act: dict[str, Any]) -> str:
        """Claim the bill no longer in this project."""
        reason = self.filled(expense_forms.DropForm)["reason"]
        services.drop_allocation(allocation=self.allocation, reason=reason, **act)
        return say("done.dropped", bill=expense)

    def do_approve(self, expense: Expense, act: dict[str, Any]) -> str:
        """Record that the bill was compared with its papers by somebody else."""
        services.approve_expense(expense=expense, project=self.project, **act)
        return say("done.approved", bill=expense)


def shown_bills(page: ProjectPage) -> list[ShownBill]:
    """Return the bills of a project with what counts of each and what an auditor would object to."""
    found: dict[str, list[Objection]] = defaultdict(list)
    for objection in find_objections(page.project, now=page.now):
        found[objection.about].append(objection)
    bills = []
    for allocation, eligible in with_eligible(allocations_of(page.project)):
        against = found[allocation.expense.reference]
        errors = sum(one.severity == ERROR for one in against)
        bills.append(ShownBill(allocation, eligible, errors, len(against) - errors))
    return bills


def sums_by_line(bills: list[ShownBill]) -> list[tuple[str, Decimal]]:
    """Return what is claimed under each line of the call, by the line's word."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for bill in bills:
        sums[bill.allocation.line] += bill.allocation.claimed
    return [(expense_forms.line_name(line), amount) for line, amount in sorted(sums.items())]
