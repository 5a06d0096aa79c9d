"""The parts of a plan become packed batches, with what is counted of them; for an empty shop in either process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from catalog_import.known import Snapshot
from catalog_import.listing import RowProblem
from catalog_import.plan import Entry, Plan
from catalog_import.services.memory import free_memory
from catalog_import.stored_plan import Batch, Footprint, cut_part, cut_rest, fingerprint, pack

Look = Callable[[Footprint], Snapshot]


@dataclass(frozen=True, slots=True)
class PackedBatch:
    """What is stored of a batch, and how many of its products have units in Amazon's warehouses only."""

    payload: bytes
    skus: str
    fingerprint: str
    counts: dict[str, int]
    size: int
    only_at_amazon: int


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part of a plan as batches, what none of them has, and its problems."""

    batches: list[PackedBatch]
    rest: Batch
    problems: list[RowProblem]


@dataclass(slots=True)
class Packer:
    """Packs parts one after another; `look` says what the shop has of what a batch was planned from."""

    look: Look
    rest: Batch = field(default_factory=Batch)

    def pack_part(self, part: Plan) -> PackedPart:
        """Pack a part; what no batch of it takes is left for those of the next ones."""
        batches = self._pack(cut_part(part, self.rest))
        free_memory()
        return PackedPart(batches, Batch(), part.problems)

    def pack_apart(self, part: Plan) -> PackedPart:
        """Pack a part without leaving anything for the next ones: the answer is always the same."""
        rest = Batch()
        batches = self._pack(cut_part(part, rest))
        free_memory()
        return PackedPart(batches, rest, part.problems)

    def pack_rest(self) -> list[PackedBatch]:
        """Pack what is left."""
        return self._pack(cut_rest(self.rest))

    def _pack(self, batches: Iterable[Batch]) -> list[PackedBatch]:
        return [_pack_batch(batch, self.look) for batch in batches]


def _pack_batch(batch: Batch, look: Look) -> PackedBatch:
    footprint = batch.footprint
    return PackedBatch(
        payload=pack(batch, footprint),
        skus="\n".join(["", *batch.named_skus, ""]),
        fingerprint=fingerprint(footprint, look(footprint)),
        counts=batch.counts(),
        size=len(batch.entries) + len(batch.unchanged),
        only_at_amazon=sum(map(_is_only_at_amazon, batch.entries)),
    )


def _is_only_at_amazon(entry: Entry) -> bool:
    """Return whether a product's stock lies in Amazon's warehouses and the own one has none."""
    own = entry.changes.get("stock", entry.before.get("stock"))
    return bool(entry.changes.get("fba_stock")) and not own
