"""Oscar's counts of what was bought and by whom, which its own receiver takes a statement a line for."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import F
from oscar.core.loading import get_model

ProductRecord = get_model("analytics", "ProductRecord")
UserRecord = get_model("analytics", "UserRecord")


def count_purchases(*, order: Any, basket_lines: Sequence[Any], user: Any) -> None:
    """Count the order among the purchases of each product, and of the customer who is signed in."""
    bought = Counter[int]()
    for line in basket_lines:
        bought[line.product.pk] += line.quantity
    if bought:
        _add_purchases(sorted(bought.items()))
    if user is not None and user.is_authenticated:
        _count_customer(order, lines=len(basket_lines), items=sum(bought.values()), user=user)


def _add_purchases(bought: Sequence[tuple[int, int]]) -> None:
    """Add to the record of each product, which is made where there is none; in the order of keys, as all who buy do."""
    table = connection.ops.quote_name(ProductRecord._meta.db_table)
    rows = ", ".join(["(%s, 0, 0, %s, 0)"] * len(bought))
    statement = f"""
        INSERT INTO {table} (product_id, num_views, num_basket_additions, num_purchases, score) VALUES {rows}
        ON CONFLICT (product_id) DO UPDATE SET num_purchases = {table}.num_purchases + excluded.num_purchases
    """  # noqa: S608 - Django's QuerySet can set values at a conflict, not add to them
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(bought)))


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
