"""Ask Stripe about every open payment; run it every few minutes."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.payments import gateway, services


class Command(BaseCommand):
    help = "Settles open payments, frees the stock of orders nobody paid, and sends missing confirmations."

    def handle(self, *args, **options):
        if not gateway.is_configured():
            raise CommandError("Payments are not set up: set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY.")
        done = services.reconcile(now=timezone.now())
        self.stdout.write(
            f"{done.looked_at} open payment(s) looked at: {done.paid} paid, {done.expired} expired, "
            f"{done.failed} to be tried again; {done.confirmations} confirmation(s) queued."
        )
