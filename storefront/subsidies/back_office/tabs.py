"""The tabs over every page of a project, in order."""

from dataclasses import dataclass

from django.urls import reverse

from storefront.subsidies.models import Project
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class Tab:
    """A page of a project: its address by name, and the key of its word."""

    url_name: str
    word: str


TABS = [
    Tab("subsidies_board", "tab.board"),
    Tab("subsidies_figures", "tab.figures"),
    Tab("subsidies_objections", "tab.objections"),
    Tab("subsidies_papers", "tab.papers"),
    Tab("subsidies_expenses", "tab.expenses"),
    Tab("subsidies_claim", "tab.claim"),
    Tab("subsidies_marks", "tab.marks"),
    Tab("subsidies_reconciliation", "tab.reconciliation"),
    Tab("subsidies_clauses", "tab.clauses"),
    Tab("subsidies_dossier", "tab.dossier"),
    Tab("subsidies_people", "tab.people"),
    Tab("subsidies_history", "tab.history"),
]


def tabs_of(project: Project, *, current: str) -> list[dict[str, object]]:
    """Return what the bar of tabs shows; `current` is the name of the address being read."""
    return [
        {
            "url": reverse(tab.url_name, args=[project.pk]),
            "label": say(tab.word),
            "is_current": tab.url_name == current,
        }
        for tab in TABS
    ]
