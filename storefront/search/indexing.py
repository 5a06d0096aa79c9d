"""Keeping the index in step with the catalogue: what changed since the last time, or everything."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.kept_sql import Among, KeptSql
from storefront.markets.models import MarketPrice, ProductText
from storefront.markets.selectors.markets import enabled_markets
from storefront.page_cache.announcing import announce_everywhere, keys_of
from storefront.page_cache.shown import LISTS, SITE, keep_for_nobody
from storefront.search.documents import IndexRows, build_rows
from storefront.search.models import (
    CatalogueChange,
    IndexState,
    SearchDocument,
    SearchFacet,
    SearchListing,
    SearchWord,
)
from storefront.search.navigation import menu_by_market

PRODUCTS_A_BATCH = 400
ROWS_AN_INSERT = 2000
CHANGES_KEPT = timedelta(days=2)
MANY_CHANGES = 10_000  # as an import leaves them
_MENU_KEY = "search.menu_by_market"
_ASKED_KEY = "search.index_is_asked_for"
ASKED_SECONDS = 60  # an order that was lost is given again
CLOCK_TOLERANCE = timedelta(minutes=5)
_TAKE_CHANGES = (
    "UPDATE storefront_search_cataloguechange SET is_indexed = true WHERE NOT is_indexed"
    " RETURNING product_id, is_on_lists, tag"
)


def update_index(*, now: datetime, everything: bool = False) -> int:
    """Index what changed since the last time, or every product; return how many were.

    Where markets or their languages changed, everything is read again. A second call changes nothing.
    """
    cache.delete(_ASKED_KEY)  # what changes from here on is asked for anew
    with transaction.atomic():
        state = _lock_state(now)
        scope = _describe_scope()
        changed, change_count = _take_changes()
        if everything or state.scope != scope:
            _forget_all()
            roots = list(get_model("catalogue", "Product").objects.browsable().values_list("pk", flat=True))
        else:
            changed |= _repriced_by_the_clock(since=state.prices_until, until=now)
            roots = _roots_of(changed)
        for batch in _batches(_by_title(roots)):
            _write(batch, build_rows(batch, languages=indexed_languages(), markets=_markets(), now=now))
        state.scope, state.prices_until = scope, now
        state.save()
        CatalogueChange.objects.filter(is_indexed=True, at__lt=now - CHANGES_KEPT).delete()
        if settings.PAGE_CACHE and roots:
            transaction.on_commit(partial(_tell_pages, now), robust=True)
    if max(change_count, len(roots)) >= MANY_CHANGES:
        _vacuum()
    return len(roots)


def _tell_pages(now: datetime) -> None:
    """Have lists made anew, and every page where a category of the menu has become empty or is so no more."""
    announce_everywhere([LISTS])
    menu = menu_by_market(markets=_markets() or [None], now=now)
    if cache.get(_MENU_KEY) != menu:
        cache.set(_MENU_KEY, menu, None)
        announce_everywhere([SITE])


def ensure_index() -> None:
    """Have the index brought up to date where it is behind: in the worker, or at once where there is none."""
    from storefront.search.tasks import update_search_index

    state = next(iter(_STATE()), None)
    if state is None or state[1] or state[0] < timezone.now() - CLOCK_TOLERANCE:
        keep_for_nobody()  # the page may be made of what the index said before
        if cache.add(_ASKED_KEY, True, ASKED_SECONDS):  # not by every visitor, until the worker begins
            update_search_index.enqueue()


def _build_state() -> QuerySet:
    """Return until when prices are in the index, and whether something is not."""
    pending = Exists(CatalogueChange.objects.filter(is_indexed=False))
    return (
        IndexState.objects.annotate(is_behind=pending).order_by("pk").values_list("prices_until", "is_behind")
    )


_STATE = KeptSql(_build_state)


def indexed_languages() -> list[str]:
    """Return the languages of the open markets; while none is open, those that products have words in."""
    languages = {language for market in _markets() for language in market.languages}
    if not languages:
        spoken = ProductText.objects.order_by("language").values_list("language", flat=True).distinct()
        languages = {settings.LANGUAGE_CODE, *spoken}
    return sorted(languages)


def _markets() -> list:
    return list(enabled_markets())


def _describe_scope() -> str:
    markets = (f"{market.pk}{market.currency}" for market in _markets())
    return " ".join([*markets, *indexed_languages()])


def _lock_state(now: datetime) -> IndexState:
    IndexState.objects.get_or_create(pk=1, defaults={"prices_until": now})
    return IndexState.objects.select_for_update().get(pk=1)


def _take_changes() -> tuple[set[int], int]:
    """Return the products that changed, and how many changes were taken."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CHANGES)
        rows = cursor.fetchall()
    if settings.PAGE_CACHE:
        # Before the commit: who wrote them looks for them after it, and must find them here or announced.
        announce_everywhere(keys_of(rows))
    return {row[0] for row in rows if row[0] is not None}, len(rows)


def _vacuum() -> None:
    """Spare every page the way past changes that were taken: PostgreSQL itself begins to clean up later."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        tables = (
            model._meta.db_table
            for model in (CatalogueChange, SearchDocument, SearchFacet, SearchListing, SearchWord)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM (ANALYZE, SKIP_LOCKED) {', '.join(tables)}")


def _repriced_by_the_clock(*, since: datetime, until: datetime) -> set[int]:
    """Return the products that have a price which begins or ends in this time."""
    begun = Q(valid_from__gt=since, valid_from__lte=until)
    ended = Q(valid_until__gt=since, valid_until__lte=until)
    return set(MarketPrice.objects.filter(begun | ended).values_list("product_id", flat=True))


def _roots_of(ids: Collection[int]) -> set[int]:
    roots: set[int] = set()
    products = get_model("catalogue", "Product").objects
    for batch in _batches(sorted(ids)):
        found = products.filter(pk__in=batch).annotate(root=Coalesce("parent", "pk")).order_by()
        roots.update(found.values_list("root", flat=True))
        roots.update(batch)  # what is a variant now may have been listed by itself
    return roots


def _by_title(ids: Collection[int]) -> list[int]:
    """Return products of like titles beside each other: what a word finds is then on few pages of the database."""
    products = get_model("catalogue", "Product").objects.filter(pk__in=Among(list(ids)))
    named = list(products.order_by("title", "pk").values_list("pk", flat=True))
    return [*named, *(set(ids) - set(named))]  # what is gone leaves the index


def _batches(ids: list[int]):
    remaining = iter(ids)
    while batch := list(islice(remaining, PRODUCTS_A_BATCH)):
        yield batch


def _forget_all() -> None:
    for model in (SearchDocument, SearchFacet, SearchListing, SearchWord):
        model.objects.all().delete()


def _write(ids: list[int], rows: IndexRows) -> None:
    for model, fresh in (
        (SearchDocument, rows.documents),
        (SearchFacet, rows.facets),
        (SearchListing, rows.listings),
    ):
        model.objects.filter(product__in=ids).delete()
        model.objects.bulk_create(fresh, batch_size=ROWS_AN_INSERT, ignore_conflicts=model is SearchFacet)
    words = [
        SearchWord(language=language, word=word, length=len(word)) for language, word in sorted(rows.words)
    ]
    SearchWord.objects.bulk_create(words, batch_size=ROWS_AN_INSERT, ignore_conflicts=True)
