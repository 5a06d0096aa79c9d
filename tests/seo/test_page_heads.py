"""What the head of each page kind says: canonical address, editions, previews, and structured data that is valid."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from storefront.cms.blog import ArticlePage, BlogPage
from storefront.cms.services import create_first_pages
from storefront.markets.models import MarketBlock
from storefront.search.indexing import update_index
from tests.catalogue.factories import make_category, make_family, make_single
from tests.catalogue.orders import make_paid_order
from tests.seo.schema_org import check, read_page

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def read(client, path):
    response = client.get(path, headers={"accept-language": ""})
    assert response.status_code == 200, path
    return response.content.decode().split("</head>")[0]


def meta(head):
    pairs = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', head)
    assert len({name for name, _ in pairs}) == len(pairs), "a name stands twice"
    return {name: unescape(content) for name, content in pairs}


def canonical(head):
    (address,) = re.findall(r'<link rel="canonical" href="([^"]+)">', head)
    return unescape(address)


def alternates(head):
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', head))


@pytest.fixture
def shop(markets, price, picture, django_user_model):
    """A shop with a page of every kind: a family sold in both markets, a lamp sold in the first only."""
    home = create_first_pages(shop_name="Wharf & Sons")
    category = make_category("Garden", description="<p>All for the garden.</p>")
    cable = make_family(
        "Cable",
        variants=[
            {"color": "Red", "size": "1 m", "sku": "C-R1", "upc": "4006381333931", "pictures": 1},
            {"color": "Blue", "size": "1 m", "sku": "C-B1", "stock": 0},
        ],
        category=category,
        description="<p>Charges quickly.</p>",
    )
    lamp = make_single("Lamp", sku="L-1", category=category, pictures=1)
    for child in cable.children.all():
        price(child, markets["de"], "9.00", days_ago=60)
        price(child, markets["de"], "8.00", list_price=Decimal("10.00"))
    user = django_user_model.objects.create_user("ann@example.test", "secret", first_name="Ann")
    make_paid_order(cable.children.first(), user=user)
    cable.reviews.create(user=user, score=4, title="Good", body="It holds.", status=1)
    cable.update_rating()
    blog = home.add_child(instance=BlogPage(title="Workshop", slug="blog", intro="How it is made."))
    article = blog.add_child(
        instance=ArticlePage(title="Wood", slug="wood", intro="On wood.", picture=picture, author="Lin")
    )
    article.save_revision().publish()
    update_index(now=timezone.now())
    return {"category": category, "cable": cable, "lamp": lamp}


def test_every_page_kind_names_itself_once_and_its_data_is_valid(client, shop):
    kinds = {
        "/": {"Organization", "WebSite"},
        "/products/": {"BreadcrumbList"},
        shop["category"].get_absolute_url(): {"BreadcrumbList"},
        shop["cable"].get_absolute_url(): {"ProductGroup", "BreadcrumbList"},
        shop["lamp"].get_absolute_url(): {"Product", "BreadcrumbList"},
        "/blog/": {"BreadcrumbList"},
        "/blog/wood/": {"BlogPosting", "BreadcrumbList"},
    }
    for path, wanted in kinds.items():
        head = read(client, path)
        tags = meta(head)
        assert canonical(head) == tags["og:url"] == f"{SITE}{path}"
        assert tags["og:title"] and tags["og:site_name"] and tags["og:locale"] == "en_US"
        assert tags["twitter:card"] == ("summary_large_image" if "og:image" in tags else "summary")
        assert tags.get("og:image", SITE).startswith(SITE)
        assert set(read_page(head)) == wanted, path


def test_family_is_a_group_with_each_variants_offer(client, shop):
    cable = shop["cable"]
    group = read_page(read(client, f"/de{cable.get_absolute_url()}"))["ProductGroup"]

    red, blue = group["hasVariant"]
    assert group["variesBy"] == ["https://schema.org/color"]
    assert (group["aggregateRating"]["ratingValue"], group["aggregateRating"]["reviewCount"]) == ("4.0", 1)
    assert group["review"][0]["author"]["name"] == "Ann"
    assert (red["sku"], red["gtin"], red["color"], red["name"]) == (
        "C-R1",
        "4006381333931",
        "Red",
        "Cable, Red, 1 m",
    )
    assert (
        red["offers"]["url"]
        == f"{SITE}/de{cable.children.get(stockrecords__partner_sku='C-R1').get_absolute_url()}"
    )
    assert (red["offers"]["price"], red["offers"]["priceCurrency"]) == ("8.00", "EUR")
    assert red["offers"]["priceSpecification"]["price"] == "9.00"
    assert [variant["offers"]["availability"] for variant in (red, blue)] == [
        "https://schema.org/InStock",
        "https://schema.org/OutOfStock",
    ]


def test_offer_tells_delivery_and_the_returns_the_law_gives(client, shop):
    american = read_page(read(client, shop["lamp"].get_absolute_url()))["Product"]["offers"]
    german = read_page(read(client, f"/de{shop['cable'].get_absolute_url()}"))["ProductGroup"]["hasVariant"][
        0
    ]["offers"]

    assert american["shippingDetails"]["shippingRate"] == {
        "@type": "MonetaryAmount",
        "value": "5.99",
        "currency": "USD",
    }
    assert german["shippingDetails"]["shippingDestination"] == [
        {"@type": "DefinedRegion", "addressCountry": "DE"}
    ]
    transit = german["shippingDetails"]["deliveryTime"]["transitTime"]
    assert (transit["minValue"], transit["maxValue"]) == (2, 4)
    assert german["hasMerchantReturnPolicy"]["merchantReturnDays"] == 14
    assert "hasMerchantReturnPolicy" not in american


def test_a_merchant_s_word_on_returns_is_told_and_shown(client, shop, markets):
    from django.core.exceptions import ValidationError

    american, german = markets["us"], markets["de"]
    address = shop["lamp"].get_absolute_url()
    assert "days to send it back" not in client.get(address).content.decode()
    american.return_days = 30
    american.full_clean()
    american.save()

    assert read_page(read(client, address))["Product"]["offers"]["hasMerchantReturnPolicy"] == {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": ["US"],
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": 30,
        "returnMethod": "https://schema.org/ReturnByMail",
    }
    assert "<b>30 days to send it back</b>" in client.get(address).content.decode()

    german.return_days = 7
    with pytest.raises(ValidationError, match="at least 14 days"):
        german.full_clean()


def test_brand_is_the_familys(client, markets):
    from tests.search.test_feed import set_attribute

    lamp = make_single("Lamp")
    set_attribute(lamp, "brand", "Fernowick")

    product = read_page(read(client, lamp.get_absolute_url()))["Product"]

    assert product["brand"] == {"@type": "Brand", "name": "Fernowick"}


def test_variant_is_its_familys_page_and_names_no_editions(client, shop):
    cable = shop["cable"]
    head = read(client, cable.children.first().get_absolute_url())

    assert canonical(head) == f"{SITE}{cable.get_absolute_url()}"
    assert alternates(head) == {}


def test_product_names_only_the_editions_that_sell_it(client, shop, markets):
    cable, lamp = shop["cable"].get_absolute_url(), shop["lamp"].get_absolute_url()

    assert set(alternates(read(client, cable))) == {"en-US", "de-DE", "en-DE", "x-default"}
    assert alternates(read(client, lamp)) == {}
    MarketBlock.objects.create(product=shop["cable"], market=markets["de"])
    assert alternates(read(client, cable)) == {}


def test_page_without_a_translation_names_no_edition_it_is_not_in(client, shop):
    assert set(alternates(read(client, "/"))) == {"en-US", "de-DE", "en-DE", "x-default"}
    assert set(alternates(read(client, "/blog/wood/"))) == {"en-US", "en-DE", "x-default"}


@pytest.mark.parametrize("path", ["/basket/", "/search/?q=cable", "/account/login/"])
def test_pages_nobody_should_find_are_not_described(client, shop, path):
    head = read(client, path)

    assert "canonical" not in head and "hreflang" not in head and "og:" not in head
    assert 'content="noindex' in head


def test_further_page_of_a_list_has_an_address_of_its_own(client, shop):
    for number in range(30):
        make_single(f"Lamp {number}")
    update_index(now=timezone.now())

    assert canonical(read(client, "/products/?sort=price&page=2")) == f"{SITE}/products/?page=2"
    assert alternates(read(client, "/products/?page=2")) == {}


def test_empty_category_is_not_offered_to_search_engines(client, markets):
    category = make_category("Empty")

    assert 'content="noindex' in read(client, category.get_absolute_url())


def test_search_is_told_by_the_home_page(client, shop):
    site = read_page(read(client, "/de/"))["WebSite"]

    assert site["url"] == f"{SITE}/de/"
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/de/search/?q={{search_term_string}}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "Produkt"},
        {"@type": "Product", "skew": "1"},
        {"@type": "Product", "price": "1"},
        {"@type": "Offer", "availability": "https://schema.org/Sometimes"},
        {"@type": "Offer", "availability": "InStock"},
        {"@type": "Product", "offers": {"@type": "Rating"}},
        {"@type": "Product", "image": "/relative.jpg"},
        {"@type": "MerchantReturnPolicy", "merchantReturnDays": "some"},
    ],
)
def test_the_check_itself_refuses_what_is_not_defined(wrong):
    with pytest.raises(AssertionError):
        check(wrong)


def test_description_of_a_category_keeps_words_apart_and_short(client, markets):
    category = make_category(
        "Tools", description="<p>Saws &amp; axes</p><ul><li>Spades</li></ul>" + "sharp " * 40
    )

    said = meta(read(client, category.get_absolute_url()))["description"]

    assert said.startswith("Saws & axes Spades sharp sharp")
    assert said.endswith("sharp…") and len(said) <= 160
