"""Stories are written after their products, shown on their pages, edited by the merchant, and taken back."""

import json

import pytest
from django.test import Client
from oscar.core.loading import get_model
from wagtail.images import get_image_model

from catalog_import.models import ImportRun
from catalog_import.stories.models import ImportedStory, PlannedStory
from catalog_import.stories.services import undo_stories
from storefront.cms.models import ProductStory
from tests.catalog_import.conftest import DEMO_BRAND

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
CABLES = DEMO_BRAND / "category_listings" / "Category_Listings_Report_ELECTRONIC_CABLE_US.txt"
STORY = [DEMO_BRAND / "aplus" / f"cables.us.{kind}.json" for kind in ("content_document", "asin_relations")]


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def story(import_amazon, media):
    import_amazon("apply", CABLES, *STORY, pictures=DEMO_BRAND / "images")
    return ProductStory.objects.get()


def actions():
    return list(PlannedStory.objects.order_by("id").values_list("action", flat=True))


def test_a_document_becomes_a_published_story_of_its_products(story):
    pages = Product.objects.filter(stories__story=story)

    assert (story.name, story.language, story.live) == ("Zellumo C60 cables en-US", "en", True)
    assert [block.block_type for block in story.body] == [
        "logo",
        "banner",
        "grid",
        "comparison",
        "specifications",
        "text",
    ]
    assert {page.structure for page in pages} <= {"parent", "standalone"}
    listed = json.loads(STORY[1].read_text())["asinMetadataSet"]
    asins = [row["asin"] for row in listed]
    owners = Product.objects.filter(amazon_listings__asin__in=asins).select_related("parent")
    assert set(pages) == {owner.parent or owner for owner in owners}


def test_the_comparison_leads_to_products_of_the_shop(story):
    columns = next(block.value for block in story.body if block.block_type == "comparison")["columns"]

    assert len(columns) > 1
    assert all(column["product"] for column in columns)


def test_pictures_are_stored_once_with_their_copies_and_none_is_made_by_a_visit(story):
    Image = get_image_model()
    before = Image.get_rendition_model().objects.count()
    page = Product.objects.filter(stories__story=story).first()

    html = Client().get(page.get_absolute_url()).content.decode()

    assert Image.objects.count() == len(set(Image.objects.values_list("file_hash", flat=True))) > 3
    assert before > 0
    assert Image.get_rendition_model().objects.count() == before
    assert 'class="story"' in html
    assert "story-grid" in html and "b-compare" in html and "b-spec" in html
    assert "media-amazon" not in html and "images.example.test" not in html


def test_a_story_is_shown_in_its_own_language_only(story):
    page = Product.objects.filter(stories__story=story).first()
    ProductStory.objects.update(language="ja")

    assert 'class="story"' not in Client().get(page.get_absolute_url()).content.decode()


def test_a_draft_is_not_shown(story):
    page = Product.objects.filter(stories__story=story).first()
    story.unpublish()

    assert 'class="story"' not in Client().get(page.get_absolute_url()).content.decode()


def test_the_same_documents_again_change_nothing(story, import_amazon):
    revisions = story.revisions.count()

    import_amazon("apply", CABLES, *STORY, pictures=DEMO_BRAND / "images")

    assert actions()[-1] == "unchanged"
    assert ProductStory.objects.get().revisions.count() == revisions


def edited(tmp_path):
    path = tmp_path / "cables.us.content_document.json"
    path.write_text(
        STORY[0].read_text().replace("60 W", "61 W").replace("60W", "61W").replace("cable", "lead")
    )
    return path


def test_a_document_that_changed_updates_the_story(story, import_amazon, tmp_path):
    import_amazon("apply", CABLES, edited(tmp_path), STORY[1], pictures=DEMO_BRAND / "images")

    assert actions()[-1] == "update"
    assert "lead" in json.dumps(ProductStory.objects.get().body.get_prep_value())


def test_what_the_merchant_edited_stays(story, import_amazon, tmp_path):
    blocks = list(story.body.raw_data)
    story.body = json.dumps([*blocks, {"type": "text", "value": {"heading": "Mine", "text": "<p>Mine</p>"}}])
    story.save()

    import_amazon("apply", CABLES, edited(tmp_path), STORY[1], pictures=DEMO_BRAND / "images")

    assert actions()[-1] == "keep"
    assert ProductStory.objects.get().body[-1].value["heading"] == "Mine"


def test_a_story_the_merchant_deleted_stays_away(story, import_amazon):
    story.delete()

    import_amazon("apply", CABLES, *STORY, pictures=DEMO_BRAND / "images")

    assert not ProductStory.objects.exists()


def test_pictures_that_are_missing_are_reported_and_come_with_the_next_import(import_amazon, media, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    _, printed, _ = import_amazon("apply", CABLES, *STORY, pictures=empty)
    import_amazon("apply", CABLES, *STORY, pictures=DEMO_BRAND / "images")

    missing = [
        problem for problem in printed["problems"] if problem["file"].endswith("content_document.json")
    ]
    assert {problem["kind"] for problem in missing} == {"picture_failed"}
    assert actions() == ["create", "update"]
    assert ImportedStory.objects.get().missing_pictures == 0
    assert ProductStory.objects.get().body[0].value["picture"] is not None


def test_a_story_without_products_of_the_shop_says_so(import_amazon, media, tmp_path):
    code, printed, _ = import_amazon("apply", STORY[0], pictures=DEMO_BRAND / "images")

    assert code == 1
    assert [problem["kind"] for problem in printed["problems"]] == ["story_without_product"]
    assert not ProductStory.objects.get().story_products.exists()


def test_undoing_removes_a_new_story_and_restores_a_changed_one(story, import_amazon, tmp_path):
    before = story.body.get_prep_value()
    import_amazon("apply", CABLES, edited(tmp_path), STORY[1], pictures=DEMO_BRAND / "images")

    assert undo_stories(run=ImportRun.objects.latest("pk")) == []
    restored = ProductStory.objects.get()
    assert [block["value"].keys() for block in restored.body.get_prep_value()] == [
        b["value"].keys() for b in before
    ]
    assert "lead" not in json.dumps(restored.body.get_prep_value())
    assert undo_stories(run=ImportRun.objects.earliest("pk")) == []
    assert not ProductStory.objects.exists()
    assert not ImportedStory.objects.exists()


def test_undoing_leaves_what_was_edited_since(story):
    story.body = json.dumps([{"type": "text", "value": {"heading": "Mine", "text": ""}}])
    story.save()

    assert undo_stories(run=ImportRun.objects.get()) == [{"sku": story.name, "what": "story"}]
    assert ProductStory.objects.get().body[0].value["heading"] == "Mine"
