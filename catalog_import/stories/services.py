"""Plan, write and take back the stories of a run."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import transaction

from catalog_import.errors import PictureAddressRefused, PictureUnavailable
from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.models import AmazonListing, ImportRun
from catalog_import.picture_sources import PictureSource
from catalog_import.pictures import check_picture
from catalog_import.said import say as _
from catalog_import.stories.models import ImportedStory, PlannedStory
from catalog_import.story import Block, StoryDocument
from storefront.cms import product_stories as cms

Action = PlannedStory.Action
PICTURES_AT = "https://m.media-amazon.com/images/S/"


def plan_stories(*, run: ImportRun, stories: Sequence[StoryDocument]) -> None:
    """Store what would become of each document: new, changed, unchanged, or kept because the merchant edited it."""
    run.stories.all().delete()
    known = {
        each.key: each
        for each in ImportedStory.objects.filter(marketplace=run.marketplace)
        .select_related("story")
        .order_by("id")
    }
    planned = {
        story.key: PlannedStory(
            run=run,
            action=_decide(story, known.get(story.key)),
            key=story.key,
            name=story.name,
            language=story.language,
            file=story.file[:255],
            blocks=list(story.blocks),
            asins=list(story.asins),
        )
        for story in stories
    }
    PlannedStory.objects.bulk_create(planned.values())


def _decide(document: StoryDocument, known: ImportedStory | None) -> str:
    if known is None:
        return Action.CREATE
    is_same = known.source_digest == _digest([document.blocks, sorted(document.asins)])
    if is_same and not known.missing_pictures:
        return Action.UNCHANGED
    if known.story is None or known.written_digest != _digest(cms.read_blocks(known.story)):
        return Action.UNCHANGED if is_same else Action.KEEP
    return Action.UPDATE


def apply_stories(
    *, run: ImportRun, pictures: PictureSource | None, on_done: Callable[[int, int], None]
) -> list[RowProblem]:
    """Write the stories that are left to write; return what of them is missing. Products must be there already."""
    waiting = list(run.stories.filter(is_done=False, action__in=[Action.CREATE, Action.UPDATE]))
    problems: list[RowProblem] = []
    for number, planned in enumerate(waiting, start=1):
        pages = _pages_of(run.marketplace, [*planned.asins, *_asins_in(planned.blocks)])
        images, failed = _fetch(planned, pictures)
        product_ids = list(dict.fromkeys(pages[asin] for asin in planned.asins if asin in pages))
        with transaction.atomic():
            _write(run, planned, _resolve(planned.blocks, images, pages), product_ids, missing=len(failed))
        problems += _describe(planned, failed, has_products=bool(product_ids))
        on_done(number, len(waiting))
    return problems


def undo_stories(*, run: ImportRun) -> list[dict[str, str]]:
    """Take back what a run wrote; return what the merchant edited since, which stays (`sku` is the story's name)."""
    left: list[dict[str, str]] = []
    for planned in run.stories.filter(is_done=True).order_by("-id"):
        with transaction.atomic():
            known = ImportedStory.objects.filter(marketplace=run.marketplace, key=planned.key).first()
            story = cms.find_story_by_id(planned.story_id)
            is_ours = known and story and known.written_digest == _digest(cms.read_blocks(story))
            if story is None or known is None or not is_ours:
                left.append({"sku": planned.name, "what": "story"})
            elif planned.before is None:
                cms.delete_story(story)
                known.delete()
            else:
                cms.restore_story(story=story, blocks=planned.before["blocks"])
                known.source_digest = planned.before["source_digest"]
                known.written_digest = _digest(cms.read_blocks(story))
                known.missing_pictures = planned.before["missing_pictures"]
                known.save()
            planned.is_done = False
            planned.save(update_fields=["is_done"])
    return left


def _write(
    run: ImportRun, planned: PlannedStory, blocks: list[Block], product_ids: list[int], *, missing: int
) -> None:
    known = (
        ImportedStory.objects.select_for_update(of=["self"])
        .filter(marketplace=run.marketplace, key=planned.key)
        .select_related("story")
        .first()
    )
    story = known.story if known else None
    if known and story:
        planned.before = {
            "blocks": cms.read_blocks(story),
            "source_digest": known.source_digest,
            "missing_pictures": known.missing_pictures,
        }
    story = cms.write_story(
        story=story, name=planned.name, language=planned.language, blocks=blocks, product_ids=product_ids
    )
    ImportedStory.objects.update_or_create(
        marketplace=run.marketplace,
        key=planned.key,
        defaults={
            "story": story,
            "source_digest": _digest([planned.blocks, sorted(planned.asins)]),
            "written_digest": _digest(cms.read_blocks(story)),
            "missing_pictures": missing,
        },
    )
    planned.story_id, planned.is_done = story.pk, True
    planned.save(update_fields=["story_id", "before", "is_done"])


def _pages_of(marketplace: str, asins: Iterable[str]) -> dict[str, int]:
    """Return ASIN -> the page that shows its product: a variant's is its family's."""
    listings = AmazonListing.objects.filter(
        marketplace=marketplace, asin__in=set(asins), product__isnull=False
    ).order_by("is_primary", "-id")
    rows = listings.values_list("asin", "product_id", "product__parent_id")
    return {asin: parent_id or product_id for asin, product_id, parent_id in rows}


def _fetch(
    planned: PlannedStory, source: PictureSource | None
) -> tuple[dict[str, int], dict[str, PictureUnavailable | None]]:
    """Return upload id -> image of what could be had, and why the others could not; no reason where nobody asked."""
    titles = {each["ref"]: each["alt"] for each in _dicts_in(planned.blocks) if each.keys() == {"ref", "alt"}}
    refs = list(titles)
    if source is None:
        return {}, dict.fromkeys(refs)
    images: dict[str, int] = {}
    failed: dict[str, PictureUnavailable | None] = {}
    with ThreadPoolExecutor(max_workers=source.workers) as pool:
        for ref, outcome in zip(refs, pool.map(lambda ref: _download(source, ref), refs), strict=True):
            if isinstance(outcome, PictureUnavailable):
                failed[ref] = outcome
            else:
                images[ref] = cms.add_picture(
                    content=outcome, name=ref.rpartition("/")[2], title=titles.get(ref) or planned.name
                )
    return images, failed


def picture_address(ref: str) -> str:
    """Return where Amazon shows the picture of an upload id; ids without an ending are JPEGs."""
    name = ref.rpartition("/")[2]
    return f"{PICTURES_AT}{ref}" if "." in name else f"{PICTURES_AT}{ref}.jpg"


def _download(source: PictureSource, ref: str) -> bytes | PictureUnavailable:
    try:
        content = source.fetch(picture_address(ref))
        check_picture(content)
    except PictureUnavailable as error:
        return error
    return content


def _resolve(value: Any, images: Mapping[str, int], pages: Mapping[str, int]) -> Any:
    """Put images and products of the shop in the place of Amazon's upload ids and ASINs."""
    if isinstance(value, dict):
        if value.keys() == {"ref", "alt"}:
            image = images.get(value["ref"])
            return image and {"image": image, "alt_text": value["alt"], "decorative": not value["alt"]}
        if value.keys() == {"asin"}:
            return pages.get(value["asin"])
        return {name: _resolve(each, images, pages) for name, each in value.items()}
    return [_resolve(each, images, pages) for each in value] if isinstance(value, list) else value


def _asins_in(value: Any) -> list[str]:
    return [each["asin"] for each in _dicts_in(value) if each.keys() == {"asin"}]


def _dicts_in(value: Any) -> Iterable[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dicts_in(each)


def _describe(
    planned: PlannedStory, failed: Mapping[str, PictureUnavailable | None], *, has_products: bool
) -> list[RowProblem]:
    problems = [
        _problem(
            planned,
            ProblemKind.BAD_PICTURE_ADDRESS
            if isinstance(error, PictureAddressRefused)
            else ProblemKind.PICTURE_FAILED,
            _("%(address)s: %(reason)s", address=ref, reason=error.args[0]),
            _("The story was written without this picture. Add it in the story, or import again."),
            column="picture",
        )
        for ref, error in failed.items()
        if error is not None
    ]
    if not has_products:
        message = _("No product of the shop has one of its %(count)d ASINs.", count=len(planned.asins))
        action = _("It is a story without products. Choose some in it, or import their listings first.")
        problems.append(_problem(planned, ProblemKind.STORY_WITHOUT_PRODUCT, message, action))
    return problems


def _problem(
    planned: PlannedStory, kind: ProblemKind, message: str, action: str, *, column: str = ""
) -> RowProblem:
    return RowProblem(
        file=planned.file, row=None, column=column, kind=kind, sku="", message=message, action=action
    )


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
