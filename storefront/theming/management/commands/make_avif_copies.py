"""manage.py make_avif_copies: smaller copies of the products' pictures, for browsers that read AVIF."""

import time
from collections.abc import Iterator

from django.core.cache import cache
from django.core.management.base import BaseCommand
from oscar.core.loading import get_model

from storefront.theming.pictures import can_make_avif, make_avif_copies

_DONE_KEY = "theming.avif_done_up_to"


class Command(BaseCommand):
    help = (
        "Make AVIF copies of pictures that have none, for so many seconds; the next run goes on from there."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, default=20)
        parser.add_argument(
            "--again", action="store_true", help="Look at every picture, not only at new ones."
        )

    def handle(self, *args, seconds, again, **options):
        if not can_make_avif():
            return
        end, made = time.monotonic() + seconds, 0
        for image_id, name in _pictures(after=0 if again else cache.get(_DONE_KEY, 0)):
            if time.monotonic() > end:
                break
            try:
                made += make_avif_copies(name)
            except (OSError, ValueError, SyntaxError) as error:
                self.stderr.write(f"{name}: no AVIF copy, the picture is damaged ({error}).")
            cache.set(_DONE_KEY, image_id, None)
        if made:
            self.stdout.write(f"{made} AVIF copies made")


def _pictures(*, after: int) -> Iterator[tuple[int, str]]:
    images = get_model("catalogue", "ProductImage").objects.filter(pk__gt=after).exclude(original="")
    yield from images.order_by("pk").values_list("pk", "original").iterator()
