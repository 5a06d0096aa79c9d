"""Ask VIES whether a VAT id is valid: the REST service of the European Commission.

GET {base}/ms/{member state}/vat/{number}, with our own VAT id as requesterMemberStateCode and requesterNumber; then
the answer carries a consultation number (requestIdentifier), the proof that we asked. `isValid` is false, too, when
nobody could answer: only `userError` VALID or INVALID is a verdict.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from storefront.markets.tax.assessment import VatIdAnswer

BASE_URL = "https://ec.europa.eu/taxation_customs/vies/rest-api"
TIMEOUT_SECONDS = 5.0
RAW_LIMIT = 2000
_MAXIMUM_BODY_BYTES = 65_536
_VERDICTS = {
    "VALID": VatIdAnswer.VALID,
    "INVALID": VatIdAnswer.INVALID,
    "INVALID_INPUT": VatIdAnswer.INVALID,
}


@dataclass(frozen=True)
class ViesAnswer:
    """What VIES said; `raw` is its answer, or why there is none, cut after RAW_LIMIT characters."""

    answer: VatIdAnswer
    consultation_number: str = ""
    raw: str = ""


def ask_vies(
    *,
    vat_id: str,
    requester: str = "",
    base_url: str = BASE_URL,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> ViesAnswer:
    """Return VIES's answer on a VAT id with its country prefix (EL for Greece); no answer is an answer, too."""
    address = f"{base_url.rstrip('/')}/ms/{vat_id[:2]}/vat/{urllib.parse.quote(vat_id[2:], safe='')}"
    if requester:
        query = {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
        address = f"{address}?{urllib.parse.urlencode(query)}"
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"VIES_BASE_URL is no web address: {base_url}")
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds) as response:  # noqa: S310
            body = response.read(_MAXIMUM_BODY_BYTES)
        content = json.loads(body)
    except (OSError, HTTPException, ValueError) as error:
        return ViesAnswer(VatIdAnswer.UNAVAILABLE, raw=f"{type(error).__name__}: {error}"[:RAW_LIMIT])
    return _read(content)


def _read(content: Any) -> ViesAnswer:
    raw = json.dumps(content, ensure_ascii=False)[:RAW_LIMIT]
    if not isinstance(content, dict):
        return ViesAnswer(VatIdAnswer.UNAVAILABLE, raw=raw)
    answer = _VERDICTS.get(str(content.get("userError")), VatIdAnswer.UNAVAILABLE)
    if (answer == VatIdAnswer.VALID) != (content.get("isValid") is True):
        answer = VatIdAnswer.UNAVAILABLE
    return ViesAnswer(answer, consultation_number=str(content.get("requestIdentifier") or "")[:64], raw=raw)
