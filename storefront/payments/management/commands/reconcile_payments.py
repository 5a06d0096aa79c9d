"""Ask Stripe about every open payment and compare the books; run it every few minutes, and nightly over more days."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.payments import gateway, services
from storefront.payments.models import Payment, PaymentWay


class Command(BaseCommand):
    help = (
        "Settles open payments, frees the stock of orders nobody paid, sends missing confirmations, and compares "
        "Stripe's books with the shop's."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=int, default=services.DAYS_BACK, help="how far back Stripe's lists are read"
        )

    def handle(self, *args, days, **options):
        if not (gateway.is_configured() or Payment.objects.filter(way=PaymentWay.BANK_TRANSFER).exists()):
            raise CommandError("Payments are not set up: set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY.")
        done = services.reconcile(now=timezone.now(), days=days)
        self.stdout.write(
            f"{done.looked_at} open payment(s) looked at: {done.paid} paid, {done.expired} expired, "
            f"{done.failed} to be tried again; {done.confirmations} confirmation(s) queued; "
            f"{done.findings} new finding(s)."
        )
