#!/usr/bin/env python3
"""Generate arbitrarily large, invented Amazon-style listing exports (standard library only, constant memory).

  generate_listings.py --rows 100000 --format clr --marketplace de --seed 7 --dirty 0.02 --out big.txt

Formats: all-listings (TSV, never quoted), clr (Category Listings Report, generation 4), flat-file (generation 3).
`--out x.gz` compresses; `--out x.xlsx` (clr, flat-file) streams a workbook.
About 70 % of the rows belong to families of 2-24 children; clr and flat-file contain a parent row per family.
`--dirty F` damages about F of the rows and writes OUT.faults.json: row number (1 = first line of the file),
SKU, fault, action (skip | repair | report) and what a correct importer must do. `--list-faults` prints all kinds.
"""

import argparse
import gzip
import json
import random
import sys
import time
import zipfile
from xml.sax.saxutils import escape

B36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
XLSX_MAX = 1048576

MARKETS = {
    "us": dict(
        id="ATVPDKIKX0DER",
        lang="en_US",
        cur="USD",
        enc="cp1252",
        fba="AMAZON_NA",
        brand="Zellumo",
        things=[
            "Desk Lamp",
            "Water Bottle",
            "Garden Shears",
            "USB-C Cable",
            "Yoga Mat",
            "Coffee Grinder",
            "Tool Box",
            "Phone Stand",
            "Plant Pot",
            "Travel Mug",
        ],
        adj=[
            "Foldable",
            "Lightweight",
            "Heavy Duty",
            "Compact",
            "Premium",
            "Rustproof",
            "Washable",
            "Silent",
            "Adjustable",
            "Non-Slip",
        ],
        colors=["Black", "White", "Ocean Blue", "Red", "Forest Green", "Gray", "Sand", "Rose"],
        sizes=["Small", "Medium", "Large"],
        bullets=[
            "GOOD TO HOLD: Soft grip zones",
            "EASY CARE: Wipe with a damp cloth",
            "TESTED: 24-month warranty",
            "GIFT READY: Printed recycled box",
            "SIZE: Fits standard shelves",
        ],
        parent="Parent",
        child="Child",
        action="Edit (Partial Update)",
        delete="Delete",
        active="Active",
        odd="Café Crème Edition",
    ),
    "de": dict(
        id="A1PA6795UKMFR9",
        lang="de_DE",
        cur="EUR",
        enc="cp1252",
        fba="AMAZON_EU",
        brand="Fernowick",
        things=[
            "Schreibtischlampe",
            "Trinkflasche",
            "Gartenschere",
            "USB-C Kabel",
            "Yogamatte",
            "Kaffeemühle",
            "Werkzeugkiste",
            "Handyständer",
            "Blumentopf",
            "Thermobecher",
        ],
        adj=[
            "Faltbar",
            "Leicht",
            "Robust",
            "Kompakt",
            "Hochwertig",
            "Rostfrei",
            "Waschbar",
            "Leise",
            "Verstellbar",
            "Rutschfest",
        ],
        colors=["Schwarz", "Weiß", "Ozeanblau", "Rot", "Waldgrün", "Grau", "Sand", "Rosé"],
        sizes=["Klein", "Mittel", "Groß"],
        bullets=[
            "GUTER GRIFF: Weiche Zonen",
            "PFLEGELEICHT: Feucht abwischen",
            "GEPRÜFT: 24 Monate Garantie",
            "GESCHENKFERTIG: Bedruckter Karton",
            "GRÖSSE: Passt in Standardregale",
        ],
        parent="Übergeordnet",
        child="Untergeordnet",
        action="Bearbeiten (Teilaktualisierung)",
        delete="Löschen",
        active="Aktiv",
        odd="für größere Küchen",
    ),
    "jp": dict(
        id="A1VC38T7YXB528",
        lang="ja_JP",
        cur="JPY",
        enc="cp932",
        fba="AMAZON_JP",
        brand="ゼルモ",
        things=[
            "デスクライト",
            "水筒",
            "園芸ばさみ",
            "USB-Cケーブル",
            "ヨガマット",
            "コーヒーミル",
            "工具箱",
            "スマホスタンド",
            "植木鉢",
            "タンブラー",
        ],
        adj=[
            "折りたたみ",
            "軽量",
            "頑丈",
            "小型",
            "高品質",
            "さびにくい",
            "洗える",
            "静音",
            "調節可能",
            "すべり止め",
        ],
        colors=["ブラック", "ホワイト", "ネイビー", "レッド", "グリーン", "グレー", "ベージュ", "ピンク"],
        sizes=["S", "M", "L"],
        bullets=[
            "握りやすい：やわらかいグリップ",
            "お手入れ簡単：水拭きできます",
            "安心の24か月保証",
            "ギフト箱入り",
            "標準サイズの棚に収まります",
        ],
        parent="親",
        child="子",
        action="編集（部分更新）",
        delete="削除",
        active="出品中",
        odd="〝限定版〟①",
    ),
}

