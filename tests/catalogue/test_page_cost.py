"""What the fullest product page costs: a reduction, reviews, safety, a video, several variants and markets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.markets.services.markets import ensure_markets
from storefront.product_facts.models import Operator, ProductFacts
from tests.catalogue.factories import make_category, make_family, make_text
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db
COLD, WARM = 12, 8


@pytest.fixture
def fullest(django_user_model):
    ensure_markets()
    market = get_model("markets", "Market").objects.get(code="de")
    cable = make_family(
        "Cable",
        variants=[{"color": colour, "size": size} for colour in ("Red", "Blue") for size in ("1 m", "2 m")],
        category=make_category("USB", parent=make_category("Cables")),
        pictures=3,
    )
    make_text(cable, language="de", title="Kabel")
    now = timezone.now()
    for child in cable.children.all():
        for days, amount, list_price in ((50, "9", None), (1, "8", Decimal("9"))):
            get_model("markets", "MarketPrice").objects.create(
                product=child,
                market=market,
                amount=Decimal(amount),
                list_price=list_price,
                valid_from=now - timedelta(days=days),
            )
    maker = Operator.objects.create(name="Maker", address="Street", email="maker@example.test")
    ProductFacts.objects.create(
        product=cable,
        manufacturer=maker,
        eu_responsible=maker,
        video="a.mp4",
        content_amount=2,
        content_unit="m",
    )
    for number in range(4):
        user = django_user_model.objects.create_user(f"u{number}@example.test", "secret", first_name="Ann")
        make_paid_order(cable.children.first(), user=user)
        get_model("reviews", "ProductReview").objects.create(
            product=cable, user=user, score=5, title="Gut", body="Hell.", status=1
        )
    return cable


def test_the_fullest_page_keeps_to_its_queries(client, fullest):
    path = f"/de{fullest.get_absolute_url()}"
    page = client.get(path).content.decode()
    for words in ("price__was", "Geprüfter Kauf", "Hersteller", "<video", "pro m", "Bei Ihnen zwischen"):
        assert words in page
    cache.clear()
    for limit in (COLD, WARM):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= limit
