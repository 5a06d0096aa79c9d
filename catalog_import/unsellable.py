"""What keeps a product that an import makes from being sold, in sentences for the merchant."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog_import.drafts import Draft
from catalog_import.known import STOCK_FIELDS
from catalog_import.listing import Fulfilment, ProblemKind, RowProblem
from catalog_import.said import say as _


@dataclass(slots=True)
class Found:
    """What keeps some products from being sold: problems, and how many have their stock at Amazon, unknown."""

    problems: list[RowProblem] = field(default_factory=list)
    at_amazon: int = 0
    first_at_amazon: str = ""

    def add(self, other: "Found") -> None:
        """Add what was found of products that come after these."""
        self.problems += other.problems
        self.first_at_amazon = self.first_at_amazon or other.first_at_amazon
        self.at_amazon += other.at_amazon


class Unsellable:
    """Looks at new products one by one: title, price, stock; `problems` are those found before."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self._reported = {(problem.sku, problem.kind) for problem in problems}
        self._found = Found()

    def take(self) -> Found:
        """Return what was found since it was taken last."""
        found, self._found = self._found, Found()
        return found

    def add(self, found: Found) -> None:
        """Add what was taken elsewhere, of products that come after those looked at."""
        self._found.add(found)

    def look_at(self, draft: Draft) -> None:
        """Note what keeps a product from being sold and is not among the problems found before."""
        if "title" not in draft.values:
            self._found.problems.append(
                draft.problem(ProblemKind.MISSING_TITLE, _("The listing has no title."),
                              _("It was imported as '%(sku)s' and is not shown. Give it a title in the shop.",
                                sku=draft.sku),
                              column="title")
            )  # fmt: skip
        if draft.is_parent or draft.is_active is False:
            return
        if "price" not in draft.values:
            if (draft.sku, ProblemKind.BAD_PRICE) not in self._reported:
                self._found.problems.append(
                    draft.problem(ProblemKind.MISSING_PRICE, _("The listing has no price."),
                                  _("It was imported but is not shown. Give it a price in the shop."), column="price")
                )  # fmt: skip
        elif not any(name in draft.values for name in STOCK_FIELDS):
            if draft.fulfilment is Fulfilment.AMAZON:
                self._found.first_at_amazon = self._found.first_at_amazon or draft.sku
                self._found.at_amazon += 1
            elif (draft.sku, ProblemKind.BAD_QUANTITY) not in self._reported:
                self._found.problems.append(
                    draft.problem(ProblemKind.UNKNOWN_QUANTITY, _("The listing has no quantity."),
                                  _("It starts at 0. Enter the quantity in the shop."), column="quantity")
                )  # fmt: skip

    def problems(self) -> list[RowProblem]:
        """Return what was found."""
        found = self._found
        if not found.at_amazon:
            return found.problems
        at_amazon = RowProblem(
            file="", row=None, column="quantity", kind=ProblemKind.UNKNOWN_QUANTITY, sku=found.first_at_amazon,
            message=_(
                "The stock of %(count)d products is at Amazon and in none of the files.", count=found.at_amazon
            ),
            action=_("They start at 0. Add the FBA inventory report, or enter their stock in the shop."),
        )  # fmt: skip
        return [*found.problems, at_amazon]
