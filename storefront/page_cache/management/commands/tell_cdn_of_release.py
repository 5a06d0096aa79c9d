"""manage.py tell_cdn_of_release: a CDN drops what the release before has made."""

from django.core.management.base import BaseCommand

from storefront.page_cache.tasks import tell_cdn_of_release


class Command(BaseCommand):
    help = "Have the CDN, if there is one, drop the pages of the release before. Safe to run at any time."

    def handle(self, *args, **options):
        tell_cdn_of_release()
