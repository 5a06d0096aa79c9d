"""A call of a programme: its windows, conditions, papers and sums, all of it data and none of it in code."""

from django.db import models
from django.db.models import F, Q

from storefront.subsidies.speech import say, say_lazy


class CallStatus(models.TextChoices):
    HISTORICAL = "historical"
    DRAFT = "draft"
    OPEN = "open"


class Call(models.Model):
    """One year's call. Never called current by us: whoever applies confirms each clause against the notice."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    authority_zh = models.CharField(max_length=200)
    level = models.CharField(max_length=12)  # central, province, city, district
    status = models.CharField(max_length=12, choices=CallStatus.choices)
    source_url = models.URLField(max_length=500, blank=True)
    source_grade = models.CharField(max_length=4)
    verified_on = models.DateField(null=True, blank=True)
    # Days in Asia/Shanghai, both included, as notices write them.
    measure_from = models.DateField()
    measure_to = models.DateField()
    cost_from = models.DateField(null=True, blank=True)
    cost_to = models.DateField(null=True, blank=True)
    online_open = models.DateTimeField(null=True, blank=True)
    online_close = models.DateTimeField(null=True, blank=True)
    paper_close = models.DateTimeField(null=True, blank=True)
    award = models.JSONField(default=dict)
    overlap_policy = models.CharField(max_length=24, blank=True)
    fx_rule = models.CharField(max_length=24)
    fx_date = models.DateField(null=True, blank=True)
    rounding = models.CharField(max_length=24)
    max_sites = models.PositiveSmallIntegerField(null=True, blank=True)
    is_affiliate_exclusive = models.BooleanField(default=False)
    stages = models.JSONField(default=list)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        verbose_name = say_lazy("name.call")
        verbose_name_plural = say_lazy("name.call")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="call_status_is_known", condition=Q(status__in=CallStatus.values)),
            models.CheckConstraint(
                name="call_measures_forward", condition=Q(measure_to__gte=F("measure_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh if say("language") == "zh" else self.name_en


class Clause(models.Model):
    """A sentence of the notice, as far as the source shows it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="clauses")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text_zh = models.TextField()
    text_en = models.TextField()
    is_verbatim = models.BooleanField(default=False)
    source = models.CharField(max_length=200)
    grade = models.CharField(max_length=4)

    class Meta:
        verbose_name = say_lazy("name.clause")
        verbose_name_plural = say_lazy("name.clause")
        ordering = ["call", "position"]
        constraints = [models.UniqueConstraint(name="clause_once_in_a_call", fields=["call", "code"])]

    def __str__(self) -> str:
        return self.text_zh if say("language") == "zh" else self.text_en


class Criterion(models.Model):
    """A condition: attested, shown by a document, or a figure with an operator and a threshold."""

    ATTESTATION, DOCUMENT, KPI = "attestation", "document", "kpi"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="criteria")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    kpi_code = models.CharField(max_length=4, blank=True)
    operator = models.CharField(max_length=2, blank=True)
    threshold = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    threshold_date = models.DateField(null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    is_mandatory = models.BooleanField(default=True)

    class Meta:
        verbose_name = say_lazy("name.criterion")
        verbose_name_plural = say_lazy("name.criterion")
        ordering = ["call", "position"]
        constraints = [
            models.UniqueConstraint(name="criterion_once_in_a_call", fields=["call", "code"]),
            models.CheckConstraint(
                name="criterion_of_a_figure_has_its_measure",
                condition=~Q(kind="kpi")
                | (
                    ~Q(kpi_code="")
                    & Q(operator__in=[">=", ">", "<=", "<"])
                    & (Q(threshold__isnull=False) | Q(threshold_date__isnull=False))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label_zh if say("language") == "zh" else self.label_en


class DocumentRequirement(models.Model):
    """A paper the call asks for, and where it lies in the dossier."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="documents")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    folder = models.CharField(max_length=20)
    min_count = models.PositiveSmallIntegerField(default=1)
    is_original_required = models.BooleanField(default=False)
    is_sealed = models.BooleanField(default=False)
    max_age_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_mandatory = models.BooleanField(default=True)

    class Meta:
        verbose_name = say_lazy("name.document")
        verbose_name_plural = say_lazy("name.document")
        ordering = ["call", "position"]
        constraints = [models.UniqueConstraint(name="document_once_in_a_call", fields=["call", "code"])]

    def __str__(self) -> str:
        return self.label_zh if say("language") == "zh" else self.label_en
