"""What a merchant changes is kept, and said to be, at whatever moment of an import it is changed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from catalog_import.models import AmazonListing
from catalog_import.services import apply_run, planning
from tests.catalog_import.conftest import PLANTERS

MOMENTS = ["before the plan", "between plan and apply", "after apply"]


def plan():
    return planning.plan_import(paths=[PLANTERS], marketplace="us", now=timezone.now())


def apply_(run):
    return apply_run(run, pictures=None, now=timezone.now())


def look_again(monkeypatch):
    """Have the next plan look at every product, as after an update of the importer."""
    monkeypatch.setattr(planning, "code_digest", lambda: b"another version")


def edit(sku):
    product = AmazonListing.objects.get(sku=sku).product
    product.title = "Changed in the shop"
    product.save()


def a_variant():
    return AmazonListing.objects.filter(product__structure="child").order_by("id").first().sku


def check_edit_is_kept(sku):
    """Every import from now on says that the change is kept, and has the other families settled."""
    for _ in range(2):
        report = apply_(plan().run)
        assert (report.counts["keep"], report.counts["update"]) == (1, 0)
    assert AmazonListing.objects.get(sku=sku).product.title == "Changed in the shop"
    digests = AmazonListing.objects.values_list("digest", flat=True)
    assert any(digest and not digest.startswith("seen") for digest in digests)


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
    assert all(digest and not digest.startswith("seen") for digest in digests)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commits", ["before apply", "after apply"])
def test_an_edit_that_is_not_committed_while_a_plan_looks_is_kept(commits):
    assert connection.vendor == "postgresql"
    apply_(plan().run)
    sku = a_variant()
    AmazonListing.objects.update(digest="")
    begun, may_end = Event(), Event()

    def save():
        try:
            with transaction.atomic():
                edit(sku)
                begun.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        saved = pool.submit(save)
        assert begun.wait(30)
        run = plan().run
        if commits == "after apply":
            apply_(run)
        may_end.set()
        saved.result()
        if commits == "before apply":
            apply_(run)

    check_edit_is_kept(sku)
