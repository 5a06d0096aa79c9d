"""Read the open format back: products are made or brought to what the file says; what it does not say stays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog_import.errors import ImportAlreadyRunning, UnreadableFile
from catalog_import.models import ImportRun
from catalog_import.open_format import Record, find_faults, read_records, sort_record
from catalog_import.oscar_catalogue.export import BATCH_PRODUCTS, describe_products
from catalog_import.oscar_catalogue.product_keys import find_product_keys
from catalog_import.oscar_catalogue.restoring import CatalogueRestorer
from catalog_import.oscar_catalogue.restoring_pictures import StoredPictures
from catalog_import.services.locking import release_dead_runs
from storefront.markets.errors import PriceRefused

FAULTS_SHOWN = 20


@dataclass(slots=True)
class Restored:
    """How many products were made, changed and left as they were; `problems` are (SKU, what was left out)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def import_catalogue(path: Path, *, pictures: list[Path], now: datetime) -> Restored:
    """Bring the catalogue to what an exported file says, in batches of one transaction each; pages before variants.

    Pictures come from the storage, else from `pictures` (files, folders, zip archives), by their hash. A second time,
    or after it was stopped, what is there already is left as it is. Raises UnreadableFile for a file with a fault,
    and ImportAlreadyRunning; nothing was written then.
    """
    release_dead_runs(now=now)
    if ImportRun.objects.filter(is_running=True).exists():
        raise ImportAlreadyRunning(
            _(
                "Another import is running. Wait until it is done, then start this one again; nothing was changed."
            )
        )
    ids = {sku: product_id for product_id, sku in find_product_keys().items()}
    _check(path, ids)
    restored = Restored()
    restorer = CatalogueRestorer(
        ids=ids, pictures=StoredPictures(pictures), now=now, problems=restored.problems
    )
    for wants_children in (False, True):
        for batch in _batches(path, wants_children=wants_children):
            _restore(batch, restorer, restored)
    return restored


def _check(path: Path, known: dict[str, int]) -> None:
    """Read the whole file before anything is written."""
    faults: list[str] = []
    seen: set[str] = set()
    parents: set[str] = set()
    needed: dict[str, str] = {}
    for place, record in read_records(path):
        found = [f"{place}: {name} {fault}." for name, fault in find_faults(record)]
        found += [f"{place}: {name} is missing." for name in ("sku", "structure") if not record.get(name)]
        if not found:
            sku, structure = record["sku"], record["structure"]
            if sku in seen:
                found.append(f"{place}: the SKU {sku} is in the file twice.")
            seen.add(sku)
            if structure == "child":
                needed.setdefault(record.get("parent_sku", ""), f"{place}: {sku}")
            elif structure == "parent":
                parents.add(sku)
        faults += found
        if len(faults) >= FAULTS_SHOWN:
            break
    faults += [
        f"{where} is a variant of {parent or 'nothing'}, which is neither in the file nor in the shop."
        for parent, where in needed.items()
        if parent not in parents and parent not in known
    ]
    if faults:
        raise UnreadableFile(
            "\n".join([*faults[:FAULTS_SHOWN], _("Correct the file and try again; nothing was changed.")])
        )
    if not seen:
        raise UnreadableFile(f"{path.name}: there are no products in this file.")


def _batches(path: Path, *, wants_children: bool) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for _place, record in read_records(path):
        if (record["structure"] == "child") == wants_children:
            batch.append(sort_record(record))
        if len(batch) == BATCH_PRODUCTS:
            yield batch
            batch = []
    if batch:
        yield batch


def _restore(batch: list[Record], restorer: CatalogueRestorer, restored: Restored) -> None:
    ids = restorer.ids
    keys = {
        ids[sku]: sku for record in batch for sku in (record["sku"], record.get("parent_sku")) if sku in ids
    }
    known = [ids[record["sku"]] for record in batch if record["sku"] in ids]
    with_amazon = any(
        "last_import" in each for record in batch for each in record.get("listings", {}).values()
    )
    now = restorer.now
    there = {
        each["sku"]: each
        for each in describe_products(
            known, keys=_with_parents(known, keys), now=now, with_amazon=with_amazon
        )
    }
    wanted = [record for record in batch if not _is_said(record, there.get(record["sku"]))]
    restored.unchanged += len(batch) - len(wanted)
    if not wanted:
        return
    made = sum(record["sku"] not in ids for record in wanted)
    restorer.now = max(timezone.now(), now + timedelta(microseconds=1))
    try:
        with transaction.atomic():
            restorer.write(wanted)
    except (IntegrityError, PriceRefused) as error:
        raise UnreadableFile(
            _("The products from %(first)s to %(last)s cannot be written: %(reason)s")
            % {"first": wanted[0]["sku"], "last": wanted[-1]["sku"], "reason": error}
        ) from error
    restored.created += made
    restored.changed += len(wanted) - made


def _with_parents(product_ids: list[int], keys: dict[int, str]) -> dict[int, str]:
    return keys if all(pk in keys for pk in product_ids) else {**keys, **find_product_keys()}


def _is_said(record: Record, there: Record | None) -> bool:
    """Return whether the shop says everything that a record does."""
    return there is not None and _holds(record, there)


def _holds(wanted: object, there: object) -> bool:
    if isinstance(wanted, dict) and isinstance(there, dict):
        return all(name in there and _holds(each, there[name]) for name, each in wanted.items())
    return wanted == there
