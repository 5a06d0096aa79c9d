"""Bytes become listings: every file given is recognised, read, or refused in one sentence; then merged by SKU."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

from catalog_import.errors import PictureFile, UnreadableFile
from catalog_import.listing import Listing, ProblemKind, RowProblem
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.api_items import read_api_items
from catalog_import.readers.aplus import is_aplus, join_stories, read_aplus
from catalog_import.readers.detect import Format, RecognisedFile, recognise
from catalog_import.readers.inventory import read_inventory
from catalog_import.readers.known_rows import DIGEST_BYTES, FaultlessRows, KnownRows, Recall, TableReader
from catalog_import.readers.listings_report import ListingsReport
from catalog_import.readers.sources import expand_sources
from catalog_import.readers.staged_body import StagedRow, stage_listing
from catalog_import.readers.staging import Pile, Staging
from catalog_import.readers.tabular import ReportText, Row, Table, TemplateText
from catalog_import.readers.template_rows import Template
from catalog_import.said import say as _
from catalog_import.story import StoryDocument, StoryRelations
from catalog_import.two_processes import can_be_two, read_in_two

PICTURE = "Picture"
_LOST_ROWS = (ProblemKind.ROW_TOO_LONG, ProblemKind.LINE_TOO_LONG)


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
    """All files together: one staged listing per SKU; `is_complete` when a missing SKU means it is gone."""

    listings: Staging
    files: list[FileReport] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    is_complete: bool = False
    stories: list[StoryDocument] = field(default_factory=list)
    faultless: dict[bytes, FaultlessRows] = field(default_factory=dict)


def read_files(
    *,
    paths: Sequence[Path],
    marketplace: Marketplace,
    on_file: Callable[[str], None] = lambda name: None,
    recall: Recall = lambda layout: b"",
) -> Reading:
    """Read files, folders and zip archives of one marketplace.

    `recall` returns what is known of the rows of a layout; what the next time may be is in the reading's `faultless`.

    A file named by itself that cannot be read raises UnreadableFile; inside a folder or an archive it is reported and
    passed over.
    UnreadableFile is also raised when nothing at all could be read.
    """
    reading = Reading(Staging(marketplace.code))
    piles = _Piles(recall)
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
    if not piles.has_listings and not reading.stories:
        nothing = UnreadableFile(_explain_nothing_read(reading))
        nothing.files = reading.files
        raise nothing
    reading.listings.merge()
    reading.problems += reading.listings.duplicates()
    reading.is_complete = _is_complete(reading)
    return reading


@dataclass(slots=True)
class _Piles:
    """What was read beside listings, whether any file had some, and what is known of rows."""

    recall: Recall
    has_listings: bool = False
    stories: list[StoryDocument] = field(default_factory=list)
    story_relations: list[StoryRelations] = field(default_factory=list)


def _read_one(
    file: RecognisedFile, marketplace: Marketplace, reading: Reading, piles: _Piles
) -> tuple[int, str]:
    """Stage one file; return how many rows it had and what it is. Of one that raises UnreadableFile nothing stays."""
    problems: list[RowProblem] = []
    rows, format_ = _stage(file, marketplace, reading, piles, problems)
    reading.problems += problems
    return rows, format_


def _stage(
    file: RecognisedFile,
    marketplace: Marketplace,
    reading: Reading,
    piles: _Piles,
    problems: list[RowProblem],
) -> tuple[int, str]:
    staging = reading.listings
    if file.format is Format.FBA_INVENTORY:
        stock = read_inventory(file=file, marketplace=marketplace)
        return staging.add_stock(_apart(stock, problems)), file.format
    if file.format is Format.API_ITEMS and is_aplus(file):
        return _read_stories(file, marketplace, problems, piles), "A+ content (JSON)"
    if file.format is Format.API_ITEMS:
        items = list(_apart(read_api_items(file=file, marketplace=marketplace), problems))
        own = [item for item in items if item.sku]
        if own:
            staging.add(Pile.LISTINGS_ITEMS, file.name, map(stage_listing, own))
            piles.has_listings = True
        staging.add_catalog_items(item for item in items if not item.sku)
        return len(items), "Listings items (JSON)" if own else "Catalog items (JSON)"
    if file.table is None:
        return 0, file.format
    reader: TableReader
    if file.format in (Format.LISTINGS_REPORT, Format.OPEN_LISTINGS):
        pile, reader = Pile.REPORT, ListingsReport(file, file.table, marketplace)
    else:
        pile = Pile.FLAT_FILE if file.format is Format.FLAT_FILE else Pile.CATEGORY
        reader = Template(file, file.table, marketplace)
    faultless = FaultlessRows()
    table_rows = _read_table(reader, file.table, KnownRows(piles.recall(reader.layout)))
    rows = staging.add(pile, file.name, _note_faultless(_apart(table_rows, problems), faultless), reader)
    reading.faultless.setdefault(reader.layout, FaultlessRows()).extend(faultless)
    piles.has_listings = True
    return rows, file.format


def _note_faultless(rows: Iterable[StagedRow], faultless: FaultlessRows) -> Iterator[StagedRow]:
    for row in rows:
        if row.is_faultless:
            faultless.add(row.digest)
        yield row


def _read_table(reader: TableReader, table: Table, known: KnownRows) -> Iterator[StagedRow | RowProblem]:
    """Yield every row as it is staged, and the problems; of a workbook walking through takes longer than reading."""
    layout = blake2b(reader.layout, digest_size=DIGEST_BYTES)

    def read_row(number: int, cells: list[str]) -> Iterator[StagedRow | RowProblem]:
        packed = reader.pack(cells)
        if packed is None:
            digest = b""
        else:
            of_row = layout.copy()
            of_row.update(packed)
            digest = of_row.digest()
            if digest in known:
                identity, has_status = reader.identify(cells)
                yield StagedRow(number, *identity, digest, True, packed, has_status, True)
                return
        entries = list(reader.read(number, cells))
        is_faultless = len(entries) == 1 and packed is not None
        for entry in entries:
            if isinstance(entry, Listing):
                yield stage_listing(entry, digest, is_faultless=is_faultless)
            else:
                yield entry

    def read(rows: Iterable[Row]) -> list[StagedRow | RowProblem]:
        return [entry for number, cells in rows for entry in read_row(number, cells)]

    if reader.is_long and isinstance(table, ReportText | TemplateText) and can_be_two():
        yield from read_in_two(reader.rows, read)
    else:
        yield from chain.from_iterable(read((row,)) for row in reader.rows())


def _read_stories(
    file: RecognisedFile, marketplace: Marketplace, problems: list[RowProblem], piles: _Piles
) -> int:
    """Read A+ content; return how many modules or ASINs there were."""
    rows = 0
    for entry in _apart(read_aplus(file=file, marketplace=marketplace), problems):
        if isinstance(entry, StoryDocument):
            piles.stories.append(entry)
            rows += len(entry.blocks)
        else:
            piles.story_relations.append(entry)
            rows += len(entry.asins)
    return rows


def _apart(entries: Iterator[Any], problems: list[RowProblem]) -> Iterator[Any]:
    """Yield what is no problem; those are put with the others."""
    for entry in entries:
        if isinstance(entry, RowProblem):
            problems.append(entry)
        else:
            yield entry


def _is_complete(reading: Reading) -> bool:
    """Return whether a SKU that is not there is gone from Amazon.

    Only the All Listings Report names every SKU, and only it has a status column. A row that was left out may have
    named any SKU.
    """
    return reading.listings.has_status and all(problem.kind not in _LOST_ROWS for problem in reading.problems)


def _explain_nothing_read(reading: Reading) -> str:
    refusals = [file.refusal for file in reading.files if file.refusal]
    shown = " ".join(refusals[:3])
    return f"{_('No Category Listings Report or All Listings Report was found.')} {shown}".strip()
