"""Triggers that write down each change of what shoppers see, in the transaction that makes it.

Every way to write is caught: the back office, an import's bulk writes, a sale that takes stock, SQL by hand. They
are put back after every migration, as SQLite drops the triggers of a table it rebuilds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from storefront.core.triggers import write_trigger

_DISTINCT = {"sqlite": "NOT", "postgresql": "DISTINCT FROM"}
_STOCK_FLIPS = (
    "NEW.price IS {distinct} OLD.price OR NEW.price_currency IS {distinct} OLD.price_currency OR"
    " NEW.partner_sku IS {distinct} OLD.partner_sku OR"
    " (COALESCE(NEW.num_in_stock, 0) > COALESCE(NEW.num_allocated, 0)) <>"
    " (COALESCE(OLD.num_in_stock, 0) > COALESCE(OLD.num_allocated, 0))"
)


_INTO = "INSERT INTO storefront_search_cataloguechange (product_id, is_on_lists, at, is_indexed, tag)"
_REST = "CURRENT_TIMESTAMP, false"
_PARENT_PATH = "substr({row}.path, 1, length({row}.path) - 4)"  # treebeard: four signs a level
_PAGE_IS_PUBLISHED = " OR ".join(
    f"NEW.{column} IS {{distinct}} OLD.{column}"
    for column in (
        "live",
        "last_published_at",
        "title",
        "slug",
        "url_path",
        "show_in_menus",
        "path",
        "seo_title",
    )
)
_PAGE_IS_MOVED = (
    " OR ".join(
        f"NEW.{column} IS {{distinct}} OLD.{column}"
        for column in ("live", "slug", "url_path", "show_in_menus", "path")
    )
    + " OR (NEW.show_in_menus AND NEW.title IS {distinct} OLD.title)"
)


@dataclass(frozen=True)
class Tag:
    """What a changed row is called: an SQL expression of `{row}`; of an update only where `changed` is true."""

    name: str
    changed: str = ""


@dataclass(frozen=True)
class Watched:
    """A table; `products` are its columns that name products, or `through` the query of those a row belongs to.

    `is_on_lists` is the condition that a change of a row shows on lists of other products too. `tags` say what else
    a row is; without products and tags any page may show it.
    """

    table: str
    products: tuple[str, ...] = ()
    is_on_lists: str = ""
    through: str = ""
    tags: tuple[Tag, ...] = ()
    events: tuple[str, ...] = ("insert", "update", "delete")


_PAGE_TEXT = Tag("'page:' || {row}.page_ptr_id")

WATCHED = (
    Watched("catalogue_product", ("id", "parent_id")),
    Watched("catalogue_productattributevalue", ("product_id",)),
    Watched("catalogue_productcategory", ("product_id",)),
    Watched("catalogue_productimage", ("product_id",)),
    Watched("partner_stockrecord", ("product_id",), _STOCK_FLIPS),
    Watched("markets_producttext", ("product_id",)),
    Watched("markets_optiontext", ("product_id",)),
    Watched("markets_marketprice", ("product_id",)),
    Watched("markets_marketblock", ("product_id",)),
    Watched("markets_producttaxclass", ("product_id",)),
    Watched("product_facts_productfacts", ("product_id",), "false"),
    Watched("product_facts_productdocument", ("product_id",), "false"),
    Watched("reviews_productreview", ("product_id",)),
    Watched(
        "review_replies_reply",
        through="SELECT product_id FROM reviews_productreview"
        " WHERE id = {row}.review_id AND product_id IS NOT NULL",
    ),
    Watched("cms_storyproduct", ("product_id",), "false"),
    Watched(
        "cms_productstory",
        through="SELECT product_id FROM cms_storyproduct WHERE story_id = {row}.id",
        events=("update",),
    ),
    Watched("catalogue_category", tags=(Tag("'category:' || {row}.id"),)),
    Watched("markets_categorytext", tags=(Tag("'category:' || {row}.category_id"),)),
    Watched("catalogue_productclass"),
    Watched("catalogue_productattribute"),
    Watched("catalogue_attributeoption"),
    Watched("markets_market", tags=(Tag("'markets'"),)),
    Watched("markets_marketdelivery", tags=(Tag("'markets'"),)),
    Watched("markets_taxsetup", tags=(Tag("'markets'"),)),
    Watched("product_facts_operator"),
    Watched("storefront_search_synonym", tags=(Tag("'lists'"),)),
    Watched(
        "wagtailcore_page",
        tags=(
            Tag("'page:' || {row}.id", _PAGE_IS_PUBLISHED),
            Tag(f"'under:' || {_PARENT_PATH}", _PAGE_IS_PUBLISHED),
            Tag("'navigation'", _PAGE_IS_MOVED),
        ),
    ),
    Watched("cms_homepage", tags=(_PAGE_TEXT,)),
    Watched("cms_blogpage", tags=(_PAGE_TEXT,)),
    Watched(
        "cms_articlepage",
        tags=(
            _PAGE_TEXT,
            Tag(
                "'under:' || (SELECT substr(path, 1, length(path) - 4) FROM wagtailcore_page"
                " WHERE id = {row}.page_ptr_id)"
            ),
        ),
        events=("update",),
    ),
    Watched(
        "cms_contentpage",
        tags=(
            _PAGE_TEXT,
            Tag(
                "'navigation'",
                "NEW.legal_kind IS {distinct} OLD.legal_kind OR NEW.only_in IS {distinct} OLD.only_in",
            ),
        ),
    ),
    Watched("wagtailcore_pageviewrestriction", tags=(Tag("'navigation'"),)),
    Watched("wagtailcore_site", tags=(Tag("'navigation'"),)),
    Watched("wagtailcore_locale", tags=(Tag("'navigation'"),)),
    Watched("wagtailimages_image", tags=(Tag("'pictures'"),), events=("update", "delete")),
    Watched("cms_branding", tags=(Tag("'branding'"),)),
    Watched("cms_menu", tags=(Tag("'menus'"),)),
    Watched("cms_menuentry", tags=(Tag("'menus'"),)),
    Watched("consent_service", tags=(Tag("'consent'"),)),
    # Where the card form is decides whether pages have the wallets' button.
    Watched("payments_paymentsetup", tags=(Tag("'wallets'", "NEW.page IS {distinct} OLD.page"),)),
)


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every watched table that exists; those there already are replaced."""
    tables = set(connection.introspection.table_names())
    if "storefront_search_cataloguechange" not in tables:
        return
    with connection.cursor() as cursor:
        for watched in WATCHED:
            if watched.table in tables:
                for statement in _write(watched, connection.vendor):
                    cursor.execute(statement)


