"""manage.py remind_of_deadlines: mail what is due in the chains of reminders, each once."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from storefront.subsidies.services.reminders import plan_reminders
from storefront.subsidies.tasks import send_reminder_in_worker


class Command(BaseCommand):
    help = "Remind people of the deadlines of subsidy projects; tell the boss where nobody reacted. Safe to run again."

    def handle(self, *args, **options):
        keys = plan_reminders(now=timezone.now())
        for key in keys:
            send_reminder_in_worker.enqueue(key)
        print(f"{len(keys)} reminders of deadlines sent.")
