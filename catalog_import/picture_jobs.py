"""Which pictures each product is to have, as jobs that a stopped run leaves for the next one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, PictureJob
from catalog_import.picture_addresses import distinct_addresses


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


def bring_jobs_up_to_date(*, marketplace: str, ranks: Mapping[str, int]) -> None:
    """Make a job per picture the listings name; drop jobs and images of pictures they name no more."""
    wanted = _choose_pictures(marketplace, ranks)
    known: dict[int, list[PictureJob]] = {}
    for job in PictureJob.objects.order_by("product_id", "position", "id"):
        known.setdefault(job.product_id, []).append(job)
    new: list[PictureJob] = []
    gone: list[PictureJob] = []
    moved: list[PictureJob] = []
    for product_id, urls in wanted.items():
        by_url = {job.source_url: job for job in known.get(product_id, ())}
        gone += [job for url, job in by_url.items() if url not in urls]
        for position, url in enumerate(urls):
            job = by_url.get(url)
            if job is None:
                new.append(PictureJob(product_id=product_id, source_url=url, position=position))
            elif job.position != position:
                job.position = position
                moved.append(job)
    with transaction.atomic():
        _drop(gone)
        PictureJob.objects.bulk_create(new, batch_size=1000)
        PictureJob.objects.bulk_update(moved, ["position"], batch_size=1000)
        _reorder(moved)


def _drop(jobs: Sequence[PictureJob]) -> None:
    if not jobs:
        return
    unused = {(job.product_id, job.sha256) for job in jobs if job.sha256}
    images = images_of(jobs)
    get_model("catalogue", "ProductImage").objects.filter(
        id__in=[image.pk for key, image in images.items() if key in unused]
    ).delete()
    PictureJob.objects.filter(id__in=[job.pk for job in jobs]).delete()


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
