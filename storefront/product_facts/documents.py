"""The documents of products: which of them a page offers, in which order, and under what name they are saved."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from storefront.product_facts.models import DocumentKind, ProductDocument

SEVERAL_LANGUAGES = "mul"  # ISO 639-2: one document in several languages, as manuals are
LANGUAGES = [*settings.WAGTAIL_CONTENT_LANGUAGES, (SEVERAL_LANGUAGES, _("several languages"))]
_LONGEST_TITLE = 60


class Document(NamedTuple):
    """A document on a product's page; its language by name and, where it is one, by code. The size is in bytes."""

    pk: int
    kind: str
    label: str
    language: str
    code: str
    size: int


def has_documents() -> Exists:
    """Return, for a query of products, whether each has documents: most have none, and are not asked."""
    return Exists(ProductDocument.objects.filter(product=OuterRef("pk")))


def list_documents(*, product_ids: Sequence[int], language: str) -> tuple[Document, ...]:
    """Return the documents of products; those in a language or in several before those in another."""
    spoken = {language, language.partition("-")[0], SEVERAL_LANGUAGES}
    kinds, names = list(DocumentKind), dict(LANGUAGES)
    rows = ProductDocument.objects.filter(product__in=product_ids).order_by("language", "pk")
    return tuple(
        Document(
            pk=row.pk,
            kind=row.kind,
            label=row.get_kind_display(),
            language=str(names.get(row.language, row.language)),
            code="" if row.language == SEVERAL_LANGUAGES else row.language,
            size=row.size,
        )
        for row in sorted(rows, key=lambda row: (row.language not in spoken, kinds.index(row.kind)))
    )


def find_document(pk: int) -> ProductDocument | None:
    """Return a document of a product that shoppers see, None where there is no such one."""
    is_seen = Q(product__parent=None) | Q(product__parent__is_public=True)
    return (
        ProductDocument.objects.filter(is_seen, pk=pk, product__is_public=True)
        .select_related("product")
        .first()
    )


def file_name(document: ProductDocument) -> str:
    """Return the name a document is saved under: plain letters, whatever its product is called."""
    title = slugify(document.product.get_title())[:_LONGEST_TITLE].strip("-")
    return "-".join(filter(None, [document.kind, title, document.language])) + ".pdf"
