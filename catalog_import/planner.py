"""Plans an import, some families at a time: which product each listing is, and what is to be done; writes nothing.

Families that the shop has as the files say are left alone; those it knows are planned as they come, the others when
all the known ones have found their products: those with a known SKU first, then those with a known code. Last come the
withdrawals. What is decided on the way is staged with the listings: memory does not grow with it.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence, Sequence
from datetime import datetime
from typing import TypeVar

from catalog_import.apart import plan_apart
from catalog_import.drafting import Drafted, Drafter
from catalog_import.drafts import Draft
from catalog_import.known import Shop, Snapshot
from catalog_import.listing import RowProblem
from catalog_import.matching import Matching, leave_out_children, match_by_code, match_by_sku, match_known
from catalog_import.plan import Plan
from catalog_import.product_planner import Circumstances, ProductPlanner
from catalog_import.readers.staged_family import StagedFamily
from catalog_import.readers.staging import Staging
from catalog_import.unsellable import Unsellable

Made = TypeVar("Made")


def plan_parts(
    *,
    listings: Staging,
    shop: Shop,
    problems: Sequence[RowProblem] = (),
    language: str,
    is_complete: bool,
    now: datetime,
    size: int,
    make: Callable[[Plan], Made],
    surroundings: bytes = b"",
) -> Iterator[Made]:
    """Yield what `make` makes of the plan, in parts of whole families, each of about `size` listings.

    Each part has its problems. For an empty shop `make` must always make the same of a part, without the database: a
    second process plans every other part.

    `problems` are those of reading; `language` is the marketplace's, for files that do not name theirs. SKUs are
    withdrawn only when the files are complete, that is when a listings report is among them. `surroundings` is what
    the outcome depends on beside files and shop.
    """
    listings.group(shop.parents_among)
    circumstances = Circumstances(now, is_complete, Unsellable(problems), listings.shared_codes())
    planner = _Planner(listings, shop, circumstances, language, size, surroundings)
    if shop.is_empty:
        yield from planner.plan_new(make)
    else:
        yield from map(make, planner.plan_parts())
    yield make(Plan(problems=circumstances.unsellable.problems()))


class _Planner:
    """Holds what every part is planned with."""

    def __init__(
        self,
        listings: Staging,
        shop: Shop,
        circumstances: Circumstances,
        language: str,
        size: int,
        surroundings: bytes,
    ) -> None:
        self._listings, self._shop, self._circumstances = listings, shop, circumstances
        self._size, self._surroundings = size, surroundings
        self._drafter = Drafter(listings, language=language, surroundings=surroundings)

    def plan_new(self, make: Callable[[Plan], Made]) -> Iterator[Made]:
        """Plan all families for an empty shop; yield what is made of the parts."""
        never = Snapshot(self._shop.here, self._shop.language)

        def plan_part(part: list[StagedFamily]) -> Plan:
            plan = Plan()
            self._plan(plan, self._drafter.draft(part), never, Matching())
            return plan

        return plan_apart(
            listings=self._listings,
            circumstances=self._circumstances,
            drafter=self._drafter,
            size=self._size,
            make=lambda part: make(plan_part(part)),
        )

    def plan_parts(self) -> Iterator[Plan]:
        """Plan all families, and what becomes of products that the files do not name any more."""
        put_off = array("q")
        for part in self._listings.families(self._size):
            yield self.plan_part(part, put_off)
        later = array("q", sorted(put_off))  # again in Amazon's order
        for part in self._listings.families(self._size, later):
            yield self.match_part(part)
        for part in self._listings.families(self._size, later):
            yield self.plan_part(part, None)
        if self._circumstances.is_complete:
            yield from self.plan_withdrawals()

    def plan_part(self, part: list[StagedFamily], later: MutableSequence[int] | None) -> Plan:
        """Plan some families; those that this marketplace does not know are put off, where there is a `later`."""
        plan = Plan()
        heads = self._shop.heads([sku for family in part for sku in family.skus])
        digests = [family.digest(self._surroundings) for family in part]
        todo: list[tuple[StagedFamily, str]] = []
        claims: list[tuple[int, str]] = []
        for family, digest in zip(part, digests, strict=True):
            known = [heads[sku] for sku in family.skus if sku in heads]
            if len(known) == len(family.skus) and all(head.has_all(digest) for head in known):
                speaking = [sku for sku in family.skus if heads[sku].is_primary]
                plan.unchanged += speaking
                claims += [(heads[sku].product_id or 0, sku) for sku in speaking]
            elif known or later is None:
                todo.append((family, digest))
            else:
                later.append(family.number)
        self._listings.claim(claims)
        if todo:
            primary = {sku for sku, head in heads.items() if head.is_primary}
            families, digests = [family for family, _ in todo], [digest for _, digest in todo]
            self._plan_known(plan, self._drafter.draft(families, primary, digests), later)
        return plan

    def _plan_known(self, plan: Plan, drafted: list[Drafted], later: MutableSequence[int] | None) -> None:
        drafts = [draft for each in drafted for draft in each.drafts]
        decided = self._listings.decided(draft.sku for draft in drafts) if later is None else {}
        snapshot = self._look(drafts, decided, by_code=later is None)
        matching = match_known(drafts, snapshot, self._listings)
        if later is not None:
            known = [each for each in drafted if all(d.sku in matching.product_ids for d in each.drafts)]
            later.extend({each.family.number for each in drafted} - {each.family.number for each in known})
            drafted = known
        else:
            self._match_rest(drafts, decided, snapshot, matching)
        self._plan(plan, drafted, snapshot, matching)

    def match_part(self, part: list[StagedFamily]) -> Plan:
        """Decide which products those of some families are whose SKUs the shop has; return the questions there are."""
        snapshot = self._shop.look(skus={sku for family in part for sku in family.skus})
        known = [family for family in part if snapshot.known_anywhere(family.skus)]
        primary = {sku for sku, listing in snapshot.listings.items() if listing.is_primary}
        drafts = [
            draft
            for each in self._drafter.draft(known, primary, [""] * len(known))
            for draft in each.drafts
            if snapshot.known_here(draft.skus) is None
        ]
        matching = match_by_sku(drafts, snapshot, self._listings)
        self._listings.decide([*matching.product_ids.items(), *((sku, None) for sku in matching.left_out)])
        return Plan(problems=matching.questions)

    def _match_rest(
        self,
        drafts: Sequence[Draft],
        decided: Mapping[str, int | None],
        snapshot: Snapshot,
        matching: Matching,
    ) -> None:
        """Add to what the known drafts are what was decided of the others, and what their codes say."""
        for sku, product_id in decided.items():
            if product_id is None:
                matching.left_out.add(sku)
            else:
                matching.product_ids.setdefault(sku, product_id)
        rest = [each for each in drafts if each.sku not in decided and each.sku not in matching.product_ids]
        by_code = match_by_code(rest, snapshot, self._listings)
        matching.product_ids |= by_code.product_ids
        matching.left_out |= by_code.left_out
        matching.questions += by_code.questions
        leave_out_children(drafts, matching)

    def _look(self, drafts: Sequence[Draft], decided: Mapping[str, int | None], *, by_code: bool) -> Snapshot:
        skus = {sku for draft in drafts for sku in draft.skus}
        skus |= {str(sku) for draft in drafts if (sku := draft.values.get("parent_sku"))}
        said = [values for draft in drafts for values in (draft.values, *dict(draft.twins).values())]
        return self._shop.look(
            skus=skus,
            product_ids={product_id for product_id in decided.values() if product_id is not None},
            gtins={str(code) for draft in drafts if (code := draft.values.get("upc"))},
            asins={str(values["asin"]) for values in said if "asin" in values} if by_code else (),
        )

    def _plan(self, plan: Plan, drafted: Iterable[Drafted], snapshot: Snapshot, matching: Matching) -> None:
        planner = ProductPlanner(plan, snapshot, matching, self._circumstances, self._replaced(snapshot))
        plan.problems += matching.questions
        for each in drafted:
            plan.problems += each.problems
            trouble = len(plan.keep) + len(plan.problems)
            for draft in each.drafts:
                if draft.sku not in matching.left_out:
                    planner.plan_draft(draft)
            if self._is_settled(each, matching) and trouble == len(plan.keep) + len(plan.problems):
                plan.settled |= each.settled(snapshot, matching)

    def _replaced(self, snapshot: Snapshot) -> Mapping[int, str]:
        """Return the primary SKUs of products that the files do not name any more."""
        if not self._circumstances.is_complete:
            return {}
        primary = {sku: known.product_id for sku, known in snapshot.listings.items() if known.is_primary}
        named = self._listings.named(primary)
        return {key: sku for sku, key in primary.items() if key and sku not in named}

    def _is_settled(self, each: Drafted, matching: Matching) -> bool:
        """Return whether the same files will mean the same again; a sale ends in the shop by itself."""
        return not each.problems and not any(
            draft.sku in matching.left_out
            or draft.sku in matching.seconds
            or draft.values.get("upc") in self._circumstances.shared_codes
            for draft in each.drafts
        )

    def plan_withdrawals(self) -> Iterator[Plan]:
        """Yield what becomes of products whose SKUs none of the files names any more."""
        for primaries in self._shop.primaries():
            named = self._listings.named(primaries)
            gone = {sku: product_id for sku, product_id in primaries.items() if sku not in named}
            if not gone:
                continue
            snapshot = self._shop.look(skus=set(gone), product_ids=set(gone.values()))
            variants = self._shop.variants_of(set(gone.values()))
            spoken_for = self._spoken_for({*gone.values(), *variants})
            pages = {variants[key] for key in spoken_for if key in variants}
            plan = Plan()
            planner = ProductPlanner(plan, snapshot, Matching(), self._circumstances, {})
            for sku, product_id in gone.items():
                if product_id not in spoken_for and product_id not in pages:
                    planner.plan_withdrawal(sku, product_id)
            yield plan

    def _spoken_for(self, product_ids: set[int]) -> set[int]:
        """Return those of some products that a SKU of the files is, if only as another one's twin."""
        listed = self._shop.skus_of(product_ids)
        named = self._listings.named(listed)
        twins = {product_id for sku, product_id in listed.items() if sku in named}
        return twins | self._listings.claimed(product_ids).keys()
