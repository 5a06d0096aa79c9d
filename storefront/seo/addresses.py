"""One page's absolute address in each edition that has it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import get_script_prefix

from storefront.markets.editions import Edition, current_edition, open_editions

X_DEFAULT = "x-default"


@dataclass(frozen=True)
class Addresses:
    """Completes addresses while the request of `edition` is answered."""

    edition: Edition
    editions: tuple[Edition, ...]
    outer_prefix: str
    absolute: Callable[[str], str]

    def inner_path(self, reversed_path: str) -> str:
        """Return what reverse() wrote without the prefix of the edition and of the server."""
        return reversed_path.removeprefix(f"{self.outer_prefix}{self.edition.prefix}")

    def at(self, edition: Edition, inner_path: str) -> str:
        """Return the absolute address of a path in an edition."""
        return self.absolute(f"{self.outer_prefix}{edition.address(inner_path)}")

    def alternates(self, pages: Iterable[tuple[Edition, str]]) -> tuple[tuple[str, str], ...]:
        """Return (hreflang, address) of a page's editions, the first of them as x-default, too; none if it is alone."""
        links = [(edition.hreflang, self.at(edition, path)) for edition, path in pages]
        return (*links, (X_DEFAULT, links[0][1])) if len(links) > 1 else ()

    def of_markets(self, market_ids: set[int]) -> Sequence[Edition]:
        """Return the editions of these markets, in the merchant's order."""
        return [edition for edition in self.editions if edition.market.pk in market_ids]


def current_addresses(absolute: Callable[[str], str]) -> Addresses | None:
    """Return the addresses of the request being answered; None while no market is open."""
    edition = current_edition()
    if edition is None:
        return None
    outer_prefix = get_script_prefix().rstrip("/").removesuffix(edition.prefix)
    return Addresses(edition, tuple(open_editions()), outer_prefix, absolute)
