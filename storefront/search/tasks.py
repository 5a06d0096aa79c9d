"""What the worker does for the search."""

from django.utils import timezone
from django_tasks import task

from storefront.search.indexing import update_index


@task()
def update_search_index() -> int:
    """Index what changed; return how many products were."""
    return update_index(now=timezone.now())
