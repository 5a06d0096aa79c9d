"""JSON of Amazon's Selling Partner API: Catalog Items 2022-04-01 and Listings Items 2021-08-01."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from catalog_import.errors import OtherMarketplaceFile, PersonalDataFile, UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.listing import Listing, Offer, Picture, Role, RowProblem, Status
from catalog_import.marketplaces import MARKETPLACE_BY_ID, Marketplace
from catalog_import.readers.columns import NOT_A_SPECIFICATION
from catalog_import.readers.detect import RecognisedFile
from catalog_import.readers.listings_report import fulfilment_of
from catalog_import.readers.moments import parse_moment
from catalog_import.readers.row_checks import RowChecks, missing_sku
from catalog_import.readers.values import clean_text, is_asin, normalise_gtin, sanitise_description

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | Decimal | bool | None"

MAX_DOCUMENT_BYTES = 60_000_000
_OPTION_NAMES = frozenset(["color", "size", "style", "apparel_size"])
_TOLD_ELSEWHERE = frozenset(
    ["item_name", "brand", "bullet_point", "product_description", "purchasable_offer", "fulfillment_availability",
     "condition_type", "parentage_level", "child_parent_sku_relationship", "variation_theme",
     "externally_assigned_product_identifier", "merchant_suggested_asin", "item_type_keyword"]
)  # fmt: skip


def read_api_items(*, file: RecognisedFile, marketplace: Marketplace) -> Iterator[Listing | RowProblem]:
    """Yield a Listing per item; of a catalog item, which Amazon keeps by ASIN, the SKU is empty.

    Rows count the items of the document from 1. Raises UnreadableFile for any other JSON, OtherMarketplaceFile.
    """
    items = _find_items(file.name, _load(file))
    _check_marketplace(file.name, items, marketplace)
    checks = RowChecks(file.name, marketplace)
    for number, item in enumerate(items, start=1):
        if "sku" in item and not _text(item["sku"]):
            missing_sku(checks, row=number, column="sku")
        elif _text(item.get("sku")) or is_asin(_text(item.get("asin"))):
            yield _Item(item, number, checks).read()
        yield from checks.take_problems()


def _load(file: RecognisedFile) -> Json:
    with file.source.open() as stream:
        content = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise UnreadableFile(
            _("%(name)s is larger than %(limit)s MB. Give it in parts."),
            name=file.name,
            limit=MAX_DOCUMENT_BYTES // 1_000_000,
        )
    try:
        document: Json = json.loads(content.decode(file.encoding, "replace"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            _("%(name)s is a damaged JSON document (%(reason)s). Export it again."),
            name=file.name,
            reason=error,
        ) from error
    return document


def _find_items(name: str, document: Json) -> list[dict[str, Json]]:
    if isinstance(document, dict):
        payload = document.get("payload")
        if isinstance(payload, dict):
            document = payload
        if document.keys() & {"Orders", "orders", "AmazonOrderId", "OrderItems", "BuyerInfo"}:
            raise PersonalDataFile(
                _(
                    "%(name)s holds orders with Amazon buyers' data, which may not be taken into a shop; "
                    "choose a listings file instead."
                ),
                name=name,
            )
    entries = document.get("items", [document]) if isinstance(document, dict) else document
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    if not any(
        ("sku" in item or "asin" in item) and item.keys() & {"summaries", "attributes"} for item in found
    ):
        raise UnreadableFile(
            _(
                "%(name)s is a JSON document, but neither Catalog Items nor Listings Items nor A+ content of Amazon's "
                "interface. Choose a Category Listings Report or an All Listings Report."
            ),
            name=name,
        )
    return found


def _check_marketplace(name: str, items: list[dict[str, Json]], marketplace: Marketplace) -> None:
    named = {
        _text(entry.get("marketplaceId"))
        for item in items
        for part in ("summaries", "images", "productTypes", "identifiers")
        for entry in _entries(item.get(part))
    } - {""}
    if named and marketplace.id not in named:
        other = MARKETPLACE_BY_ID.get(min(named))
        raise OtherMarketplaceFile(
            _("%(name)s is from Amazon %(theirs)s, not from Amazon %(ours)s."),
            name=name,
            theirs=other.code.upper() if other else min(named)[:20],
            ours=marketplace.code.upper(),
        )


@dataclass(slots=True)
class _Item:
    """One item of a document and where its values are found."""

    item: dict[str, Json]
    row: int
    checks: RowChecks

    def read(self) -> Listing:
        """Return the listing; what its parts leave out is None."""
        checks, market = self.checks, self.checks.marketplace
        sku = _text(self.item.get("sku"))
        summary = next(iter(self._here("summaries")), {})
        asin = _text(self.item.get("asin")) or _text(summary.get("asin"))
        role, parent, theme = self._family()
        condition = self._attribute("condition_type") or _text(summary.get("conditionType"))
        attributes, specifications = self._attributes()
        title = self._attribute("item_name") or _text(summary.get("itemName"))
        keyword = self._attribute("item_type_keyword")
        product_type = next((_text(entry.get("productType")) for entry in self._here("productTypes")), "")
        return Listing(
            marketplace=market.code,
            sku=sku,
            file=checks.file,
            row=self.row,
            language=self._language(),
            asin=asin if is_asin(asin) else None,
            gtin=self._gtin(),
            title=checks.title(title, row=self.row, sku=sku or asin, column="item_name"),
            description=sanitise_description(self._attribute("product_description")) or None,
            brand=clean_text(self._attribute("brand") or _text(summary.get("brand"))) or None,
            product_type=(_text(summary.get("productType")) or product_type).upper() or None,
            item_type_keyword=keyword or None,
            bullet_points=tuple(filter(None, map(clean_text, self._texts("bullet_point")))),
            specifications=specifications,
            attributes=attributes,
            pictures=self._pictures(summary),
            role=role,
            parent_sku=parent,
            variation_theme=theme,
            status=_status(summary) if sku else None,
            condition="new" if condition.casefold() in ("new_new", "new") else condition or None,
            offer=Offer(currency=market.currency) if role is Role.PARENT or not sku else self._offer(),
        )

    def _here(self, part: str) -> list[dict[str, Json]]:
        """Return the entries of this marketplace."""
        entries = _entries(self.item.get(part))
        return [e for e in entries if _text(e.get("marketplaceId")) in ("", self.checks.marketplace.id)]

    def _values(self, name: str) -> list[dict[str, Json]]:
        """Return an attribute's instances of this marketplace, those in its language first."""
        attributes = self.item.get("attributes")
        market = self.checks.marketplace
        found = [
            entry
            for entry in _entries(attributes.get(name) if isinstance(attributes, dict) else None)
            if _text(entry.get("marketplace_id")) in ("", market.id)
        ]
        spoken = [e for e in found if _text(e.get("language_tag")).split("_")[0] in ("", market.language)]
        return spoken or found

    def _texts(self, name: str) -> list[str]:
        return [_text(entry.get("value")) for entry in self._values(name)]

    def _attribute(self, name: str) -> str:
        return next(filter(None, self._texts(name)), "")

    def _language(self) -> str:
        tags = (_text(entry.get("language_tag")) for entry in self._values("item_name"))
        return next((tag.split("_")[0].casefold() for tag in tags if tag), self.checks.marketplace.language)

    def _gtin(self) -> str | None:
        codes = [_text(e.get("value")) for e in self._values("externally_assigned_product_identifier")]
        for entry in self._here("identifiers"):
            codes += [
                _text(each.get("identifier"))
                for each in _entries(entry.get("identifiers"))
                if _text(each.get("identifierType")) in ("EAN", "UPC", "GTIN", "JAN")
            ]
        return next(filter(None, map(normalise_gtin, codes)), None)

    def _family(self) -> tuple[Role | None, str | None, str | None]:
        """Return role, parent and theme; the parent is a SKU, of a catalog item the ASIN."""
        theme = next((_text(entry.get("name")) for entry in self._values("variation_theme")), "")
        for entry in self._here("relationships"):
            for relation in _entries(entry.get("relationships")):
                if _text(relation.get("type")) != "VARIATION":
                    continue
                named = relation.get("variationTheme")
                theme = theme or (_text(named.get("theme")) if isinstance(named, dict) else "")
                parents = relation.get("parentSkus") or relation.get("parentAsins")
                if isinstance(parents, list) and parents:
                    return Role.CHILD, _text(parents[0]) or None, theme or None
                if relation.get("childSkus") or relation.get("childAsins"):
                    return Role.PARENT, None, theme or None
        parent = next((_text(e.get("parent_sku")) for e in self._values("child_parent_sku_relationship")), "")
        level = self._attribute("parentage_level").casefold()
        role = Role.PARENT if level == "parent" else Role.CHILD if parent else None
        return role, parent or None, theme or None

    def _offer(self) -> Offer:
        checks, row, sku = self.checks, self.row, _text(self.item.get("sku"))
        amounts = {"our_price": "", "discounted_price": ""}
        starts = ends = ""
        for offer in self._values("purchasable_offer"):
            if _text(offer.get("audience")) not in ("", "ALL"):
                continue
            for name in amounts:
                for price in _entries(offer.get(name)):
                    for schedule in _entries(price.get("schedule")):
                        amounts[name] = amounts[name] or _text(schedule.get("value_with_tax"))
                        if name == "discounted_price":
                            starts, ends = _text(schedule.get("start_at")), _text(schedule.get("end_at"))
        for offer in self._here("offers"):
            money = offer.get("price")
            if _text(offer.get("offerType")) in ("", "B2C") and isinstance(money, dict):
                amounts["our_price"] = amounts["our_price"] or _text(money.get("amount"))
        stock = [
            *self._values("fulfillment_availability"),
            *_entries(self.item.get("fulfillmentAvailability")),
        ]
        codes = (_text(e.get("fulfillment_channel_code") or e.get("fulfillmentChannelCode")) for e in stock)
        quantities = (_text(entry.get("quantity")) for entry in stock)
        return Offer(
            currency=checks.marketplace.currency,
            price=checks.price(amounts["our_price"], row=row, sku=sku, column="our_price"),
            sale_price=checks.price(amounts["discounted_price"], row=row, sku=sku, column="discounted_price"),
            sale_starts=parse_moment(starts),
            sale_ends=parse_moment(ends),
            quantity=checks.quantity(next(filter(None, quantities), ""), row=row, sku=sku, column="quantity"),
            fulfilment=fulfilment_of(next(filter(None, codes), "")),
        )

    def _pictures(self, summary: dict[str, Json]) -> tuple[Picture, ...]:
        """Return the largest picture of each variant: MAIN, then PT01 to PT08, then the swatch."""
        best: dict[str, tuple[int, str]] = {}
        for entry in self._here("images"):
            for image in _entries(entry.get("images")):
                variant, link, width = (_text(image.get(name)) for name in ("variant", "link", "width"))
                size = int(width) if width.isdigit() and len(width) < 9 else 0
                if link and size >= best.get(variant, (0, ""))[0]:
                    best[variant] = (size, link)
        main = summary.get("mainImage")
        if not best and isinstance(main, dict) and _text(main.get("link")):
            best["MAIN"] = (0, _text(main.get("link")))
        for place, name in enumerate(("main_product_image_locator", *_OTHER_PICTURES)):
            for value in self._values(name)[:1]:
                best.setdefault(f"PT{place:02}" if place else "MAIN", (0, _text(value.get("media_location"))))
        roles = {"MAIN": "main", "SWCH": "swatch"}
        order = sorted(best, key=lambda variant: (variant == "SWCH", variant != "MAIN", variant))
        sku = _text(self.item.get("sku")) or _text(self.item.get("asin"))
        return tuple(
            Picture(best[variant][1], roles.get(variant, "other"))
            for variant in order
            if best[variant][1]
            and self.checks.picture_address(best[variant][1], row=self.row, sku=sku, column="images")
        )

    def _attributes(self) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        attributes = self.item.get("attributes")
        values: dict[str, str] = {}
        specifications: list[tuple[str, str]] = []
        for name in attributes if isinstance(attributes, dict) else ():
            if name in _TOLD_ELSEWHERE:
                continue
            entry = next(iter(self._values(name)), {})
            text = clean_text(_text(entry.get("value")))
            if not text:
                continue
            unit = clean_text(_text(entry.get("unit")))
            values[name] = shown = f"{text} {unit}" if unit else text
            if name not in _OPTION_NAMES and not NOT_A_SPECIFICATION.match(name):
                specifications.append((name.replace("_", " ").capitalize(), shown))
        return values, tuple(specifications)


_OTHER_PICTURES = tuple(f"other_product_image_locator_{number}" for number in range(1, 9))


def _entries(value: Json) -> list[dict[str, Json]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    """Return a JSON value as the text of a cell; long decimals, which Amazon's unit conversion leaves, "
    "are rounded."""
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > 30:
            return ""
        plain = format(round(value, 4), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


def _status(summary: dict[str, Json]) -> Status | None:
    """Return ACTIVE for a listing that can be bought; a summary without status says nothing."""
    words = summary.get("status")
    if not isinstance(words, list):
        return None
    return Status.ACTIVE if "BUYABLE" in words else Status.INACTIVE
