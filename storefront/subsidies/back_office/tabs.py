"""The tabs over every page of a project: four groups in the order of the work, and the pages of the one being read."""

from dataclasses import dataclass

from django.urls import reverse

from storefront.subsidies.models import Project
from storefront.subsidies.speech import say

# A group's word, and its pages: the address by name (subsidies_…) and the word of each is the same.
GROUPS = {
    "board": ("board",),
    "prepare": ("clauses", "papers", "expenses", "marks"),
    "reckon": ("figures", "reconciliation", "claim"),
    "file": ("objections", "dossier"),
    "project": ("people", "history"),
}


@dataclass(frozen=True)
class Tab:
    """A link of the bar; `is_current` where the reader is."""

    url: str
    label: str
    is_current: bool


def tabs_of(project: Project, *, current: str) -> tuple[list[Tab], list[Tab]]:
    """Return the bar of groups and the bar of pages in the current group; `current` is the address being read."""
    groups, pages = [], []
    for group, names in GROUPS.items():
        links = [_tab(project, name, current=current) for name in names]
        is_current = any(link.is_current for link in links)
        groups.append(Tab(links[0].url, say(f"tabs.{group}"), is_current))
        if is_current and len(links) > 1:
            pages = links
    return groups, pages


def _tab(project: Project, name: str, *, current: str) -> Tab:
    url_name = f"subsidies_{name}"
    return Tab(reverse(url_name, args=[project.pk]), say(f"tab.{name}"), url_name == current)
