"""Somebody who uploads, and a file worth keeping."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from storefront.evidence.services import store_evidence

PDF = b"%PDF-1.7\nlease of the domain zellumo.example\n%%EOF\n"


@pytest.fixture
def now():
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def uploader(db):
    return get_user_model().objects.create_user(email="li@example.test", password="x")


@pytest.fixture
def store(uploader, now):
    def store(content=PDF, name="domain.pdf", **fields):
        fields = {"title": "Domain contract", "kind": "contract", "by": uploader, "now": now} | fields
        return store_evidence(chunks=iter([content]), file_name=name, **fields)

    return store
