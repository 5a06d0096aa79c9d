"""What a product page shows, read in a number of queries that does not depend on how many variants there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.cms.product_stories import find_story
from storefront.kept_sql import Given, KeptSql
from storefront.markets.editions import Edition, open_editions
from storefront.product_facts.documents import Document, list_documents
from storefront.product_facts.selectors import Facts, UnitPrice, facts_of
from storefront.search import navigation
from storefront.search.shopper import Shopper
from storefront.shop.catalogue import family as families
from storefront.shop.catalogue.buyer_reviews import Reviews, read_reviews
from storefront.shop.catalogue.family import Family, Offer
from storefront.shop.catalogue.promise import Promise, make_promise
from storefront.shop.catalogue.variants import Picker, Variant, build_pickers
from storefront.shop.catalogue.words import Options, Texts, read_options, read_texts

PICTURES_SHOWN = 12


@dataclass(frozen=True)
class Picture:
    """One picture of the gallery: its stored name and its text."""

    name: str
    alt: str


@dataclass(frozen=True)
class ProductDetails:
    """A product page. `chosen` is what the button buys: the product itself, or one of its variants.

    Where the shopper's market does not sell it, `sold_in` has an edition of each market that does.
    """

    product: Any
    chosen: Any
    url: str
    canonical_url: str
    offer: Offer
    sku: str
    texts: Texts
    pickers: tuple[Picker, ...]
    pictures: tuple[Picture, ...]
    crumbs: tuple[dict[str, str], ...]
    sold_in: tuple[Edition, ...]
    facts: Facts
    unit_price: UnitPrice | None
    promise: Promise | None
    reviews: Reviews | None
    options: Options
    market_codes: frozenset[str]
    variants: tuple[Any, ...] = ()
    story: Any = None
    documents: tuple[Document, ...] = ()

    @property
    def main_picture(self) -> Picture | None:
        """Return the one that is shown first."""
        return next(iter(self.pictures), None)

    @property
    def full_title(self) -> str:
        """Return the title with what is chosen, such as "Cable, Black, 2 m"."""
        is_variant = self.url != self.canonical_url
        return ", ".join(
            [self.texts.title, *(picker.value for picker in self.pickers if is_variant and picker.value)]
        )


def read_product_page(*, family: Family, shopper: Shopper) -> ProductDetails:
    """Return the page of a product, parent or variant; a parent shows its first variant that can be bought."""
    root, chosen = family.root, families.choose(family, shopper)
    texts = read_texts(family=root, chosen=chosen, shopper=shopper)
    offer = families.read_offer(chosen, shopper)
    options = read_options(root, family.variants, shopper)
    record = families.first_record(chosen)
    facts = facts_of(rows=(chosen.facts, root.facts), language=shopper.language, fallback=shopper.fallback)
    return ProductDetails(
        product=root,
        chosen=chosen,
        url=family.asked.get_absolute_url(),
        canonical_url=root.get_absolute_url(),
        offer=offer,
        sku=record.partner_sku if record else "",
        texts=texts,
        pickers=tuple(_build_pickers(family, chosen, options, shopper)),
        pictures=tuple(_read_pictures(root, chosen, texts.title)),
        crumbs=tuple(_read_crumbs(root, texts.title)),
        sold_in=() if offer.is_sold else tuple(_editions_selling(family, shopper)),
        facts=facts,
        unit_price=facts.unit_price(price=offer.price, currency=offer.currency),
        promise=make_promise(
            market=shopper.market if offer.is_available else None, today=timezone.localdate(shopper.now)
        ),
        reviews=read_reviews(root),
        options=options,
        market_codes=families.market_codes(family, shopper),
        variants=family.variants,
        story=_read_story(root, chosen, shopper),
        documents=_read_documents(root, chosen, shopper),
    )


def _read_story(root, chosen, shopper: Shopper) -> Any:
    """Return the story of the variant, else of the family, in the shopper's language or the one that stands in."""
    told = [product.pk for product in (chosen, root) if product.has_story]
    languages = [shopper.language, shopper.language.partition("-")[0], shopper.fallback]
    return find_story(product_ids=told, languages=list(dict.fromkeys(languages))) if told else None


def _read_documents(root, chosen, shopper: Shopper) -> tuple[Document, ...]:
    """Return the documents of the family and of the variant."""
    documented = [product.pk for product in (root, chosen) if product.has_documents]
    return list_documents(product_ids=documented, language=shopper.language) if documented else ()


def _build_pickers(family: Family, chosen, options: Options, shopper: Shopper) -> list[Picker]:
    if not family.variants:
        return []
    choices = {
        variant.pk: Variant(
            id=variant.pk,
            name=variant.title or getattr(families.first_record(variant), "partner_sku", ""),
            url=variant.get_absolute_url(),
            options=options.shown[variant.pk],
            own_options=options.own[variant.pk],
            is_available=families.is_available(variant, shopper),
        )
        for variant in family.variants
    }
    return build_pickers(
        variants=list(choices.values()),
        selected=choices[chosen.pk],
        axes=options.axes,
        fallback_name=_("Variant"),
    )


def _read_pictures(family, chosen, title: str) -> list[Picture]:
    """Return the variant's pictures, else the family's, else those of the first variant that has any."""
    images = _PICTURES(family=family.pk)
    owners = [chosen.pk, family.pk, *(product_id for product_id, _name, _caption in images)]
    owner = next((pk for pk in owners if any(image[0] == pk for image in images)), None)
    own = [image for image in images if image[0] == owner][:PICTURES_SHOWN]
    return [
        Picture(name=name, alt=caption or _describe_picture(title, number))
        for number, (_product_id, name, caption) in enumerate(own, start=1)
    ]


def _build_pictures() -> QuerySet:
    Product, family = get_model("catalogue", "Product"), Given("family", BigIntegerField())
    # Both ways in have an index of their own; asked for with OR, PostgreSQL looks at every picture.
    variants = Product.objects.filter(parent=family).order_by().values("pk")
    members = Product.objects.filter(pk=family).order_by().values("pk").union(variants, all=True)
    images = get_model("catalogue", "ProductImage").objects.filter(product__in=members)
    images = images.order_by("product_id", "display_order", "id")
    return images.values_list("product_id", "original", "caption")


_PICTURES = KeptSql(_build_pictures)


def _describe_picture(title: str, number: int) -> str:
    if number == 1:
        return title
    return _("%(title)s, picture %(number)d") % {"title": title, "number": number}


def _read_crumbs(family, title: str) -> list[dict[str, str]]:
    path = navigation.way_down(family.category_id) if family.category_id else []
    return [*({"name": link.name, "url": link.url} for link in path), {"name": title, "url": ""}]


def _editions_selling(family: Family, shopper: Shopper) -> list[Edition]:
    """Return for each market that sells the product its edition in the shopper's language, else its first one."""
    found = []
    for market in families.markets_selling(family, shopper):
        own = [edition for edition in open_editions() if edition.market.pk == market.pk]
        spoken = (edition for edition in own if edition.language == shopper.language)
        found += [edition for edition in [next(spoken, next(iter(own), None))] if edition]
    return found
