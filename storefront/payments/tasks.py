"""What the scheduler queues."""

from dataclasses import asdict

from django.utils import timezone
from django_tasks import task

from storefront.payments import services


@task()
def reconcile_payments() -> dict[str, int]:
    """Run reconciliation now and return its counts."""
    return asdict(services.reconcile(now=timezone.now()))
