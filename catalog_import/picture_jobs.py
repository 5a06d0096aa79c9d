"""Which pictures each product is to have, as jobs that a stopped run leaves for the next one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, ImportRun, PictureJob
from catalog_import.picture_addresses import distinct_addresses

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
State = PictureJob.State


def _choose_pictures(marketplace: str, ranks: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the addresses to show of each product the marketplace lists."""
    listings = AmazonListing.objects.filter(is_primary=True, product__isnull=False).order_by("id")
    here = {key: [] for key in listings.filter(marketplace=marketplace).values_list("product_id", flat=True)}
    fields = ("product_id", "marketplace", "imported__pictures", "imported__is_listed")
    chosen: dict[int, tuple[tuple[bool, int], list[list[str]]]] = {}
    for product_id, code, pictures, is_listed in listings.values_list(*fields):
        order = (is_listed is False, ranks[code])
        if product_id in here and pictures and (product_id not in chosen or order < chosen[product_id][0]):
            chosen[product_id] = (order, pictures)
    return here | {
        product_id: distinct_addresses((url, role) for url, role in pictures)
        for product_id, (_, pictures) in chosen.items()
    }


def bring_jobs_up_to_date(
    *, marketplace: str, ranks: Mapping[str, int], run: ImportRun | None = None
) -> None:
    """Make a job per picture the listings name; drop the images of pictures they name no more.

    A picture that was dropped and is named again comes back from the storage. `run` is noted, for its undo.
    """
    wanted = _choose_pictures(marketplace, ranks)
    known = _known_jobs()
    new: list[PictureJob] = []
    gone: list[PictureJob] = []
    back: list[PictureJob] = []
    moved: list[PictureJob] = []
    for product_id, urls in wanted.items():
        by_url = {job.source_url: job for job in known.get(product_id, ())}
        gone += [job for url, job in by_url.items() if url not in urls and job.state != State.DROPPED]
        for position, url in enumerate(urls):
            job = by_url.get(url)
            if job is None:
                new.append(PictureJob(product_id=product_id, source_url=url, position=position, made_by=run))
                continue
            if job.position != position:
                job.position = position
                moved.append(job)
            if job.state == State.DROPPED:
                job.revived_by = run
                back.append(job)
    with transaction.atomic():
        for job in gone:
            job.dropped_by = run
        _drop(gone)
        PictureJob.objects.bulk_create(new, batch_size=1000)
        PictureJob.objects.bulk_update(moved, ["position"], batch_size=1000)
        _reorder(moved)
        _bring_back(back)


def undo_jobs(
    *, run: ImportRun, marketplace: str, ranks: Mapping[str, int], kept_ids: Collection[int] = ()
) -> None:
    """Take back what a run did to pictures, but for those of products that stay although it made them."""
    made = PictureJob.objects.filter(made_by=run).exclude(product_id__in=kept_ids)
    revived = PictureJob.objects.filter(revived_by=run)
    with transaction.atomic():
        shown = list((made | revived).exclude(state=State.DROPPED).order_by("pk"))
        _drop(shown)
        revived.update(revived_by=None)
        dropped = PictureJob.objects.filter(dropped_by=run, state=State.DROPPED)
        back = list(dropped.exclude(pk__in=[job.pk for job in shown]).order_by("pk"))
        for job in back:
            job.dropped_by = None
        _bring_back(back)
    wanted = _choose_pictures(marketplace, ranks)
    moved = []
    for product_id, jobs in _known_jobs().items():
        places = {url: position for position, url in enumerate(wanted.get(product_id, ()))}
        for job in jobs:
            if job.source_url in places and job.position != places[job.source_url]:
                job.position = places[job.source_url]
                moved.append(job)
    with transaction.atomic():
        PictureJob.objects.bulk_update(moved, ["position"], batch_size=1000)
        _reorder(moved)


def _known_jobs() -> dict[int, list[PictureJob]]:
    known: dict[int, list[PictureJob]] = {}
    for job in PictureJob.objects.order_by("product_id", "position", "id"):
        known.setdefault(job.product_id, []).append(job)
    return known


def find_stored_picture(sha256: str) -> str:
    """Return the name in the storage of the picture with this hash; empty where there is none."""
    for extension in EXTENSIONS.values():
        name = f"products/{sha256[:2]}/{sha256}.{extension}"
        if default_storage.exists(name):
            return name
    return ""


def _drop(jobs: Sequence[PictureJob]) -> None:
    """Remove the images; a job whose image was there stays as a note of it."""
    if not jobs:
        return
    images = images_of(jobs)
    unused = {(job.product_id, job.sha256) for job in jobs if job.sha256}
    get_model("catalogue", "ProductImage").objects.filter(
        id__in=[image.pk for key, image in images.items() if key in unused]
    ).delete()
    kept, forgotten = [], []
    for job in jobs:
        (kept if (job.product_id, job.sha256) in images else forgotten).append(job)
        job.state = State.DROPPED
    PictureJob.objects.bulk_update(kept, ["state", "dropped_by"], batch_size=1000)
    PictureJob.objects.filter(id__in=[job.pk for job in forgotten]).delete()


def _bring_back(jobs: Sequence[PictureJob]) -> None:
    """Give products again what was dropped, where the storage still has it; else it is to be fetched."""
    if not jobs:
        return
    ProductImage = get_model("catalogue", "ProductImage")
    Product = get_model("catalogue", "Product")
    titles = dict(Product.objects.filter(pk__in={job.product_id for job in jobs}).values_list("pk", "title"))
    there = set(images_of(jobs))
    images = []
    for job in jobs:
        name = find_stored_picture(job.sha256)
        job.state = State.DONE if name else State.PENDING
        if name and (job.product_id, job.sha256) not in there:
            there.add((job.product_id, job.sha256))
            images.append(
                ProductImage(
                    product_id=job.product_id,
                    original=name,
                    caption=titles[job.product_id][:200],
                    display_order=job.position,
                )
            )
    ProductImage.objects.bulk_create(images)
    PictureJob.objects.bulk_update(jobs, ["state", "dropped_by", "revived_by"], batch_size=1000)


def _reorder(jobs: Sequence[PictureJob]) -> None:
    if not jobs:
        return
    images = images_of(jobs)
    changed = []
    for job in jobs:
        image = images.get((job.product_id, job.sha256))
        if image is not None:
            image.display_order = job.position
            changed.append(image)
    get_model("catalogue", "ProductImage").objects.bulk_update(changed, ["display_order"])


def images_of(jobs: Sequence[PictureJob]) -> dict[tuple[int, str], Any]:
    """Return (product id, hash) -> image of the products that jobs belong to."""
    images = get_model("catalogue", "ProductImage").objects.filter(
        product_id__in={job.product_id for job in jobs}, original__startswith="products/"
    )
    return {(image.product_id, hash_in(image.original.name)): image for image in images.order_by("id")}


def hash_in(name: str) -> str:
    """Return the hash that a stored picture is named after."""
    return name.rpartition("/")[2].partition(".")[0]
