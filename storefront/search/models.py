"""What the search reads in place of the catalogue's own tables, kept in step by `indexing`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDocument(models.Model):
    """The words of one product, with its variants, in one language; stems, separated by spaces."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=500)
    title_terms = models.TextField()
    text_terms = models.TextField()
    code_terms = models.TextField()

    class Meta:
        verbose_name = _("search document")
        ordering = ["product_id", "language"]
        constraints = [
            models.UniqueConstraint(fields=["product", "language"], name="storefront_search_document_once")
        ]

    def __str__(self):
        return f"{self.title} ({self.language})"


class SearchWord(models.Model):
    """A word that products use in a language, as it is written: what a mistyped one may have meant."""

    language = models.CharField(max_length=12)
    word = models.CharField(max_length=40)
    length = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("search word")
        ordering = ["language", "word"]
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="storefront_search_word_once")
        ]
        indexes = [models.Index(fields=["language", "length"], name="storefront_search_word_length")]

    def __str__(self):
        return self.word


class SearchFacet(models.Model):
    """One thing to filter by that a product, or one of its variants, has: its brand, an option's value."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    axis = models.CharField(max_length=128)
    label = models.CharField(max_length=128)
    value = models.CharField(max_length=255)

    class Meta:
        verbose_name = _("search facet")
        ordering = ["product_id", "axis", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "axis", "value", "product"], name="storefront_search_facet_once"
            )
        ]

    def __str__(self):
        return f"{self.label}: {self.value}"


class SearchListing(models.Model):
    """What one market's lists sort and filter a product by; there is a row for each product it sells.

    `market` is empty while the shop has none. The price is the one a card shows, not rounded.
    """

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="search_listings")
    market = models.ForeignKey(
        "markets.Market", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    price = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    is_available = models.BooleanField()
    rating = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("search listing")
        ordering = ["product_id", "market_id"]
        indexes = [models.Index(fields=["market", "price"], name="storefront_search_list_price")]
        constraints = [
            models.UniqueConstraint(fields=["market", "product"], name="storefront_search_listing_once"),
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(market=None),
                name="storefront_search_listing_alone",
            ),
        ]

    def __str__(self):
        return f"{self.product_id} / {self.market_id}"


class CatalogueChange(models.Model):
    """One change of what shoppers see, written by the database itself in the transaction that makes it.

    `product` is empty where the change is not of one product: `tag` says of what, as "page:12" or "menus".
    """

    product_id = models.BigIntegerField(null=True, blank=True)
    is_on_lists = models.BooleanField()
    at = models.DateTimeField()
    is_indexed = models.BooleanField(default=False)
    tag = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("catalogue change")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["product_id"], name="storefront_search_change_of"),
            models.Index(
                fields=["id"], condition=models.Q(is_indexed=False), name="storefront_search_change_todo"
            ),
            models.Index(
                fields=["id"], condition=models.Q(is_on_lists=True), name="storefront_search_change_list"
            ),
        ]

    def __str__(self):
        return f"{self.id}: {self.product_id or 'everything'}"


class IndexState(models.Model):
    """Until when prices that begin or end by the clock are in the index, and which editions; one row."""

    scope = models.TextField(blank=True)
    prices_until = models.DateTimeField()

    class Meta:
        verbose_name = _("index state")

    def __str__(self):
        return f"{self.prices_until:%Y-%m-%d %H:%M}"


class Synonym(models.Model):
    """Words that mean the same to shoppers of a language: who searches for one finds all."""

    language = models.CharField(_("language"), max_length=12, help_text=_("BCP 47 code such as en or de."))
    words = models.CharField(
        _("words"), max_length=500, help_text=_("Single words, separated by commas: charger, adapter, plug")
    )

    class Meta:
        verbose_name = _("search synonyms")
        verbose_name_plural = _("search synonyms")
        ordering = ["language", "words"]

    def __str__(self):
        return f"{self.words} ({self.language})"


class SearchMiss(models.Model):
    """A search that found nothing in an edition, and how often; who searched is not kept."""

    edition = models.CharField(_("edition"), max_length=40)
    query = models.CharField(_("searched for"), max_length=100)
    times = models.PositiveIntegerField(_("times"), default=0)
    last_at = models.DateTimeField(_("last on"))

    class Meta:
        verbose_name = _("search without a find")
        verbose_name_plural = _("searches without a find")
        ordering = ["-times", "-last_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "query"], name="storefront_search_miss_once")
        ]

    def __str__(self):
        return self.query
