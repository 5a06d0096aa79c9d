"""Every write of this app that no form makes."""

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction

from storefront.product_facts.models import Operator, ProductDocument, ProductFacts

logger = logging.getLogger(__name__)
_FILES = {ProductDocument: ("file",), ProductFacts: ("video", "captions", "guarantee_label")}


def files_of(row: ProductDocument | ProductFacts) -> set[str]:
    """Return the names in the storage of a row's files."""
    return {name for field in _FILES[type(row)] if (name := getattr(row, field).name)}


def forget_files(names: Iterable[str]) -> None:
    """Delete files from the storage once the transaction is over: those that no row names any more."""
    names = sorted(names)
    transaction.on_commit(lambda: [_forget(name) for name in names])


def _forget(name: str) -> None:
    named = (model.objects.filter(**{field: name}) for model, fields in _FILES.items() for field in fields)
    if any(rows.exists() for rows in named):
        return
    try:
        default_storage.delete(name)
    except OSError:
        # What the merchant saved is saved; a file too many harms nobody.
        logger.exception("The file %s could not be deleted from the storage.", name)


@transaction.atomic
def ensure_responsible(
    *, manufacturer: dict[str, str], eu_responsible: dict[str, str], product_ids: Iterable[int]
) -> int:
    """Name who made products and who answers for them, where nothing is said of them yet; return of how many.

    Each person is `name`, `address` and `email`.
    """
    made, _is_new = Operator.objects.get_or_create(name=manufacturer["name"], defaults=manufacturer)
    answers, _is_new = Operator.objects.get_or_create(name=eu_responsible["name"], defaults=eu_responsible)
    known = set(ProductFacts.objects.values_list("product_id", flat=True))
    missing = [pk for pk in product_ids if pk not in known]
    rows = [ProductFacts(product_id=pk, manufacturer=made, eu_responsible=answers) for pk in missing]
    ProductFacts.objects.bulk_create(rows, batch_size=500)
    return len(rows)
