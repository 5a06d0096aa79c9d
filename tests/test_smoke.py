import pytest


@pytest.mark.django_db
def test_health_answers(client):
    assert client.get("/healthz/").json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_seed_rows_survive_a_flush():
    from wagtail.models import Page

    assert Page.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_seed_rows_survive_a_second_flush():
    from wagtail.models import Page

    assert Page.objects.exists()
