"""Write and find the stories of products; the importer fills them through here."""

import hashlib
import io
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.images import get_image_model

from storefront.cms.stories import ProductStory, StoryProduct

Block = dict[str, Any]
# The copies of pictures that the templates ask for; made when a story is written, none while a page is asked for.
WIDE_FILTERS = ("width-480|format-webp", "width-960|format-webp", "width-1600|format-webp")


def has_story() -> Exists:
    """Return, for a query of products, whether a story is published for each: most have none, and are not asked."""
    return Exists(StoryProduct.objects.filter(product=OuterRef("pk"), story__live=True))


def find_story(*, product_ids: Sequence[int], languages: Sequence[str]) -> ProductStory | None:
    """Return the published story of the first of these products that has one, in the first of these languages."""
    rows = StoryProduct.objects.filter(
        product_id__in=product_ids, story__live=True, story__language__in=languages
    ).select_related("story")
    found = sorted(
        rows.order_by("story_id"),
        key=lambda row: (languages.index(row.story.language), product_ids.index(row.product_id)),
    )
    return next((row.story for row in found if row.story.body), None)


@transaction.atomic
def write_story(
    *,
    story: ProductStory | None,
    name: str,
    language: str,
    blocks: Iterable[Block],
    product_ids: Iterable[int],
) -> ProductStory:
    """Write and publish a story, a new one where none is given; the revision before it is kept.

    `blocks` are `{"type": …, "value": …}` in the shape the stream stores, pictures as keys of images.
    """
    story = story or ProductStory()
    story.name, story.language = name[:200], language
    story.body = json.dumps([*_with_ids(blocks)])
    wanted = list(dict.fromkeys(product_ids))
    kept = [row for row in story.story_products.all() if row.product_id in wanted]
    known = {row.product_id for row in kept}
    story.story_products = [*kept, *(StoryProduct(product_id=pk) for pk in wanted if pk not in known)]
    for order, row in enumerate(story.story_products.all()):
        row.sort_order = order
    story.save()
    story.save_revision().publish()
    return story


def read_blocks(story: ProductStory) -> list[Block]:
    """Return what a story says as plain values, without the ids that change with every save."""
    return _without_ids(story.body.get_prep_value())


def restore_story(*, story: ProductStory, blocks: Sequence[Block]) -> None:
    """Give a story its former blocks back."""
    products = list(story.story_products.values_list("product_id", flat=True))
    write_story(story=story, name=story.name, language=story.language, blocks=blocks, product_ids=products)


def delete_story(story: ProductStory) -> None:
    """Remove a story with its revisions."""
    story.delete()


def find_story_by_id(pk: int | None) -> ProductStory | None:
    """Return a story, or None where somebody deleted it."""
    return ProductStory.objects.filter(pk=pk).first() if pk else None


def add_picture(*, content: bytes, name: str, title: str) -> int:
    """Return the key of the image with these bytes, made once, with the copies that stories show.

    `content` must be a picture that was looked at already: JPEG, PNG, WebP or GIF.
    """
    Image = get_image_model()
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # what Wagtail knows images by
    image = Image.objects.filter(file_hash=digest).order_by("pk").first()
    if image is None:
        image = Image(title=title[:255], file=ImageFile(io.BytesIO(content), name=name))
        image.file_hash, image.file_size = digest, len(content)
        image.save()
    image.get_renditions(*WIDE_FILTERS)
    return int(image.pk)


def _with_ids(blocks: Iterable[Block]) -> Iterable[Block]:
    for block in blocks:
        yield {"type": block["type"], "value": _items_with_ids(block["value"]), "id": str(uuid.uuid4())}


def _items_with_ids(value: Any) -> Any:
    """Wrap the items of lists as the stream stores them."""
    if isinstance(value, dict):
        return {name: _items_with_ids(each) for name, each in value.items()}
    if isinstance(value, list):
        return [{"type": "item", "value": _items_with_ids(each), "id": str(uuid.uuid4())} for each in value]
    return value


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"type", "value", "id"} and value["type"] == "item":
            return _without_ids(value["value"])
        return {name: _without_ids(each) for name, each in value.items() if name != "id"}
    return [_without_ids(each) for each in value] if isinstance(value, (list, tuple)) else value
