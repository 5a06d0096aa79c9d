"""What a merchant changes is kept, and said to be, at whatever moment of an import it is changed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from catalog_import.models import AmazonListing, ProductChange
from catalog_import.oscar_catalogue import OscarShop
from catalog_import.services import apply_run, applying, planning
from tests.catalog_import.conftest import PLANTERS

MOMENTS = ["before the plan", "between plan and apply", "after apply"]


def plan(marketplace="us"):
    path = PLANTERS.with_stem(f"Category_Listings_Report_PLANTER_{marketplace.upper()}")
    return planning.plan_import(paths=[path], marketplace=marketplace, now=timezone.now())


def apply_(run):
    return apply_run(run, pictures=None, now=timezone.now())


def look_again(monkeypatch):
    """Have the next plan look at every product, as after an update of the importer."""
    monkeypatch.setattr(planning, "code_digest", lambda: b"another version")


def edit(sku):
    product = AmazonListing.objects.get(sku=sku).product
    product.title = "Changed in the shop"
    product.save()


def reprice(sku):
    AmazonListing.objects.get(sku=sku, marketplace="us").product.market_prices.update(amount=3)


def a_variant():
    variants = AmazonListing.objects.filter(marketplace="us", product__structure="child")
    return variants.order_by("id").first().sku


def in_another_session(do):
    """Do something on a connection of its own."""

    def close_after():
        try:
            do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(close_after).result(timeout=30)


@contextmanager
def begun_elsewhere(do):
    """Do something in another session, which commits it at the end of the block."""
    begun, may_end = Event(), Event()

    def save():
        with transaction.atomic():
            do()
            begun.set()
            assert may_end.wait(30)

    with ThreadPoolExecutor(1) as pool:
        saved = pool.submit(in_another_session, save)
        assert begun.wait(30)
        yield
        may_end.set()
        saved.result()


def while_a_batch_is_written(monkeypatch, do):
    """Do something in another session when the next batch is written and not committed yet."""
    show, left = applying.show_confirmed, [do]

    def do_first(**which):
        while left:
            in_another_session(left.pop())
        return show(**which)

    monkeypatch.setattr(applying, "show_confirmed", do_first)


def looked_at(monkeypatch, marketplace):
    """Return the SKUs that the next plan looks at."""
    seen, look = set(), OscarShop.look

    def record(self, *, skus=(), **rest):
        seen.update(skus)
        return look(self, skus=skus, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(OscarShop, "look", record)
        plan(marketplace)
    return seen


def check_edit_is_kept(sku):
    """Every import from now on says that the change is kept, and has the other families settled."""
    for _ in range(2):
        report = apply_(plan().run)
        assert (report.counts["keep"], report.counts["update"]) == (1, 0)
    assert AmazonListing.objects.get(sku=sku).product.title == "Changed in the shop"
    digests = AmazonListing.objects.values_list("digest", flat=True)
    assert any(digests)


def edit_at(moment, monkeypatch):
    apply_(plan().run)
    sku = a_variant()
    look_again(monkeypatch)

    if moment == "before the plan":
        edit(sku)
    run = plan().run
    if moment == "between plan and apply":
        edit(sku)
    apply_(run)
    if moment == "after apply":
        edit(sku)

    check_edit_is_kept(sku)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_edit_is_kept_and_said_to_be(moment, monkeypatch):
    edit_at(moment, monkeypatch)


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_edit_is_kept_and_said_to_be_on_postgresql(moment, monkeypatch):
    assert connection.vendor == "postgresql"
    edit_at(moment, monkeypatch)


@pytest.mark.django_db
def test_an_older_plan_does_not_settle_what_a_later_one_looked_at_anew(monkeypatch):
    apply_(plan().run)
    sku = a_variant()
    look_again(monkeypatch)
    old = plan().run
    edit(sku)
    plan()

    apply_(old)

    check_edit_is_kept(sku)


@pytest.mark.django_db
def test_what_nobody_changed_meanwhile_is_settled(monkeypatch):
    apply_(plan().run)
    look_again(monkeypatch)
    AmazonListing.objects.filter(sku=a_variant()).update(digest="")

    apply_(plan().run)

    digests = AmazonListing.objects.values_list("digest", flat=True)
    assert all(digests)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commits", ["before apply", "after apply"])
def test_an_edit_that_is_not_committed_while_a_plan_looks_is_kept(commits):
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    sku = a_variant()
    AmazonListing.objects.update(digest="")
    with begun_elsewhere(lambda: edit(sku)):
        run = plan().run
        if commits == "after apply":
            apply_(run)
    if commits == "before apply":
        apply_(run)

    check_edit_is_kept(sku)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_edit_while_the_digests_are_written_is_kept(monkeypatch):
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    sku = a_variant()
    look_again(monkeypatch)
    run = plan().run
    while_a_batch_is_written(monkeypatch, lambda: edit(sku))

    apply_(run)

    check_edit_is_kept(sku)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_change_while_a_product_gets_its_first_listing_is_looked_at(monkeypatch):
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    sku = a_variant()
    run = plan("de").run
    while_a_batch_is_written(monkeypatch, lambda: reprice(sku))

    apply_(run)

    seen = looked_at(monkeypatch, "de")
    assert sku in seen
    assert len(seen) < AmazonListing.objects.filter(marketplace="de").count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commits", ["between plan and apply", "after apply"])
def test_a_change_begun_before_a_product_gets_its_first_listing_is_looked_at(commits, monkeypatch):
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    sku = a_variant()
    with begun_elsewhere(lambda: reprice(sku)):
        run = plan("de").run
        if commits == "after apply":
            apply_(run)
    if commits == "between plan and apply":
        apply_(run)

    assert sku in looked_at(monkeypatch, "de")


@pytest.mark.django_db
def test_an_older_plan_does_not_settle_what_another_marketplace_changed(monkeypatch):
    apply_(plan().run)
    apply_(plan("de").run)
    sku = a_variant()
    look_again(monkeypatch)
    old = plan("de").run
    reprice(sku)
    apply_(plan().run)

    apply_(old)

    assert sku in looked_at(monkeypatch, "de")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_changes_of_a_product_do_not_wait_for_each_other():
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    product = AmazonListing.objects.get(sku=a_variant()).product
    reprice(a_variant())

    with transaction.atomic():
        reprice(a_variant())
        in_another_session(lambda: product.texts.update(title="Changed in the shop"))

    assert ProductChange.objects.filter(product_id=product.pk).count() == 2
    product.attribute_values.update(value_text="Changed in the shop")
    assert ProductChange.objects.filter(product_id=product.pk).count() == 1


def leaves_one_row():
    apply_(plan().run)
    assert not ProductChange.objects.exists()
    product = AmazonListing.objects.get(sku=a_variant()).product
    for _ in range(3):
        product.texts.update(title="Changed in the shop")
        product.market_prices.update(amount=3)
        product.stockrecords.update(num_in_stock=2, num_allocated=1)
        apply_(plan().run)
    assert list(ProductChange.objects.values_list("product_id", flat=True)) == [product.pk]
    before = list(ProductChange.objects.values_list("pk"))
    product.stockrecords.update(num_in_stock=0)
    assert list(ProductChange.objects.values_list("pk")) == before
    product.delete()
    assert not ProductChange.objects.exists()


@pytest.mark.django_db
def test_changes_of_a_product_leave_one_row():
    leaves_one_row()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_changes_of_a_product_leave_one_row_on_postgresql():
    assert connection.vendor == "postgresql"
    leaves_one_row()
