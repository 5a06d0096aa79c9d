"""Read the goods in orders that count, with their brand, in a stream."""

from collections.abc import Iterable, Iterator
from itertools import islice

from oscar.core.loading import get_model

from storefront.subsidies.facts.shapes import GoodsFact, SaleFact

Line = get_model("order", "Line")
ProductAttributeValue = get_model("catalogue", "ProductAttributeValue")

CHUNK_ORDERS = 1000
_BRAND_CODE = "brand"


def read_goods(sales: Iterable[SaleFact]) -> Iterator[GoodsFact]:
    """Yield the lines of the given orders that count, by order; a line's brand is its product's, or its parent's."""
    counting = (sale for sale in sales if not sale.excluded_as)
    brands = _Brands()
    while chunk := list(islice(counting, CHUNK_ORDERS)):
        orders = {sale.number: sale for sale in chunk}
        rows = list(
            Line.objects.filter(order__number__in=orders)
            .order_by("order_id", "pk")
            .values_list(
                "order__number",
                "partner_sku",
                "quantity",
                "line_price_excl_tax",
                "product_id",
                "product__parent_id",
            )
        )
        brands.learn({key for row in rows for key in row[4:] if key})
        for number, sku, quantity, amount, product, parent in rows:
            sale = orders[number]
            yield GoodsFact(
                number=number,
                paid_at=sale.paid_at,
                currency=sale.currency,
                sku=sku,
                brand=brands.known.get(product) or brands.known.get(parent) or "",
                quantity=quantity,
                amount_net=amount,
            )


class _Brands:
    """The brand of each product met so far; one query for a chunk, for the new ones alone."""

    def __init__(self) -> None:
        self.known: dict[int | None, str] = {}

    def learn(self, products: set[int]) -> None:
        new = products - self.known.keys()
        if not new:
            return
        self.known |= dict.fromkeys(new, "")
        for value in (
            ProductAttributeValue.objects.filter(product_id__in=new, attribute__code=_BRAND_CODE)
            .select_related("attribute", "value_option")
            .order_by("pk")
        ):
            self.known[value.product_id] = value.value_as_text
