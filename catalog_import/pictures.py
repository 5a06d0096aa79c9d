"""Fetches the pictures of imported products, stores each once by its content, and attaches it; resumable."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from oscar.core.loading import get_model
from PIL import Image, UnidentifiedImageError

from catalog_import.errors import PictureAddressRefused, PictureUnavailable
from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.models import AmazonListing, ImportRun, PictureJob
from catalog_import.picture_jobs import EXTENSIONS, OpenPictures, bring_jobs_up_to_date, hash_in, images_of
from catalog_import.picture_sources import PictureSource
from catalog_import.said import keep
from catalog_import.said import say as _
from storefront.theming.pictures import make_renditions

MAX_PIXELS = 50_000_000
BATCH_ADDRESSES = 40


@dataclass(slots=True)
class PictureStep:
    """Progress of the picture work: addresses done so far, all there are, problems since the last step."""

    done: int
    total: int
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A stored picture's name, or why there is none."""

    name: str = ""
    error: str = ""
    is_refused: bool = False


def attach_pictures(
    *, source: PictureSource, marketplace: str, ranks: Mapping[str, int], run: ImportRun | None = None
) -> Iterator[PictureStep]:
    """Fetch and attach what products of a marketplace do not have yet of the pictures their listings name.

    Where several marketplaces name pictures of one product, those of the lowest rank count. A picture that another
    product has already is not fetched again.
    Threads suffice: the picture library lets go of the interpreter while it decodes, scales and encodes. No address
    is asked inside a transaction; a run that is stopped leaves jobs that the next one takes up.
    """
    bring_jobs_up_to_date(marketplace=marketplace, ranks=ranks, run=run)
    with (
        closing(OpenPictures(marketplace)) as open_pictures,
        ThreadPoolExecutor(max_workers=source.workers) as pool,
    ):
        done, total = 0, len(open_pictures)
        for batch in open_pictures.batches(BATCH_ADDRESSES):
            known = _find_stored([job.source_url for jobs in batch for job in jobs])
            missing = [jobs for jobs in batch if jobs[0].source_url not in known]
            urls = [jobs[0].source_url for jobs in missing]
            outcomes = pool.map(lambda url: _fetch_and_store(source, url), urls)
            results = list(zip(missing, outcomes, strict=True))
            for jobs in batch:
                if (name := known.get(jobs[0].source_url)) is not None:
                    results.append((jobs, _Outcome(name=name)))
            with transaction.atomic():
                problems = _record(results)
            done += len(batch)
            yield PictureStep(done, total, problems)


def store_picture(content: bytes) -> str:
    """Store a picture under its content's hash with its smaller copies, once; return its name in the storage.

    Raises PictureUnavailable where the bytes are not a JPEG, PNG, WebP or GIF of at most 50 megapixels.
    """
    extension = check_picture(content)
    digest = hashlib.sha256(content).hexdigest()
    name = f"products/{digest[:2]}/{digest}.{extension}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    try:
        make_renditions(name)
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureUnavailable(_("The picture is damaged.")) from error
    return name


def check_picture(content: bytes) -> str:
    """Return the file extension of a picture; raise PictureUnavailable for anything else, and for too many pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=list(EXTENSIONS)) as picture:
            width, height = picture.size
            extension = EXTENSIONS[str(picture.format)]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise PictureUnavailable(_("It is not a JPEG, PNG, WebP or GIF picture.")) from error
    if width * height > MAX_PIXELS:
        raise PictureUnavailable(_("It has more than %(count)d megapixels.", count=MAX_PIXELS // 1_000_000))
    return extension


def _fetch_and_store(source: PictureSource, url: str) -> _Outcome:
    try:
        return _Outcome(name=store_picture(source.fetch(url)))
    except PictureAddressRefused as error:
        return _Outcome(error=error.args[0], is_refused=True)
    except PictureUnavailable as error:
        return _Outcome(error=error.args[0])


def _find_stored(urls: Sequence[str]) -> dict[str, str]:
    """Return address -> name in the storage of pictures that were fetched for another product before."""
    jobs = PictureJob.objects.filter(source_url__in=urls, state=PictureJob.State.DONE).order_by("id")
    done = list(jobs.values_list("source_url", "sha256", "product_id"))
    images = get_model("catalogue", "ProductImage").objects.filter(
        product_id__in={product_id for _, _, product_id in done}, original__startswith="products/"
    )
    names = {hash_in(name): name for name in images.order_by("id").values_list("original", flat=True)}
    return {url: names[sha256] for url, sha256, _ in done if sha256 in names}


def _record(results: Sequence[tuple[list[PictureJob], _Outcome]]) -> list[RowProblem]:
    """Write what became of one batch: images for what was stored, an error for what was not."""
    ProductImage = get_model("catalogue", "ProductImage")
    Product = get_model("catalogue", "Product")
    jobs = [job for group, _ in results for job in group]
    titles = dict(Product.objects.filter(id__in={job.product_id for job in jobs}).values_list("id", "title"))
    attached = set(images_of(jobs))
    images, changed, failed = [], [], []
    for group, outcome in results:
        state = PictureJob.State.FAILED if outcome.error else PictureJob.State.DONE
        if outcome.error:
            failed.append((group[0], outcome))
        for job in group:
            said = keep(outcome.error)
            if (job.state, job.error, job.said) != (state, outcome.error, said):
                job.state, job.error, job.said = state, outcome.error, said
                job.sha256 = hash_in(outcome.name)
                changed.append(job)
            key = (job.product_id, job.sha256)
            if outcome.name and key not in attached:
                attached.add(key)
                caption = titles[job.product_id][:200]
                images.append(
                    ProductImage(
                        product_id=job.product_id,
                        original=outcome.name,
                        display_order=job.position,
                        caption=caption,
                    )
                )
    ProductImage.objects.bulk_create(images)
    PictureJob.objects.bulk_update(changed, ["state", "error", "said", "sha256"])
    return _describe(failed)


def _describe(failed: Sequence[tuple[PictureJob, _Outcome]]) -> list[RowProblem]:
    skus = dict(
        AmazonListing.objects.filter(product_id__in=[job.product_id for job, _ in failed], is_primary=True)
        .order_by("id")
        .values_list("product_id", "sku")
        if failed
        else ()
    )
    return [
        RowProblem(
            file="",
            row=None,
            column="picture",
            kind=ProblemKind.BAD_PICTURE_ADDRESS if outcome.is_refused else ProblemKind.PICTURE_FAILED,
            sku=skus.get(job.product_id, ""),
            message=_("%(address)s: %(reason)s", address=job.source_url, reason=outcome.error),
            action=_(
                "The product was imported without this picture. Add the picture in the shop, or import again."
            ),
        )
        for job, outcome in failed
    ]
