"""A sheet of the workbook as plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storefront.subsidies.dossier.wording import Cell
from storefront.subsidies.words import say_in


@dataclass(frozen=True)
class Sheet:
    """A sheet: its word, the words of its columns, its rows; `totals` are the columns to be summed up.

    `links` leads from a row to a file of the dossier, from its `link_column`.
    """

    word: str
    columns: Sequence[str]
    rows: list[list[Cell]]
    totals: Sequence[int] = ()
    links: dict[int, str] = field(default_factory=dict)
    link_column: int = 0

    @property
    def title(self) -> str:
        """Its name on the tab."""
        return f"{say_in('zh', self.word)} {say_in('en', self.word)}"[:31]