ALL_EN = (
    "item-name item-description listing-id seller-sku price quantity open-date image-url item-is-marketplace product-id-type zshop-shipping-fee item-note "
    "item-condition zshop-category1 zshop-browse-path zshop-storefront-feature asin1 asin2 asin3 will-ship-internationally expedited-shipping zshop-boldface "
    "product-id bid-for-featured-placement add-delete pending-quantity fulfillment-channel merchant-shipping-group status"
).split()
ALL_DE = (
    "Artikelbezeichnung|Artikelbeschreibung|Angebotsnummer|Händler-SKU|Preis|Menge|Erstellungsdatum|Bild-URL|Artikel ist Marketplace-Angebot|Produkt-ID-Typ|"
    "zShop-Versandkosten|Anmerkung zum Artikel|Artikelzustand|zShop-Kategorie 1|zShop-Suchpfad|zShop-Storefront-Feature|ASIN 1|ASIN 2|ASIN 3|Internationaler Versand|"
    "Expressversand|zShop: Fettschrift|Produkt-ID|Gebot für hervorgehobene Platzierung|Hinzufügen-Löschen|Anzahl Bestellungen|Versender|Händlerversandgruppe|Status"
).split("|")
ALL_JP = (
    "商品名|商品の説明|出品ID|出品者SKU|価格|数量|出品日|画像URL|マーケットプレイス|商品IDタイプ|zshop-shipping-fee|コンディション説明|コンディション|zshop-category1|"
    "zshop-browse-path|zshop-storefront-feature|ASIN1|ASIN2|ASIN3|国外への配送|迅速な配送|zshop-boldface|商品ID|bid-for-featured-placement|add-delete|"
    "保留中の数量|フルフィルメント・チャンネル|merchant-shipping-group|ステータス"
).split("|")
ALL_ALIAS = dict(
    title=0,
    desc=1,
    listing=2,
    sku=3,
    price=4,
    qty=5,
    date=6,
    y=8,
    id_type=9,
    cond=12,
    asin=16,
    pid=22,
    pending=25,
    channel=26,
    group=27,
    status=28,
)


def clr_columns(m):
    mp, lg = "[marketplace_id=%s]" % m["id"], "[language_tag=%s]" % m["lang"]
    of = "purchasable_offer%s[audience=ALL]#1" % mp
    cols = [
        ("action", "::record_action"),
        ("status", "::listing_status"),
        ("t2", "::title"),
        ("sku", "contribution_sku#1.value"),
        ("ptype", "product_type#1.value"),
        ("title", f"item_name{mp}{lg}#1.value"),
        ("brand", f"brand{mp}{lg}#1.value"),
        ("id_type", "amzn1.volt.ca.product_id_type"),
        ("asin", "amzn1.volt.ca.product_id_value"),
        ("ext_type", f"externally_assigned_product_identifier{mp}#1.type"),
        ("pid", f"externally_assigned_product_identifier{mp}#1.value"),
        ("img0", f"main_product_image_locator{mp}#1.media_location"),
    ]
    cols += [("img%d" % i, f"other_product_image_locator_{i}{mp}#1.media_location") for i in range(1, 5)]
    cols += [
        ("role", f"parentage_level{mp}#1.value"),
        ("rel", f"child_parent_sku_relationship{mp}#1.child_relationship_type"),
        ("parent", f"child_parent_sku_relationship{mp}#1.parent_sku"),
        ("theme", "variation_theme#1.name"),
        ("desc", f"product_description{mp}{lg}#1.value"),
    ]
    cols += [("b%d" % i, f"bullet_point{mp}{lg}#{i + 1}.value") for i in range(5)]
    cols += [
        ("keywords", f"generic_keyword{mp}{lg}#1.value"),
        ("color", f"color{mp}{lg}#1.value"),
        ("size", f"size{mp}{lg}#1.value"),
        ("weight", f"item_weight{mp}#1.value"),
        ("weight_unit", f"item_weight{mp}#1.unit"),
        ("cond", f"condition_type{mp}#1.value"),
        ("list_price", f"list_price{mp}#1.value"),
        ("channel", "fulfillment_availability#1.fulfillment_channel_code"),
        ("qty", "fulfillment_availability#1.quantity"),
        ("price", f"{of}.our_price#1.schedule#1.value_with_tax"),
        ("sale", f"{of}.discounted_price#1.schedule#1.value_with_tax"),
        ("origin", f"country_of_origin{mp}#1.value"),
    ]
    return cols


