"""Which pictures each product is to have, as jobs that a stopped run leaves for the next one."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from oscar.core.loading import get_model

from catalog_import.among import BY_ID, among
from catalog_import.models import AmazonListing, ImportRun, PictureJob
from catalog_import.picture_addresses import canonical_address, distinct_addresses

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
PART_PRODUCTS = 1000
State = PictureJob.State


def bring_jobs_up_to_date(
    *, marketplace: str, ranks: Mapping[str, int], run: ImportRun | None = None
) -> None:
    """Make a job per picture the listings name; drop the images of pictures they name no more.

    A picture that was dropped and is named again comes back from the storage. `run` is noted, for its undo. Some
    products are done at a time, each time in a transaction; who was stopped begins again.
    """
    listed = AmazonListing.objects.filter(marketplace=marketplace, is_primary=True)
    for product_ids in _parts(listed):
        with transaction.atomic():
            _bring_up_to_date(product_ids, ranks, run)


def _bring_up_to_date(product_ids: Collection[int], ranks: Mapping[str, int], run: ImportRun | None) -> None:
    known = _known_jobs(product_ids)
    new: list[PictureJob] = []
    gone: list[PictureJob] = []
    back: list[PictureJob] = []
    moved: list[PictureJob] = []
    for product_id, urls in _choose_pictures(product_ids, ranks).items():
        jobs = known.get(product_id, ())
        by_url = {job.source_url: job for job in jobs}
        gone += [job for url, job in by_url.items() if url not in urls and job.state != State.DROPPED]
        back += [job for url, job in by_url.items() if url in urls and job.state == State.DROPPED]
        moved += _move(jobs, urls)
        for position, url in enumerate(urls):
            if url not in by_url:
                new.append(PictureJob(product_id=product_id, source_url=url, position=position, made_by=run))
    for job in gone:
        job.dropped_by = run
    for job in back:
        job.revived_by = run
    _drop(gone)
    PictureJob.objects.bulk_create(new, batch_size=1000)
    _reorder(moved)
    _bring_back(back)


def undo_jobs(*, run: ImportRun, ranks: Mapping[str, int], kept_ids: Collection[int] = ()) -> None:
    """Take back what a run did to pictures, but for those of products that stay although it made them.

    Some products are done at a time, each time in a transaction; an undo that was stopped begins again.
    """
    for product_ids in _parts(PictureJob.objects.all()):
        with transaction.atomic():
            known = _known_jobs(product_ids)
            _take_back(run, [job for jobs in known.values() for job in jobs], kept_ids)
            wanted = _choose_pictures(product_ids, ranks)
            _reorder([job for key, jobs in known.items() for job in _move(jobs, wanted[key])])


def _take_back(run: ImportRun, jobs: Iterable[PictureJob], kept_ids: Collection[int]) -> None:
    shown, back, revived = [], [], []
    for job in jobs:
        is_made = job.made_by_id == run.pk and job.product_id not in kept_ids
        is_revived = job.revived_by_id == run.pk
        if is_revived:
            job.revived_by = None
            revived.append(job)
        if (is_made or is_revived) and job.state != State.DROPPED:
            shown.append(job)
        elif job.dropped_by_id == run.pk and job.state == State.DROPPED:
            job.dropped_by = None
            back.append(job)
    PictureJob.objects.bulk_update(revived, ["revived_by"], batch_size=1000)
    _drop(shown)
    _bring_back(back)


def _parts(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """Yield the products of some rows, some at a time."""
    last = 0
    ids = rows.order_by("product_id").values_list("product_id", flat=True).distinct()
    while part := list(ids.filter(product_id__gt=last)[:PART_PRODUCTS]):
        last = part[-1]
        yield part


def _choose_pictures(product_ids: Collection[int], ranks: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the addresses to show of each product: those of its listing whose marketplace comes first."""
    listings = among(AmazonListing.objects, "product_id", product_ids).filter(is_primary=True).order_by(BY_ID)
    fields = ("product_id", "marketplace", "imported__pictures", "imported__is_listed")
    chosen: dict[int, tuple[tuple[bool, int], list[list[str]]]] = {}
    for product_id, code, pictures, is_listed in listings.values_list(*fields):
        order = (is_listed is False, ranks[code])
        if pictures and (product_id not in chosen or order < chosen[product_id][0]):
            chosen[product_id] = (order, pictures)
    return {key: list[str]() for key in product_ids} | {
        product_id: distinct_addresses((url, role) for url, role in pictures)
        for product_id, (_, pictures) in chosen.items()
    }


def _known_jobs(product_ids: Collection[int]) -> dict[int, list[PictureJob]]:
    known: dict[int, list[PictureJob]] = {}
    for job in among(PictureJob.objects, "product_id", product_ids).order_by("product_id", "position", BY_ID):
        known.setdefault(job.product_id, []).append(job)
    return known


def _move(jobs: Iterable[PictureJob], urls: Sequence[str]) -> Iterator[PictureJob]:
    """Give a product's jobs the places of their addresses; yield those that had another one."""
    places = {url: position for position, url in enumerate(urls)}
    for job in jobs:
        position = places.get(job.source_url, job.position)
        if job.position != position:
            job.position = position
            yield job


class OpenPictures:
    """The pictures that a marketplace's products wait for, by address; on disk, in a SQLite database of its own."""

    def __init__(self, marketplace: str) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE open (number INTEGER PRIMARY KEY, address TEXT, job INTEGER)")
        jobs = PictureJob.objects.filter(
            state__in=[State.PENDING, State.FAILED],
            product__amazon_listings__marketplace=marketplace,
            product__amazon_listings__is_primary=True,
        ).order_by("product_id", "position", "id")
        rows = ((canonical_address(url), key) for key, url in jobs.values_list("pk", "source_url").iterator())
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO open (address, job) VALUES (?, ?)", rows)
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Leave nothing behind."""
        self._database.close()

    def __len__(self) -> int:
        """Return how many addresses there are."""
        return int(self._database.execute("SELECT count(DISTINCT address) FROM open").fetchone()[0])

    def batches(self, size: int) -> Iterator[list[list[PictureJob]]]:
        """Yield the jobs of some addresses at a time, of each address together."""
        ordered = self._database.execute(
            "SELECT address, job FROM open ORDER BY min(number) OVER (PARTITION BY address), number"
        )
        groups = ([job for _, job in rows] for _, rows in groupby(ordered, itemgetter(0)))
        while batch := list(islice(groups, size)):
            jobs = PictureJob.objects.in_bulk([key for keys in batch for key in keys])
            yield [there for keys in batch if (there := [jobs[key] for key in keys if key in jobs])]


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
    """Write the places of jobs, and of their images."""
    if not jobs:
        return
    PictureJob.objects.bulk_update(jobs, ["position"], batch_size=1000)
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
