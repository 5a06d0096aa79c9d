"""An A+ story as plain values: what the reader makes of Amazon's document and what the shop's blocks are filled from.

A block is `{"type": …, "value": {…}}` in the shape of `storefront.cms.story_blocks`, with two differences: a picture
is `{"ref": Amazon's upload id, "alt": text}` and a product `{"asin": ASIN}`; both are resolved when it is applied.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDocument:
    """One A+ document: its key at Amazon, its name, its language, its blocks, and the ASINs that show it."""

    key: str
    name: str
    language: str
    file: str
    blocks: tuple[Block, ...] = ()
    asins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRelations:
    """Which ASINs show a document; the key is empty where the file does not name it."""

    file: str
    key: str
    asins: tuple[str, ...] = field(default=())
