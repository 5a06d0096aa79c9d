"""A+ content of the Selling Partner API (2020-11-01): documents, and the ASINs that show them."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalog_import.errors import OtherMarketplaceFile, UnreadableFile
from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.marketplaces import MARKETPLACE_BY_ID, Marketplace
from catalog_import.readers.aplus_modules import body_key, convert_module
from catalog_import.readers.detect import RecognisedFile
from catalog_import.readers.values import is_asin
from catalog_import.said import say as _
from catalog_import.story import Block, StoryDocument, StoryRelations

MAX_DOCUMENT_BYTES = 20_000_000
_MARKS = (b'"contentModuleList"', b'"asinMetadataSet"', b'"contentMetadataRecords"', b"content module type")
# Words that belong to Amazon's own shop: A+ rules forbid most, real documents hold them.
_AMAZON_WORDS = re.compile(
    r"amazon(?:'s choice| choice)?|\bprime\b|best ?seller(?: rank)?|[★⭐☆]|\b\d(?:[.,]\d)?[- ](?:out of 5 )?stars?\b"
    r"|\bsterne?n?\b|\bfba\b|\bbuy box\b|\bcustomer reviews?\b|\bkundenrezension(?:en)?\b|アマゾン|プライム",
    re.IGNORECASE,
)


def is_aplus(file: RecognisedFile) -> bool:
    """Return whether a JSON file is A+ content, by the names that only such documents have."""
    with file.source.open() as stream:
        content = stream.read(MAX_DOCUMENT_BYTES)
    return any(mark in content for mark in _MARKS)


def read_aplus(
    *, file: RecognisedFile, marketplace: Marketplace
) -> Iterator[StoryDocument | StoryRelations | RowProblem]:
    """Yield the document and the relations of a file, and what of it cannot be taken over.

    Raises UnreadableFile for damaged JSON, OtherMarketplaceFile. Rows count the modules from 1.
    """
    document = _load(file)
    if document.get("errors"):
        message = _first_message(document["errors"])
        action = _(
            "Amazon does not hand out documents with premium modules. Rebuild it as a story in the shop."
        )
        yield _problem(file.name, None, ProblemKind.UNSUPPORTED_MODULE, message, action)
        return
    if isinstance(relations := document.get("asinMetadataSet"), list):
        yield from _read_relations(file.name, relations)
    inner = document.get("contentRecord")
    record: dict[str, Any] = inner if isinstance(inner, dict) else document
    content = record.get("contentDocument")
    if isinstance(content, dict):
        _check_marketplace(file.name, record.get("contentMetadata"), marketplace)
        yield from _read_document(file.name, record, content, marketplace)


def join_stories(
    *, documents: Sequence[StoryDocument], relations: Sequence[StoryRelations]
) -> list[StoryDocument]:
    """Return the documents with their ASINs: by key, else by the part of the file's name before its kind."""
    stories = []
    for story in documents:
        asins = dict.fromkeys(story.asins)
        for relation in relations:
            same_name = _stem(relation.file) == _stem(story.file)
            if relation.key == story.key if relation.key else same_name:
                asins.update(dict.fromkeys(relation.asins))
        stories.append(
            StoryDocument(
                key=story.key,
                name=story.name,
                language=story.language,
                file=story.file,
                blocks=story.blocks,
                asins=tuple(asins),
            )
        )
    return stories


