"""What keeps a product that an import makes from being sold, in sentences for the merchant."""

from collections.abc import Sequence

from catalog_import.drafts import Draft
from catalog_import.listing import Fulfilment, ProblemKind, RowProblem


def find_unsellable(*, drafts: Sequence[Draft], problems: Sequence[RowProblem]) -> list[RowProblem]:
    """Return what keeps new products from being sold and is not among the problems found: title, price, stock."""
    reported = {(problem.sku, problem.kind) for problem in problems}
    found: list[RowProblem] = []
    at_amazon: list[str] = []
    for draft in drafts:
        if "title" not in draft.values:
            found.append(
                draft.problem(ProblemKind.MISSING_TITLE, "The listing has no title.",
                              f"It was imported as '{draft.sku}' and is not shown. Give it a title in the shop.",
                              column="title")
            )  # fmt: skip
        if draft.is_parent or draft.is_active is False:
            continue
        if "price" not in draft.values:
            if (draft.sku, ProblemKind.BAD_PRICE) not in reported:
                found.append(
                    draft.problem(ProblemKind.MISSING_PRICE, "The listing has no price.",
                                  "It was imported but is not shown. Give it a price in the shop.", column="price")
                )  # fmt: skip
        elif "stock" not in draft.values:
            if draft.listing.offer.fulfilment is Fulfilment.AMAZON:
                at_amazon.append(draft.sku)
            elif (draft.sku, ProblemKind.BAD_QUANTITY) not in reported:
                found.append(
                    draft.problem(ProblemKind.UNKNOWN_QUANTITY, "The listing has no quantity.",
                                  "It starts at 0. Enter the quantity in the shop.", column="quantity")
                )  # fmt: skip
    if at_amazon:
        found.append(
            RowProblem(
                file="", row=None, column="quantity", kind=ProblemKind.UNKNOWN_QUANTITY, sku=at_amazon[0],
                message=f"The stock of {len(at_amazon)} products is at Amazon and in none of the files.",
                action="They start at 0. Add the FBA inventory report, or enter their stock in the shop.",
            )
        )  # fmt: skip
    return found
