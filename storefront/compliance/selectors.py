"""What is owed where, and what is there of it."""

import logging
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage

from storefront.compliance.models import GuaranteeNotice
from storefront.markets.editions import open_editions
from storefront.product_facts.guarantees import Guarantee

logger = logging.getLogger(__name__)


def owes_guarantee_notice(market: Any) -> bool:
    """Say whether a market is in the EU, where the legal guarantee is to be told before an order and after it."""
    return market is not None and market.is_in_eu


def find_guarantee_notice(*, language: str) -> GuaranteeNotice | None:
    """Return the notice in a language, or in the one it is a variety of; None while the merchant has not brought it."""
    notices = {
        notice.language: notice
        for notice in GuaranteeNotice.objects.filter(language__in=_varieties(language))
    }
    return next((notices[code] for code in _varieties(language) if code in notices), None)


def guarantee_attachment(*, market: Any, language: str) -> list[tuple[str, bytes, str]]:
    """Return the notice to attach to a mail, as (name, content, type); none outside the EU or while it is missing."""
    notice = find_guarantee_notice(language=language) if owes_guarantee_notice(market) else None
    if notice is None:
        return []
    file = _attach(notice.picture.name, as_name=f"legal-guarantee-{notice.language}")
    return [file] if file else []


def guarantee_labels(*, market: Any, guarantees: Iterable[Guarantee]) -> list[tuple[str, bytes, str]]:
    """Return the EU's labels of producers' guarantees to attach to a mail, each once; none outside the EU."""
    if not owes_guarantee_notice(market):
        return []
    names = dict.fromkeys(guarantee.label for guarantee in guarantees)
    files = [
        _attach(name, as_name=f"garan-{number}") for number, name in enumerate(filter(None, names), start=1)
    ]
    return [file for file in files if file]


def _attach(name: str, *, as_name: str) -> tuple[str, bytes, str] | None:
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except OSError:
        # The order's mail must not wait for a file that somebody has to upload again.
        logger.exception("The picture %s is gone from the storage.", name)
        return None
    ending = PurePath(name).suffix.lower()
    return f"{as_name}{ending}", content, "image/png" if ending == ".png" else "image/jpeg"


def languages_without_notice() -> list[str]:
    """Return the languages of open EU markets in which the notice is still missing, sorted."""
    spoken = {edition.language for edition in open_editions() if owes_guarantee_notice(edition.market)}
    if not spoken:
        return []
    known = set(GuaranteeNotice.objects.values_list("language", flat=True))
    return sorted({code for code in spoken if not known.intersection(_varieties(code))})


def _varieties(language: str) -> list[str]:
    return list(dict.fromkeys([language, language.partition("-")[0]]))