FLAT = (
    [
        ("ptype", "feed_product_type"),
        ("sku", "item_sku"),
        ("brand", "brand_name"),
        ("action", "update_delete"),
        ("pid", "external_product_id"),
        ("ext_type", "external_product_id_type"),
        ("title", "item_name"),
        ("desc", "product_description"),
        ("price", "standard_price"),
        ("qty", "quantity"),
        ("img0", "main_image_url"),
    ]
    + [("img%d" % i, "other_image_url%d" % i) for i in range(1, 5)]
    + [
        ("role", "parent_child"),
        ("parent", "parent_sku"),
        ("rel", "relationship_type"),
        ("theme", "variation_theme"),
    ]
    + [("b%d" % i, "bullet_point%d" % (i + 1)) for i in range(5)]
    + [
        ("keywords", "generic_keywords"),
        ("color", "color_name"),
        ("size", "size_name"),
        ("weight", "item_weight"),
        ("weight_unit", "item_weight_unit_of_measure"),
        ("cond", "condition_type"),
        ("list_price", "list_price"),
        ("sale", "sale_price"),
        ("origin", "country_of_origin"),
        ("channel", "fulfillment_center_id"),
    ]
)

# kind: (formats: a/c/f, which rows: child s=standalone p=parent, action, what a correct importer must do)
FAULTS = {
    "raw_quote": (
        "a",
        "cs",
        "repair",
        "import the row alone; the quote belongs to the title; following rows are not swallowed",
    ),
    "replaced_char": (
        "acf",
        "cs",
        "report",
        "import; warn that the title contains '?' inside a word (lost character)",
    ),
    "mojibake": ("acf", "cs", "repair", "undo the double encoding of the title"),
    "bad_byte": ("acf", "cs", "repair", "keep the file encoding, replace the byte, report it"),
    "control_char": ("acf", "cs", "repair", "drop control characters from the title"),
    "short_row": ("a", "cs", "repair", "treat missing trailing cells as empty"),
    "extra_tab": (
        "a",
        "cs",
        "report",
        "row has more cells than the header: never import shifted values; skip the row and report",
    ),
    "blank_line": ("acf", "csp", "skip", "ignore the empty line, keep counting rows"),
    "empty_sku": ("acf", "cs", "skip", "no SKU: skip and report"),
    "empty_title": ("acf", "s", "report", "import unpublished, report missing title"),
    "long_title": ("acf", "cs", "report", "keep the full text or cut at the limit, but say so"),
    "quantity_blank_own": (
        "acf",
        "cs",
        "report",
        "merchant-fulfilled without quantity: stock unknown, not 0; report",
    ),
    "quantity_text": ("acf", "cs", "report", "quantity is not a number: stock unknown; report"),
    "price_blank": ("acf", "cs", "report", "import unpublished / not buyable; report"),
    "price_zero": ("acf", "cs", "report", "never sell for 0: not buyable; report"),
    "price_negative": ("acf", "cs", "report", "reject the price, not buyable; report"),
    "price_symbol": ("acf", "cs", "repair", "strip the currency sign"),
    "price_ambiguous": (
        "acf",
        "cs",
        "report",
        "one separator and three digits: use the marketplace's notation (value given); report",
    ),
    "gtin_scientific": ("cf", "cs", "report", "digits are lost: leave the GTIN empty; report"),
    "gtin_float": ("cf", "cs", "repair", "remove the trailing .0"),
    "gtin_check_digit": ("cf", "cs", "report", "keep the product, do not store the wrong GTIN; report"),
    "gtin_lost_zero": ("cf", "cs", "repair", "pad to 13 digits because the check digit fits then"),
    "id_type_lies": ("a", "cs", "repair", "type says ISBN but the value is an ASIN: treat as ASIN"),
    "date_invalid": ("a", "cs", "report", "import without date; report"),
    "duplicate_sku": (
        "acf",
        "cs",
        "report",
        "one product; the later row wins as a whole; report both row numbers",
    ),
    "duplicate_variant": (
        "cf",
        "c",
        "repair",
        "same options twice (FBA and own stock): one variant, second SKU is an extra offer",
    ),
    "orphan_child": (
        "cf",
        "c",
        "report",
        "parent is not in the file: import as a standalone product; report",
    ),
    "theme_spelling": ("cf", "p", "repair", "normalise the variation theme; axes stay colour and size"),
    "parent_price": ("cf", "p", "repair", "ignore price and quantity on a parent row"),
    "example_row": ("cf", "s", "skip", "template example, not a product"),
    "delete_row": ("cf", "s", "skip", "record action is delete: do not import"),
    "html_script": (
        "acf",
        "cs",
        "repair",
        "sanitise the description: no script, no event handlers, text stays",
    ),
    "formula": ("acf", "cs", "repair", "store as plain text; escape when written to CSV/Excel again"),
    "image_private": (
        "cf",
        "cs",
        "report",
        "never fetch: private address; skip the picture, import the product; report",
    ),
    "image_scheme": ("cf", "cs", "report", "not http(s): skip the picture, import the product; report"),
}
THEME_SPELLINGS = [
    "SizeColor",
    "SizeName-ColorName",
    "Sizename-Colorname",
    "color-size",
    "SIZE_NAME/COLOR_NAME",
    "COLOR/SIZE",
    "Color Size",
]
PRIVATE = [
    "http://10.0.0.5/a.jpg",
    "http://192.168.1.20/a.jpg",
    "http://172.16.3.4:8080/a.jpg",
    "http://localhost/a.jpg",
]


