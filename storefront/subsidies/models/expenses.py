"""What was spent: bills as printed, their papers and payments, and which programme each part is claimed under."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

FAPIAO_ELECTRONIC, FAPIAO_PAPER, FOREIGN = "fapiao_e", "fapiao_paper", "foreign"
BILL_KINDS = (FAPIAO_ELECTRONIC, FAPIAO_PAPER, FOREIGN)
CONTRACT, INVOICE, ACCEPTANCE, OTHER = "contract", "invoice", "acceptance", "other"
PAPER_ROLES = (CONTRACT, INVOICE, ACCEPTANCE, OTHER)
BANK, COMPANY_CARD, PERSONAL_CARD, CASH = "bank", "company_card", "personal_card", "cash"
PAYMENT_METHODS = (BANK, COMPANY_CARD, PERSONAL_CARD, CASH)
RED_LETTER, REFUND, REBATE = "red_letter", "refund", "rebate"
CREDIT_KINDS = (RED_LETTER, REFUND, REBATE)


class Expense(models.Model):
    """One bill, as it is printed. Its key is unique in the whole house: a bill is entered once and shared out."""

    entity = models.ForeignKey("subsidies.LegalEntity", on_delete=models.PROTECT, related_name="expenses")
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=20, blank=True)  # 发票代码; a fully digital fapiao has none
    number = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    vendor = models.CharField(max_length=200)
    vendor_country = models.CharField(max_length=2, default="CN")
    is_related_vendor = models.BooleanField(default=False)
    buyer = models.CharField(max_length=200)  # 抬头
    subject = models.CharField(max_length=300)
    sites_named = models.CharField(max_length=300, blank=True)
    invoice_date = models.DateField()
    service_from = models.DateField(null=True, blank=True)
    service_to = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    gross = models.DecimalField(max_digits=14, decimal_places=2)  # 价税合计
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    rate_date = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["invoice_date", "pk"]
        constraints = [
            models.CheckConstraint(name="expense_kind_is_known", condition=Q(kind__in=BILL_KINDS)),
            models.CheckConstraint(
                name="expense_is_positive", condition=Q(gross__gt=0, tax__gte=0, tax__lt=F("gross"))
            ),
            models.CheckConstraint(
                name="expense_service_is_forward",
                condition=Q(service_from=None) | Q(service_to=None) | Q(service_to__gte=F("service_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.vendor} {self.number}"

    @property
    def reference(self) -> str:
        return f"X-{self.pk:04d}"

    @property
    def net(self):
        """不含税金额."""
        return self.gross - self.tax


class ExpensePaper(models.Model):
    """A file that belongs to a bill: the contract, the invoice itself, what was delivered."""

    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="papers")
    role = models.CharField(max_length=12)
    version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["expense", "pk"]
        constraints = [
            models.UniqueConstraint(name="expense_paper_once", fields=["expense", "role", "version"]),
            models.CheckConstraint(name="expense_paper_role_is_known", condition=Q(role__in=PAPER_ROLES)),
        ]

    def __str__(self) -> str:
        return f"{self.expense.reference} {self.role}"


class ExpensePayment(models.Model):
    """Money that left for a bill, by whom, and the bank's slip."""

    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="payments")
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    settled_cny = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    payer = models.CharField(max_length=200)
    method = models.CharField(max_length=16, default=BANK)
    bank_reference = models.CharField(max_length=80, blank=True)
    slip = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["expense", "paid_on", "pk"]
        constraints = [
            models.CheckConstraint(name="expense_payment_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="expense_payment_method_is_known", condition=Q(method__in=PAYMENT_METHODS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expense.reference} {self.paid_on} {self.amount}"


class ExpenseCredit(models.Model):
    """Money the vendor gave back: a red-letter fapiao, a refund, a coupon or rebate."""

    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="credits")
    kind = models.CharField(max_length=12)
    dated = models.DateField()
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    paper = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["expense", "dated", "pk"]
        constraints = [
            models.CheckConstraint(name="expense_credit_is_positive", condition=Q(gross__gt=0, tax__gte=0)),
            models.CheckConstraint(name="expense_credit_kind_is_known", condition=Q(kind__in=CREDIT_KINDS)),
        ]

    def __str__(self) -> str:
        return f"{self.expense.reference} −{self.gross}"


class Allocation(models.Model):
    """The part of a bill that is claimed in one project, under one line of its call."""

    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="allocations")
    project = models.ForeignKey("subsidies.Project", on_delete=models.PROTECT, related_name="allocations")
    line = models.CharField(max_length=40)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    claimed = models.DecimalField(max_digits=14, decimal_places=2)  # CNY, at most what is eligible

    class Meta:
        ordering = ["project", "expense__invoice_date", "pk"]
        constraints = [
            models.UniqueConstraint(name="expense_once_in_a_project", fields=["expense", "project"]),
            models.CheckConstraint(name="allocation_is_a_part", condition=Q(percent__gt=0, percent__lte=100)),
            models.CheckConstraint(name="allocation_claim_is_not_negative", condition=Q(claimed__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.expense.reference} {self.percent} %: {self.claimed}"


class PriorFunding(models.Model):
    """An earlier grant that the applicant states in this application, ours or one from elsewhere."""

    project = models.ForeignKey("subsidies.Project", on_delete=models.CASCADE, related_name="prior_fundings")
    other = models.ForeignKey(
        "subsidies.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    description = models.CharField(max_length=300)

    class Meta:
        ordering = ["project", "pk"]

    def __str__(self) -> str:
        return self.description


class ReportedFigure(models.Model):
    """A figure as told to somebody: in the form, in the accounts, to the statistics bureau, to the tax office."""

    FORM, ACCOUNTS, STATISTICS, TAX = "form", "accounts", "statistics", "tax"

    project = models.ForeignKey(
        "subsidies.Project", on_delete=models.CASCADE, related_name="reported_figures"
    )
    told_to = models.CharField(max_length=12)
    what = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    evidence = models.ForeignKey(
        "evidence.EvidenceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["project", "what", "pk"]
        constraints = [
            models.UniqueConstraint(name="figure_told_once", fields=["project", "told_to", "what"])
        ]

    def __str__(self) -> str:
        return f"{self.told_to} {self.what}: {self.amount} {self.currency}"


class GrantUse(models.Model):
    """How a receipt was booked apart, and what it was spent on (专款专用, 单独核算)."""

    receipt = models.ForeignKey("subsidies.Receipt", on_delete=models.PROTECT, related_name="uses")
    account = models.CharField(max_length=100)
    booked_on = models.DateField()
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    expense = models.ForeignKey(
        Expense, on_delete=models.PROTECT, null=True, blank=True, related_name="grant_uses"
    )

    class Meta:
        ordering = ["receipt", "booked_on", "pk"]

    def __str__(self) -> str:
        return f"{self.account}: {self.spent}"