def _write(watched: Watched, vendor: str) -> Iterator[str]:
    for event in watched.events:
        is_of_many = vendor == "postgresql" and event == "insert"  # often thousands: one statement for all
        name = f"storefront_search_{watched.table}_{event}"
        inserts = (
            _inserts_of_many(watched) if is_of_many else _inserts(watched, event, distinct=_DISTINCT[vendor])
        )
        yield from write_trigger(
            vendor, name=name, table=watched.table, event=event, does=inserts, is_of_many=is_of_many
        )


def _inserts_of_many(watched: Watched) -> Iterator[str]:
    """Return the statements that write down all the rows of one INSERT or COPY, each product once."""
    is_on_lists = "false" if watched.is_on_lists == "false" else "true"
    for tag in watched.tags:
        lists = "true" if tag.name == "'lists'" else "false"
        name = tag.name.format(row="written")
        yield f"{_INTO} SELECT DISTINCT NULL::bigint, {lists}, {_REST}, {name} FROM written"  # noqa: S608
    if watched.through:
        its = watched.through.format(row="written")
        yield (
            f"{_INTO} SELECT DISTINCT its.product_id, false, {_REST}, ''"  # noqa: S608
            f" FROM written CROSS JOIN LATERAL ({its}) AS its"
        )
    elif not watched.products and not watched.tags:
        yield f"{_INTO} SELECT NULL, true, {_REST}, '' WHERE EXISTS (SELECT FROM written)"  # noqa: S608
    for column in watched.products:
        yield (
            f"{_INTO} SELECT DISTINCT {column}, {is_on_lists}, {_REST}, '' FROM written"  # noqa: S608
            f" WHERE {column} IS NOT NULL"
        )


def _inserts(watched: Watched, event: str, *, distinct: str) -> Iterator[str]:
    """Return the statements that write a change: of the row as it was, where a product lost it, and as it is."""
    is_on_lists = "true"
    if watched.is_on_lists and (event == "update" or watched.is_on_lists == "false"):
        is_on_lists = f"({watched.is_on_lists.format(distinct=distinct)})"
    rows = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}[event]
    for tag in watched.tags:
        where = f" WHERE {tag.changed.format(distinct=distinct)}" if tag.changed and event == "update" else ""
        lists = "true" if tag.name == "'lists'" else "false"
        yield f"{_INTO} SELECT NULL, {lists}, {_REST}, {tag.name.format(row=rows[0])}{where}"
    if watched.through:
        its = watched.through.format(row=rows[0])
        yield f"{_INTO} SELECT product_id, false, {_REST}, '' FROM ({its}) AS its"  # noqa: S608
    elif not watched.products and not watched.tags:
        yield f"{_INTO} VALUES (NULL, true, {_REST}, '')"
    for column in watched.products:
        for row in rows:
            condition = f"{row}.{column} IS NOT NULL"
            if event == "update" and row == "OLD":
                condition += f" AND OLD.{column} IS {distinct} NEW.{column}"
            yield f"{_INTO} SELECT {row}.{column}, {is_on_lists}, {_REST}, '' WHERE {condition}"
