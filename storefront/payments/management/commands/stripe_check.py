"""Say what is missing before this shop can take money through Stripe."""

from django.core.management.base import BaseCommand, CommandError

from storefront.payments.stripe_account import check_stripe

_MARKS = {True: "ok      ", False: "MISSING ", None: "look    "}


class Command(BaseCommand):
    help = "Checks keys, permissions, webhook, account and currencies at Stripe, and prints what is missing."

    def handle(self, *args, **options):
        findings = []
        for finding in check_stripe():
            findings.append(finding)
            self.stdout.write(f"{_MARKS[finding.is_ok]}{finding.sentence}")
        missing = sum(finding.is_ok is False for finding in findings)
        if missing:
            raise CommandError(f"{missing} thing(s) are missing. See docs/how-to/go-live-with-stripe.md.")
        self.stdout.write(
            "Nothing is missing. Now go through the checklist in docs/how-to/go-live-with-stripe.md."
        )
