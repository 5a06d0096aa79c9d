"""Bytes become listings: every file given is recognised, read, or refused in one sentence; then merged by SKU."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from catalog_import.errors import PictureFile, UnreadableFile
from catalog_import.listing import Listing, ProblemKind, RowProblem
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.api_items import read_api_items
from catalog_import.readers.aplus import is_aplus, join_stories, read_aplus
from catalog_import.readers.detect import Format, RecognisedFile, recognise
from catalog_import.readers.inventory import FbaStock, read_inventory
from catalog_import.readers.listings_report import read_listings_report
from catalog_import.readers.merge import merge_listings
from catalog_import.readers.sources import expand_sources
from catalog_import.readers.template_rows import read_template_rows
from catalog_import.said import say as _
from catalog_import.story import StoryDocument, StoryRelations

PICTURE = "Picture"
_LOST_ROWS = (ProblemKind.ROW_TOO_LONG, ProblemKind.LINE_TOO_LONG)
_Entry = TypeVar("_Entry", Listing, FbaStock)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file: its format, encoding and rows, or why it was not read.

    The refusal is in English; `sentence` and `values` are what it was made of, for pages in other languages.
    """

    name: str
    format: str = ""
    encoding: str = ""
    rows: int = 0
    refusal: str = ""
    sentence: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """All files together: one listing per SKU in Amazon's order; `is_complete` when a missing SKU means "
    "it is gone."""

    files: list[FileReport] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    is_complete: bool = False
    stories: list[StoryDocument] = field(default_factory=list)


def read_files(
    *, paths: Sequence[Path], marketplace: Marketplace, on_file: Callable[[str], None] = lambda name: None
) -> Reading:
    """Read files, folders and zip archives of one marketplace.

    A file named by itself that cannot be read raises UnreadableFile; inside a folder or an archive it is reported and
    passed over.
    UnreadableFile is also raised when nothing at all could be read.
    """
    reading = Reading()
    piles = _Piles()
    for source in expand_sources(paths):
        on_file(source.name)
        try:
            file = recognise(source)
            rows, format_ = _read_one(file, marketplace, reading, piles)
        except UnreadableFile as refusal:
            if isinstance(refusal, PictureFile) and not source.is_named:
                reading.files.append(FileReport(name=source.name, format=PICTURE))
                continue
            reading.files.append(
                FileReport(
                    name=source.name, refusal=str(refusal), sentence=refusal.sentence, values=refusal.values
                )
            )
            if source.is_named:
                refusal.files = reading.files
                raise
        else:
            reading.files.append(
                FileReport(name=source.name, format=format_, encoding=file.encoding, rows=rows)
            )
    reading.stories = join_stories(documents=piles.stories, relations=piles.story_relations)
    categories = [*piles.listings_items, *piles.flat_files, *piles.categories]
    if not piles.reports and not categories and not reading.stories:
        nothing = UnreadableFile(_explain_nothing_read(reading))
        nothing.files = reading.files
        raise nothing
    reading.problems += _find_duplicates([*piles.reports, *categories])
    reading.listings = merge_listings(
        reports=piles.reports,
        categories=categories,
        stocks=piles.stocks,
        catalog_items=piles.catalog_items,
    )
    reading.is_complete = _is_complete(piles.reports, reading.problems)
    return reading


@dataclass(slots=True)
class _Piles:
    """What was read, by the kind of file it came from: each kind is believed in other things."""

    reports: list[list[Listing]] = field(default_factory=list)
    listings_items: list[list[Listing]] = field(default_factory=list)
    flat_files: list[list[Listing]] = field(default_factory=list)
    categories: list[list[Listing]] = field(default_factory=list)
    stocks: list[list[FbaStock]] = field(default_factory=list)
    catalog_items: list[Listing] = field(default_factory=list)
    stories: list[StoryDocument] = field(default_factory=list)
    story_relations: list[StoryRelations] = field(default_factory=list)


def _read_one(
    file: RecognisedFile, marketplace: Marketplace, reading: Reading, piles: _Piles
) -> tuple[int, str]:
    """Read one file onto its pile; return how many rows it had and what it is."""
    if file.format is Format.FBA_INVENTORY:
        stock = _collect(read_inventory(file=file, marketplace=marketplace), reading)
        piles.stocks.append(stock)
        return len(stock), file.format
    if file.format is Format.API_ITEMS and is_aplus(file):
        return _read_stories(file, marketplace, reading, piles), "A+ content (JSON)"
    if file.format is Format.API_ITEMS:
        items = _collect(read_api_items(file=file, marketplace=marketplace), reading)
        own = [item for item in items if item.sku]
        piles.listings_items += [own] if own else []
        piles.catalog_items += [item for item in items if not item.sku]
        return len(items), "Listings items (JSON)" if own else "Catalog items (JSON)"
    if file.format in (Format.LISTINGS_REPORT, Format.OPEN_LISTINGS):
        listings = _collect(read_listings_report(file=file, marketplace=marketplace), reading)
        piles.reports.append(listings)
    else:
        listings = _collect(read_template_rows(file=file, marketplace=marketplace), reading)
        pile = piles.flat_files if file.format is Format.FLAT_FILE else piles.categories
        pile.append(listings)
    return len(listings), file.format


def _read_stories(file: RecognisedFile, marketplace: Marketplace, reading: Reading, piles: _Piles) -> int:
    """Read A+ content; return how many modules or ASINs there were."""
    rows = 0
    for entry in read_aplus(file=file, marketplace=marketplace):
        if isinstance(entry, RowProblem):
            reading.problems.append(entry)
        elif isinstance(entry, StoryDocument):
            piles.stories.append(entry)
            rows += len(entry.blocks)
        else:
            piles.story_relations.append(entry)
            rows += len(entry.asins)
    return rows


def _collect(entries: Iterator[_Entry | RowProblem], reading: Reading) -> list[_Entry]:
    found: list[_Entry] = []
    problems: list[RowProblem] = []
    for entry in entries:
        if isinstance(entry, RowProblem):
            problems.append(entry)
        else:
            found.append(entry)
    reading.problems += problems
    return found


def _is_complete(reports: list[list[Listing]], problems: list[RowProblem]) -> bool:
    """Return whether a SKU that is not there is gone from Amazon.

    Only the All Listings Report names every SKU, and only it has a status column. A row that was left out may have
    named any SKU.
    """
    has_status = any(listing.status is not None for listings in reports for listing in listings)
    return has_status and all(problem.kind not in _LOST_ROWS for problem in problems)


def _find_duplicates(files: list[list[Listing]]) -> Iterator[RowProblem]:
    for listings in files:
        first_rows: dict[str, int] = {}
        for listing in listings:
            first = first_rows.setdefault(listing.sku, listing.row)
            if first != listing.row:
                yield RowProblem(
                    file=listing.file,
                    row=listing.row,
                    column="",
                    kind=ProblemKind.DUPLICATE_SKU,
                    sku=listing.sku,
                    message=_("The SKU is already in row %(row)d.", row=first),
                    action=_("The later row was used. Remove one of the two."),
                )


def _explain_nothing_read(reading: Reading) -> str:
    refusals = [file.refusal for file in reading.files if file.refusal]
    shown = " ".join(refusals[:3])
    return f"{_('No Category Listings Report or All Listings Report was found.')} {shown}".strip()
