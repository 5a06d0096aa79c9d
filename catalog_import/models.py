"""What the import remembers: its runs, their plans and problems, every Amazon listing, the pictures to fetch."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One import: its files, its stored plan, how far it got; only one may change the catalogue at a time.

    `done` of `total` and `step` are the progress that other processes read; `worker` is the process at work.
    """

    class State(models.TextChoices):
        STAGED = "staged", _("files received")
        PLANNING = "planning", _("being planned")
        PLANNED = "planned", _("planned")
        QUEUED = "queued", _("waiting to be applied")
        APPLYING = "applying", _("being applied")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped before its end")
        REFUSED = "refused", _("refused")
        STALE = "stale", _("out of date")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        UNDO_QUEUED = "undo_queue", _("waiting to be undone")
        UNDO_STOPPED = "undo_stop", _("half undone")

    class Step(models.TextChoices):
        READ = "read", _("Reading files")
        PLAN = "plan", _("Comparing with the shop")
        WRITE = "write", _("Writing products")
        PICTURES = "pictures", _("Fetching pictures")
        UNDO = "undo", _("Undoing")

    marketplace = models.CharField(_("marketplace"), max_length=2)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.STAGED)
    is_running = models.BooleanField(_("changes the catalogue now"), default=False, editable=False)
    worker = models.CharField(_("process"), max_length=200, blank=True, editable=False)
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    started_at = models.DateTimeField(_("started at"))
    heartbeat_at = models.DateTimeField(
        _("last sign of life"), help_text=_("A running import without a recent sign of life has died.")
    )
    planned_at = models.DateTimeField(_("planned at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    files = models.JSONField(_("files"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    paths = models.JSONField(_("where the files are"), default=list)
    files_digest = models.CharField(_("SHA-256 of the files"), max_length=64, blank=True, db_index=True)
    place = models.JSONField(_("the market the plan was made for"), default=dict)
    with_pictures = models.BooleanField(_("fetch pictures"), default=True)
    made = models.JSONField(_("categories and product types it made"), default=dict)
    changed_since = models.JSONField(_("left as it is by the undo"), default=list)
    error = models.TextField(_("why it was refused or stopped"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_running"], condition=models.Q(is_running=True), name="catalog_import_one_running"
            )
        ]

    def __str__(self):
        return f"{self.marketplace} {self.started_at:%Y-%m-%d %H:%M}"


class ImportBatch(models.Model):
    """Some whole families of a run's plan, written in one transaction, with what they replaced.

    `payload` is the plan and `journal` what undoing needs, both packed as `stored_plan` says.
    """

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="batches", verbose_name=_("run")
    )
    number = models.PositiveIntegerField(_("number"))
    create = models.PositiveIntegerField(_("create"), default=0)
    update = models.PositiveIntegerField(_("update"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    withdraw = models.PositiveIntegerField(_("withdraw"), default=0)
    keep = models.PositiveIntegerField(_("keep"), default=0)
    skus = models.TextField(_("SKUs"), blank=True, help_text=_("Each between line breaks, to be found by."))
    payload = models.BinaryField(_("plan"))
    fingerprint = models.CharField(_("state of the catalogue"), max_length=64)
    journal = models.BinaryField(_("what it replaced"), null=True)
    is_done = models.BooleanField(_("written"), default=False)
    is_undone = models.BooleanField(_("undone"), default=False)

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of a plan")
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="catalog_import_batch_once")]

    def __str__(self):
        return f"{self.run_id}/{self.number}"


class ImportProblem(models.Model):
    """One row, cell or picture that could not be taken over as it stands; fields as in `listing.RowProblem`."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="problems", verbose_name=_("run")
    )
    file = models.CharField(_("file"), max_length=255, blank=True)
    row = models.PositiveIntegerField(_("row"), null=True, blank=True)
    column = models.CharField(_("column"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=40)
    sku = models.CharField(_("SKU"), max_length=128, blank=True)
    message = models.TextField(_("message"))
    action = models.TextField(_("what to do"))
    said = models.JSONField(_("sentences to be translated"), default=dict, blank=True)

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        ordering = ["id"]

    def __str__(self):
        return f"{self.file}, {self.row}: {self.message}"


class AmazonListing(models.Model):
    """One SKU on one marketplace, the product it became, and the values last taken from Amazon.

    On each marketplace one listing of a product is primary and speaks for it there; further ones are its FBA and
    merchant twins. Which marketplace decides which field is told in `comparing`. `digest` is of what the files said of
    its family when the shop had all of it, and of the version that the product had then: see `ProductChange`.
    """

    marketplace = models.CharField(_("marketplace"), max_length=2)
    sku = models.CharField(_("SKU"), max_length=128)
    product = models.ForeignKey(
        "catalogue.Product",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="amazon_listings",
        verbose_name=_("product"),
    )
    is_primary = models.BooleanField(_("primary"), default=False)
    asin = models.CharField(_("ASIN"), max_length=10, blank=True, db_index=True)
    imported = models.JSONField(_("last imported values"), default=dict)
    digest = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("Amazon listing")
        verbose_name_plural = _("Amazon listings")
        ordering = ["id"]
        # The SKU first: it is looked for on one marketplace, and on all of them.
        constraints = [
            models.UniqueConstraint(fields=["sku", "marketplace"], name="catalog_import_listing_once")
        ]

    def __str__(self):
        return f"{self.sku} ({self.marketplace})"


class KnownLayout(models.Model):
    """The rows that files of one layout had when they were read last, as far as these were without a problem.

    What is kept of them is told in `readers.known_rows`; nothing is lost with it but time.
    """

    layout = models.CharField(max_length=32, unique=True)
    rows = models.BinaryField()
    read_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.layout


class ProductChange(models.Model):
    """A change of a product, written by the database itself: see `oscar_catalogue.changes`.

    Most have one row, the last change's; `product_id` is no foreign key, so that nobody waits for the product's row.
    """

    product_id = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("change of a product")
        verbose_name_plural = _("changes of products")
        ordering = ["id"]

    def __str__(self):
        return f"{self.product_id}/{self.pk}"


class PictureJob(models.Model):
    """One picture of one product: where it comes from and how far it got; a stopped run takes up what is left.

    One that no listing names any more stays as a note, so that the picture comes back without being fetched.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("to be fetched")
        DONE = "done", _("attached")
        FAILED = "failed", _("could not be had")
        DROPPED = "dropped", _("no longer named")

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="picture_jobs", verbose_name=_("product")
    )
    source_url = models.CharField(_("address"), max_length=2000)
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    error = models.TextField(_("error"), blank=True)
    said = models.JSONField(default=list, blank=True, editable=False)  # of what `error` is made: `said.keep`
    made_by = models.ForeignKey(
        ImportRun,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("named first by"),
    )
    dropped_by = models.ForeignKey(
        ImportRun,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dropped by"),
    )
    revived_by = models.ForeignKey(
        ImportRun,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("named again by"),
    )

    class Meta:
        verbose_name = _("picture job")
        verbose_name_plural = _("picture jobs")
        ordering = ["product_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "source_url"], name="catalog_import_picture_once")
        ]

    def __str__(self):
        return self.source_url