def _load(file: RecognisedFile) -> dict[str, Any]:
    with file.source.open() as stream:
        content = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise UnreadableFile(
            _("%(name)s is larger than %(limit)s MB; no A+ document is."),
            name=file.name,
            limit=MAX_DOCUMENT_BYTES // 1_000_000,
        )
    try:
        document = json.loads(content.decode(file.encoding, "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            _("%(name)s is a damaged JSON document (%(reason)s). Export it again."),
            name=file.name,
            reason=error,
        ) from error
    payload = document.get("payload") if isinstance(document, dict) else None
    found = payload if isinstance(payload, dict) else document
    if not isinstance(found, dict):
        raise UnreadableFile(
            _("%(name)s is not an A+ document as Amazon's interface gives it."), name=file.name
        )
    return found


def _check_marketplace(name: str, metadata: Any, marketplace: Marketplace) -> None:
    found = metadata.get("marketplaceId") if isinstance(metadata, dict) else None
    other = MARKETPLACE_BY_ID.get(found) if isinstance(found, str) else None
    if other is not None and other != marketplace:
        raise OtherMarketplaceFile(
            _("%(name)s is from Amazon %(theirs)s, not from Amazon %(ours)s."),
            name=name,
            theirs=other.code.upper(),
            ours=marketplace.code.upper(),
        )


def _read_relations(name: str, rows: list[Any]) -> Iterator[StoryRelations]:
    by_key: dict[str, list[str]] = {}
    for row in rows:
        asin = row.get("asin") if isinstance(row, dict) else None
        if isinstance(asin, str) and is_asin(asin):
            keys = row.get("contentReferenceKeySet")
            for key in keys if isinstance(keys, list) and keys else [""]:
                by_key.setdefault(str(key), []).append(asin)
    for key, asins in by_key.items():
        yield StoryRelations(file=name, key=key, asins=tuple(dict.fromkeys(asins)))


def _read_document(
    name: str, record: dict[str, Any], content: dict[str, Any], marketplace: Marketplace
) -> Iterator[StoryDocument | RowProblem]:
    blocks: list[Block] = []
    modules = content.get("contentModuleList")
    for number, module in enumerate(modules if isinstance(modules, list) else [], start=1):
        kind = str(module.get("contentModuleType", "")) if isinstance(module, dict) else ""
        body = module.get(body_key(kind)) if kind else None
        block = convert_module(kind, body) if isinstance(body, dict) else None
        if block is None:
            message = _("The module %(name)s is not known.", name=kind or "?")
            action = _("It was left out. Rebuild it in the story, under Product stories in the back office.")
            yield _problem(name, number, ProblemKind.UNSUPPORTED_MODULE, message, action)
            continue
        blocks.append(block)
        if found := sorted({word.strip() for word in _AMAZON_WORDS.findall(_all_text(block))}):
            message = _("It speaks of Amazon's shop: %(words)s.", words=", ".join(found))
            action = _("It was taken over as it is. Reword it in the story.")
            yield _problem(name, number, ProblemKind.AMAZON_WORDING, message, action)
    locale = str(content.get("locale") or "")
    yield StoryDocument(
        key=str(record.get("contentReferenceKey") or _stem(name))[:100],
        name=str(content.get("name") or _stem(name))[:200],
        language=locale.replace("_", "-").partition("-")[0].lower() or marketplace.language,
        file=name,
        blocks=tuple(blocks),
    )


def _all_text(value: Any) -> str:
    """Return every text of a block in one string; addresses of pictures are no text."""
    if isinstance(value, dict):
        return "\n".join(
            _all_text(each) for name, each in value.items() if name not in ("ref", "type", "asin")
        )
    if isinstance(value, list):
        return "\n".join(_all_text(each) for each in value)
    return value if isinstance(value, str) else ""


def _first_message(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("message") if isinstance(first, dict) else first)[:300]


def _stem(name: str) -> str:
    """Return a file's name up to its kind: `power.us.asin_relations.json` is `power.us`."""
    base = name.replace("\\", "/").rpartition("/")[2].removesuffix(".json")
    return re.sub(
        r"[._-]?(asin_?relations|content_?document|document|relations|asins)$", "", base, flags=re.IGNORECASE
    )


def _problem(file: str, row: int | None, kind: ProblemKind, message: str, action: str) -> RowProblem:
    return RowProblem(file=file, row=row, column="", kind=kind, sku="", message=message, action=action)
