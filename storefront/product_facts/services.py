"""Every write of this app that no form makes."""

from collections.abc import Iterable

from django.db import transaction

from storefront.product_facts.models import Operator, ProductFacts


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