def gtin(n):
    body = "2%011d" % (n * 7 % 10**11)
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def b36(n, width):
    out = ""
    for _ in range(width):
        n, r = divmod(n, 36)
        out = B36[r] + out
    return out


class Maker:
    """Yields (role, cells) in file order; role is p(arent), c(hild) or s(tandalone)."""

    def __init__(self, fmt, market, seed):
        self.fmt, self.mk, self.m = fmt, market, MARKETS[market]
        self.rnd = random.Random(f"{fmt}|{market}|{seed}")
        self.cols = None if fmt == "all-listings" else clr_columns(self.m) if fmt == "clr" else FLAT
        self.alias = ALL_ALIAS if fmt == "all-listings" else {a: i for i, (a, _) in enumerate(self.cols)}
        self.width = 29 if fmt == "all-listings" else len(self.cols)
        self.n = 0
        self.sizes = [
            k for k in range(2, 25) for _ in range(max(1, 26 - k * 2))
        ]  # small families are more frequent
        rows = sum(self.sizes) / len(self.sizes) + (fmt != "all-listings")
        self.p_family = 0.7 / (0.3 * rows + 0.7)

    def rows(self):
        rnd, m = self.rnd.random, self.m
        themes = {"clr": "COLOR/SIZE", "flat-file": "SizeName-ColorName", "all-listings": ""}
        while True:
            fam = "%s %s %s %s" % (
                m["brand"],
                m["adj"][int(rnd() * 10)],
                m["things"][int(rnd() * 10)],
                b36(int(rnd() * 46656), 3),
            )
            base = 500 + int(rnd() ** 3 * 20000)
            if rnd() < self.p_family:
                k, self.n = self.sizes[int(rnd() * len(self.sizes))], self.n + 1
                psku = "G-%s-P" % b36(self.n, 6)
                if self.fmt != "all-listings":
                    yield "p", self.row("p", psku, fam, fam, "", "", "", base, themes[self.fmt])
                for i in range(k):
                    color, size = m["colors"][i % 8], m["sizes"][i // 8]
                    yield (
                        "c",
                        self.row(
                            "c",
                            psku[:-1] + "%02d" % (i + 1),
                            "%s, %s, %s" % (fam, color, size),
                            fam,
                            psku,
                            color,
                            size,
                            base + 100 * (i // 8),
                            themes[self.fmt],
                        ),
                    )
            else:
                yield "s", self.row("s", "S-" + b36(self.n, 6), fam, fam, "", "", "", base, "")

    def price(self, c):
        if self.mk == "jp":
            return str(c // 10 * 10)
        return "%d%s%02d" % (c // 100, "," if self.mk == "de" else ".", 99)

    def row(self, role, sku, title, fam, parent, color, size, cents, theme):
        rnd, m, mk = self.rnd.random, self.m, self.mk
        self.n += 1
        n = self.n
        asin = "B0ZZ" + b36(n * 7919 % 2176782336, 6)
        fba = rnd() < 0.7
        qty = "" if fba else str(int(rnd() * 300))
        if self.fmt == "all-listings":
            day, hour = n * 13 % 28 + 1, n % 24
            month, year = n % 12 + 1, 2019 + n % 7
            if mk == "us":
                date = "%d-%02d-%02d %02d:%02d:07 %s" % (
                    year,
                    month,
                    day,
                    hour,
                    n % 60,
                    "PDT" if 3 < month < 11 else "PST",
                )
            elif mk == "de":
                date = "%02d/%02d/%d %02d:%02d:07 %s" % (
                    day,
                    month,
                    year,
                    hour,
                    n % 60,
                    "MESZ" if 3 < month < 10 else "MEZ",
                )
            else:
                date = "%d/%02d/%02d %02d:%02d:07 JST" % (year, month, day, hour, n % 60)
            return [
                title,
                "",
                "%02d%02d%s" % (month, day, b36(n * 31 % 78364164096, 7)),
                sku,
                self.price(cents),
                qty,
                date,
                "",
                "y",
                "1",
                "",
                "",
                "11",
                "",
                "",
                "",
                asin,
                "",
                "",
                "",
                "",
                "",
                asin,
                "",
                "",
                "" if fba else "0",
                m["fba"] if fba else "DEFAULT",
                "Demo Template",
                m["active"],
            ]
        img = "https://images.example.test/I/71%s%sL._AC_SL1500_.jpg"
        fid = b36(n // 30, 5)
        leaf = role != "p"
        v = {
            "action": m["action"] if self.fmt == "clr" else "Update",
            "status": m["active"],
            "t2": title,
            "sku": sku,
            "ptype": "HOME" if self.fmt == "clr" else "home",
            "title": title,
            "brand": m["brand"],
            "id_type": "ASIN",
            "asin": asin,
            "ext_type": "EAN" if leaf else "",
            "pid": gtin(n) if leaf else "",
            "img0": img % (fid, "a" + b36(n, 5)),
            "img1": img % (fid, "b00"),
            "img2": img % (fid, "c00"),
            "img3": "",
            "img4": "",
            "role": m["parent"] if role == "p" else m["child"] if role == "c" else "",
            "rel": "variation" if role == "c" else "",
            "parent": parent,
            "theme": theme,
            "desc": "<p>%s</p><p>%s</p>" % (fam, m["bullets"][n % 5]),
            "b0": m["bullets"][0],
            "b1": m["bullets"][1],
            "b2": m["bullets"][2],
            "b3": m["bullets"][3],
            "b4": m["bullets"][4],
            "keywords": fam.lower(),
            "color": color,
            "size": size,
            "weight": str(50 + n % 900) if leaf else "",
            "weight_unit": "grams" if leaf else "",
            "cond": "new_new" if leaf else "",
            "list_price": "",
            "channel": (m["fba"] if fba else "DEFAULT") if leaf else "",
            "qty": qty if leaf else "",
            "price": self.price(cents) if leaf else "",
            "sale": self.price(cents - 100) if leaf and n % 12 == 0 else "",
            "origin": "CN" if leaf else "",
        }
        return [v[a] for a, _ in self.cols]


class Dirt:
    """Damages rows and remembers what it did. Returns the list of rows to write (None = empty line)."""

    def __init__(self, maker, fraction, seed):
        self.mk, self.f = maker, fraction
        self.rnd = random.Random(f"dirt|{seed}")
        letter = maker.fmt[0]
        self.kinds = {
            role: [
                k
                for k, (fmts, roles, *_) in FAULTS.items()
                if letter in fmts and role in roles and not (maker.mk == "jp" and k == "mojibake")
            ]
            for role in "csp"
        }

    def apply(self, role, r):
        """-> (rows, [(offset of the row concerned, kind, extra)])"""
        if self.rnd.random() >= self.f or not self.kinds[role]:
            return [r], []
        kind = self.kinds[role][int(self.rnd.random() * len(self.kinds[role]))]
        return getattr(self, kind)(r, kind)

    # helpers
    def set(self, r, kind, **changes):
        before = {a: r[self.mk.alias[a]] for a in changes}
        extra = {"sku": r[self.mk.alias["sku"]], "before": before}
        for a, v in changes.items():
            r[self.mk.alias[a]] = v
        return [r], [(0, kind, extra)]

    def get(self, r, a):
        return r[self.mk.alias[a]]

    # one method per fault kind
    def raw_quote(self, r, k):
        return self.set(
            r,
            k,
            title='"' + self.get(r, "title")
            if self.rnd.random() < 0.5
            else self.get(r, "title") + ' 12" x 8',
        )

    def replaced_char(self, r, k):
        return self.set(r, k, title=self.get(r, "title") + " Caf?s")

    def mojibake(self, r, k):
        good = self.get(r, "title") + " " + self.mk.m["odd"]
        rows, f = self.set(r, k, title=good.encode("utf-8").decode("cp1252", "ignore"))
        f[0][2]["expected_title"] = good
        return rows, f

    def bad_byte(self, r, k):
        return self.set(r, k, title=self.get(r, "title") + " @@BADBYTE@@")

    def control_char(self, r, k):
        return self.set(r, k, title=self.get(r, "title")[:5] + "\x07" + self.get(r, "title")[5:] + "\x0b")

    def short_row(self, r, k):
        rows, f = self.set(r, k)
        return [r[:27]], f

    def extra_tab(self, r, k):
        return self.set(r, k, title=self.get(r, "title").replace(" ", "\t", 1))

    def blank_line(self, r, k):
        return [None, r], [(0, k, {"sku": ""})]

    def empty_sku(self, r, k):
        return self.set(r, k, sku="")

    def empty_title(self, r, k):
        return self.set(r, k, title="", **({"t2": ""} if "t2" in self.mk.alias else {}))

    def long_title(self, r, k):
        return self.set(r, k, title=(self.get(r, "title") + " ") * 30)

    def quantity_blank_own(self, r, k):
        return self.set(r, k, qty="", channel="DEFAULT")

    def quantity_text(self, r, k):
        return self.set(r, k, qty="n/a", channel="DEFAULT")

    def price_blank(self, r, k):
        return self.set(r, k, price="")

    def price_zero(self, r, k):
        return self.set(r, k, price={"us": "0.00", "de": "0,00", "jp": "0"}[self.mk.mk])

    def price_negative(self, r, k):
        return self.set(r, k, price="-" + self.get(r, "price"))

    def price_symbol(self, r, k):
        p = self.get(r, "price")
        return self.set(r, k, price={"us": "$" + p, "de": p + " €", "jp": "￥" + p}[self.mk.mk])

    def price_ambiguous(self, r, k):
        rows, f = self.set(r, k, price="1.299" if self.mk.mk != "jp" else "1,299")
        f[0][2]["expected_price"] = {
            "us": "1.299 -> reject or 1.30 with report",
            "de": "1299.00",
            "jp": "1299",
        }[self.mk.mk]
        return rows, f

    def gtin_scientific(self, r, k):
        return self.set(r, k, pid="2,01E+12" if self.mk.mk == "de" else "2.01E+12")

    def gtin_float(self, r, k):
        return self.set(r, k, pid=self.get(r, "pid") + ".0")

    def gtin_check_digit(self, r, k):
        p = self.get(r, "pid")
        return self.set(r, k, pid=p[:-1] + str((int(p[-1]) + 5) % 10))

    def gtin_lost_zero(self, r, k):
        n = "02%09d" % int(self.rnd.random() * 1e9)
        body = n + "0"
        total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
        full = body + str(-total % 10)
        rows, f = self.set(r, k, pid=full[1:])
        f[0][2]["expected_gtin"] = full
        return rows, f

    def id_type_lies(self, r, k):
        return self.set(r, k, id_type="2")

    def date_invalid(self, r, k):
        return self.set(r, k, date="31/02/2025 10:00:00 XST")

    def duplicate_sku(self, r, k):
        second = r[:]
        second[self.mk.alias["title"]] += " (new)"
        return [r, second], [
            (
                1,
                k,
                {
                    "sku": self.get(r, "sku"),
                    "first_row_offset": -1,
                    "expected_title": second[self.mk.alias["title"]],
                },
            )
        ]

    def duplicate_variant(self, r, k):
        second = r[:]
        for a, v in (("sku", self.get(r, "sku") + "-FBM"), ("channel", "DEFAULT"), ("qty", "9"), ("pid", "")):
            second[self.mk.alias[a]] = v
        return [r, second], [
            (1, k, {"sku": second[self.mk.alias["sku"]], "same_options_as": self.get(r, "sku")})
        ]

    def orphan_child(self, r, k):
        return self.set(r, k, parent="GONE-" + self.get(r, "parent"))

    def theme_spelling(self, r, k):
        other = [t for t in THEME_SPELLINGS if t != self.get(r, "theme")]
        return self.set(r, k, theme=other[int(self.rnd.random() * len(other))])

    def parent_price(self, r, k):
        return self.set(r, k, price=self.mk.price(1999), qty="5")

    def example_row(self, r, k):
        return self.set(r, k, sku=("ABC123", "EXAMPLE-SKU", "EXAMPLE-017")[int(self.rnd.random() * 3)])

    def delete_row(self, r, k):
        return self.set(r, k, action=self.mk.m["delete"] if self.mk.fmt == "clr" else "Delete")

    def html_script(self, r, k):
        return self.set(r, k, desc="<p>Good</p><script>alert(1)</script><img src=x onerror=alert(2)>")

    def formula(self, r, k):
        return self.set(
            r,
            k,
            title='=HYPERLINK("http://example.test","x")'
            if self.mk.fmt != "all-listings"
            else "=1+1+cmd|' /C calc'!A0",
        )

    def image_private(self, r, k):
        return self.set(r, k, img1=PRIVATE[int(self.rnd.random() * 4)])

    def image_scheme(self, r, k):
        return self.set(r, k, img1="ftp://images.example.test/a.jpg")


def header(maker):
    """Header rows as lists of cells."""
    m, fmt = maker.m, maker.fmt
    if fmt == "all-listings":
        return [{"us": ALL_EN, "de": ALL_DE, "jp": ALL_JP}[maker.mk]]
    keys = [k for _, k in maker.cols]
    pad = lambda r: r + [""] * (len(keys) - len(r))
    if fmt == "clr":
        settings = f"settings=feedType=256&headerLanguageTag={m['lang']}&contentLanguageTag={m['lang']}&primaryMarketplaceId=amzn1.mp.o.{m['id']}&labelRow=4&attributeRow=5&dataRow=7&ptds=HOME"
        labels = [k.split("[")[0].split("#")[0].strip(":").replace("_", " ").title() for k in keys]
        example = ["ABC123" if a == "sku" else "Example" if a == "title" else "" for a, _ in maker.cols]
        return [
            pad([settings]),
            pad(["", "", "Do not modify the header rows."]),
            pad(["Listing Identity"]),
            labels,
            keys,
            example,
        ]
    settings = f"settings=attributeRow=3&contentLanguageTag={m['lang']}&dataRow=4&feedType=113&labelRow=2&primaryMarketplaceId=amzn1.mp.o.{m['id']}"
    return [
        pad(["TemplateType=fptcustom", "Version=2025.0717", "TemplateSignature=SE9NRQ==", settings]),
        [k.replace("_", " ").title() for k in keys],
        keys,
    ]


class TextOut:
    """Tab separated text. Reports are never quoted; templates are quoted like Excel does."""

    def __init__(self, path, enc, quoting, bom=False):
        self.f = (
            gzip.open(path, "wb", compresslevel=3)
            if path.endswith(".gz")
            else open(path, "wb", buffering=1 << 20)
        )
        self.enc, self.quoting = enc, quoting
        self.bad = {"cp932": b"\xfd"}.get(enc, b"\x81")
        if bom:
            self.f.write(b"\xef\xbb\xbf")

    def write(self, cells):
        if cells is None:
            self.f.write(b"\r\n")
            return
        line = "\t".join(cells)
        if self.quoting and ('"' in line or "\n" in line or line.count("\t") != len(cells) - 1):
            line = "\t".join(
                '"' + c.replace('"', '""') + '"' if '"' in c or "\n" in c or "\t" in c else c for c in cells
            )
        raw = line.encode(self.enc, "replace")
        if "@@BADBYTE@@" in line:
            raw = raw.replace(b"@@BADBYTE@@", self.bad)
        self.f.write(raw + b"\r\n")

    def close(self):
        self.f.close()


class XlsxOut:
    """Streams one worksheet with inline strings (no shared-string table in memory)."""

    PARTS = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Template" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }

    def __init__(self, path):
        self.z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        for name, xml in self.PARTS.items():
            self.z.writestr(
                zipfile.ZipInfo(name, (2026, 6, 15, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + xml
            )
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml", (2026, 6, 15, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        self.s = self.z.open(info, "w", force_zip64=True)
        self.s.write(
            b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        )
        self.n, self.names = 0, []

    def write(self, cells):
        self.n += 1
        if self.n > XLSX_MAX:
            raise SystemExit("xlsx holds at most %d rows" % XLSX_MAX)
        while cells and len(self.names) < len(cells):
            i, name = len(self.names), ""
            while i >= 0:
                name, i = chr(65 + i % 26) + name, i // 26 - 1
            self.names.append(name)
        parts = ['<row r="%d">' % self.n]
        for name, c in zip(self.names, cells or []):
            if c:
                c = c.replace("@@BADBYTE@@", "\ufffd").translate(
                    {i: None for i in range(32) if i not in (9, 10, 13)}
                )
                parts.append(
                    '<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
                    % (name, self.n, escape(c))
                )
        self.s.write(("".join(parts) + "</row>").encode())

    def close(self):
        self.s.write(b"</sheetData></worksheet>")
        self.s.close()
        self.z.close()


def generate(rows, fmt, market, seed, out, dirty=0.0):
    maker = Maker(fmt, market, seed)
    enc = "utf-8" if fmt == "clr" else MARKETS[market]["enc"]
    if out.endswith(".xlsx"):
        if fmt == "all-listings":
            raise SystemExit("all-listings is a text report")
        sink = XlsxOut(out)
    else:
        sink = TextOut(out, enc, fmt != "all-listings", bom=fmt == "clr")
    head = header(maker)
    for h in head:
        sink.write(h)
    line, written, counts = len(head), 0, dict(p=0, c=0, s=0)
    dirt = Dirt(maker, dirty, seed) if dirty else None
    side = open(out + ".faults.json", "w", encoding="utf-8") if dirty else None
    if side:
        side.write(
            '{"file": %s, "format": "%s", "marketplace": "%s", "seed": %s, "header_rows": %d,\n "faults": ['
            % (json.dumps(out.split("/")[-1]), fmt, market, json.dumps(seed), len(head))
        )
    faults = 0
    for role, r in maker.rows():
        if written >= rows:
            break
        batch, found = ([r], []) if dirt is None else dirt.apply(role, r)
        if len(batch) > rows - written:  # no room for the extra row: leave this one clean
            batch, found = [r], []
        for offset, kind, extra in found:
            if out.endswith(".xlsx") and kind in ("bad_byte", "control_char"):
                continue
            rec = {
                "row": line + 1 + offset,
                "fault": kind,
                "action": FAULTS[kind][2],
                "expect": FAULTS[kind][3],
                **extra,
            }
            side.write((",\n  " if faults else "\n  ") + json.dumps(rec, ensure_ascii=False))
            faults += 1
        for cells in batch:
            sink.write(cells)
        line += len(batch)
        written += len(batch)
        counts[role] += 1
    sink.close()
    if side:
        side.write(
            '\n ],\n "rows": %d, "row_roles_before_faults": %s}\n'
            % (
                written,
                json.dumps({"parents": counts["p"], "children": counts["c"], "standalone": counts["s"]}),
            )
        )
        side.close()
    return written, counts, faults


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rows", type=int, default=1000)
    ap.add_argument("--format", choices=["all-listings", "clr", "flat-file"], default="all-listings")
    ap.add_argument("--marketplace", choices=sorted(MARKETS), default="us")
    ap.add_argument("--seed", default="1")
    ap.add_argument("--dirty", type=float, default=0.0, metavar="FRACTION")
    ap.add_argument("--out")
    ap.add_argument("--list-faults", action="store_true")
    a = ap.parse_args()
    if a.list_faults:
        for k, (f, roles, action, text) in FAULTS.items():
            print("%-20s %-7s %s" % (k, action, text))
        return
    if not a.out:
        ap.error("--out is needed")
    t = time.time()
    n, counts, faults = generate(a.rows, a.format, a.marketplace, a.seed, a.out, a.dirty)
    print(
        f"{n} rows ({counts['p']} parents, {counts['c']} children, {counts['s']} standalone), {faults} faults, {time.time() - t:.1f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
