"""Oscar's counts of what was bought and by whom, which its own receiver takes a statement a line for."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, Value, When
from oscar.core.loading import get_model

ProductRecord = get_model("analytics", "ProductRecord")
UserRecord = get_model("analytics", "UserRecord")


def count_purchases(*, order: Any, basket_lines: Sequence[Any], user: Any) -> None:
    """Count the order among the purchases of each product, and of the customer who is signed in."""
    bought = Counter[int]()
    for line in basket_lines:
        bought[line.product.pk] += line.quantity
    more = Case(*(When(product_id=key, then=Value(count)) for key, count in bought.items()))
    known = ProductRecord.objects.filter(product_id__in=bought)
    if known.update(num_purchases=F("num_purchases") + more) < len(bought):
        missing = bought.keys() - set(known.values_list("product_id", flat=True))
        ProductRecord.objects.bulk_create(
            [ProductRecord(product_id=key, num_purchases=bought[key]) for key in sorted(missing)],
            ignore_conflicts=True,  # somebody may put it in a basket just now
        )
    if user is not None and user.is_authenticated:
        _count_customer(order, lines=len(basket_lines), items=sum(bought.values()), user=user)


def _count_customer(order: Any, *, lines: int, items: int, user: Any) -> None:
    known = UserRecord.objects.filter(user=user).update(
        num_orders=F("num_orders") + 1,
        num_order_lines=F("num_order_lines") + lines,
        num_order_items=F("num_order_items") + items,
        total_spent=F("total_spent") + order.total_incl_tax,
        date_last_order=order.date_placed,
    )
    if not known:
        UserRecord.objects.create(
            user=user,
            num_orders=1,
            num_order_lines=lines,
            num_order_items=items,
            total_spent=order.total_incl_tax,
            date_last_order=order.date_placed,
        )
