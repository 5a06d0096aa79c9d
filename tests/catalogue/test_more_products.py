"""The rails under a product: its neighbours, and what the browser remembers."""

import pytest
from django.utils import timezone

from storefront.search.indexing import update_index
from tests.catalogue.factories import make_category, make_single

pytestmark = pytest.mark.django_db


def test_neighbours_and_what_was_seen(client):
    pots = make_category("Pots")
    round_pot, square_pot = make_single("Round pot", category=pots), make_single("Square pot", category=pots)
    lamp, hidden = make_single("Lamp"), make_single("Hidden", is_public=False)
    update_index(now=timezone.now())

    answer = client.get(
        f"/products/more/?like={round_pot.pk}&seen={lamp.pk},{round_pot.pk},{hidden.pk},x,99999"
    )

    page = answer.content.decode()
    assert [card.id for card in answer.context["more"].related] == [square_pot.pk]
    assert [card.id for card in answer.context["more"].seen] == [lamp.pk]
    assert "You may also like" in page and "You looked at" in page
    assert not answer.cookies


@pytest.mark.parametrize("query", ["", "?like=abc&seen=%00", "?like=1" + "&seen=" + "9" * 500, "?like=²"])
def test_nonsense_answers_an_empty_part(client, query):
    answer = client.get(f"/products/more/{query}")
    assert (answer.status_code, answer.content.decode().strip()) == (200, "")
