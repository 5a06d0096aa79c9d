"""manage.py verify_evidence: read every stored file and the whole log, and name what was changed."""

from django.core.management.base import BaseCommand, CommandError

from storefront.evidence.errors import ChainBroken
from storefront.evidence.models import EvidenceVersion
from storefront.evidence.selectors import broken_versions, check_chain


class Command(BaseCommand):
    help = "Check every stored file against its hash and the event log link by link. Fails when anything was changed."

    def handle(self, *args, **options):
        found = list(broken_versions())
        try:
            links = check_chain()
        except ChainBroken as error:
            found.append(str(error))
        if found:
            raise CommandError("\n".join(found))
        count = EvidenceVersion.objects.count()
        self.stdout.write(f"{count} file(s) and {links} event(s): all as written.")
