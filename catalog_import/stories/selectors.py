"""What pages show of a run's stories."""

from dataclasses import dataclass

from catalog_import.models import ImportRun
from catalog_import.stories.models import PlannedStory


@dataclass(frozen=True)
class RunStory:
    """One story of a run; `story_id` is that of the shop once it is written."""

    name: str
    language: str
    action: str
    part_count: int
    story_id: int | None


def list_run_stories(run: ImportRun) -> list[RunStory]:
    """Return the stories of a run in the order of its files."""
    return [
        RunStory(
            name=each.name,
            language=each.language,
            action=PlannedStory.Action(each.action).label,
            part_count=len(each.blocks),
            story_id=each.story_id if each.is_done else None,
        )
        for each in run.stories.order_by("id")
    ]
