"""What is owed where, and what is there of it."""

import logging
from pathlib import PurePath
from typing import Any

from storefront.compliance.models import GuaranteeNotice
from storefront.markets.editions import open_editions

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
    try:
        with notice.picture.open("rb") as file:
            content = file.read()
    except OSError:
        # The order's mail must not wait for a file that somebody has to upload again.
        logger.exception("The notice of the legal guarantee in %s is gone from the storage.", notice.language)
        return []
    ending = PurePath(notice.picture.name).suffix.lower()
    kind = "image/png" if ending == ".png" else "image/jpeg"
    return [(f"legal-guarantee-{notice.language}{ending}", content, kind)]


def languages_without_notice() -> list[str]:
    """Return the languages of open EU markets in which the notice is still missing, sorted."""
    spoken = {edition.language for edition in open_editions() if owes_guarantee_notice(edition.market)}
    if not spoken:
        return []
    known = set(GuaranteeNotice.objects.values_list("language", flat=True))
    return sorted({code for code in spoken if not known.intersection(_varieties(code))})


def _varieties(language: str) -> list[str]:
    return list(dict.fromkeys([language, language.partition("-")[0]]))
