"""Staged families become drafts of products, each with the digest that tells what the files say of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog_import.drafts import Draft, draft_family
from catalog_import.families import build_family
from catalog_import.known import Snapshot
from catalog_import.listing import RowProblem
from catalog_import.matching import Matching
from catalog_import.readers.staged_family import StagedFamily
from catalog_import.readers.staging import Staging


@dataclass(slots=True, eq=False)
class Drafted:
    """A family with its products, and what is wrong with it; `digest` is the one it is to have."""

    family: StagedFamily
    drafts: list[Draft]
    problems: list[RowProblem]
    digest: str

    def settled(self, snapshot: Snapshot, matching: Matching) -> dict[str, str]:
        """Return by SKU the digest and, after a space, the version that its product, if there is one, was looked at."""
        products = {
            sku: snapshot.products.get(matching.product_ids.get(draft.sku, 0))
            for draft in self.drafts
            for sku in draft.skus
        }
        versions = {sku: product.version for sku, product in products.items() if product}
        return {sku: f"{self.digest} {versions.get(sku, '')}".rstrip() for sku in self.family.skus}


class Drafter:
    """Drafts families; `language` is for files that do not name theirs, `surroundings` what goes into the digests."""

    def __init__(self, listings: Staging, *, language: str, surroundings: bytes) -> None:
        self._listings, self._language, self._surroundings = listings, language, surroundings
        self._divided_types = listings.divided_types()

    def draft(
        self,
        families: Sequence[StagedFamily],
        primary_skus: Collection[str] = (),
        digests: Sequence[str] | None = None,
    ) -> list[Drafted]:
        """Return the families drafted, with these digests or, where none are given, with their own."""
        drafted = []
        self._listings.load(families)
        for number, staged in enumerate(families):
            family, problems = build_family(staged)
            drafts = draft_family(
                family,
                primary_skus=primary_skus,
                language=self._language,
                divided_types=self._divided_types,
            )
            digest = staged.digest(self._surroundings) if digests is None else digests[number]
            drafted.append(Drafted(staged, drafts, problems, digest))
        return drafted
