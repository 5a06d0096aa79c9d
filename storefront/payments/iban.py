"""Numbers of bank accounts: whether an IBAN (ISO 13616) or a BIC (ISO 9362) can be one, and how it is written."""

import re

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


def is_iban(text: str) -> bool:
    """Say whether the text has an IBAN's form and its check digits fit (ISO 7064, MOD 97-10)."""
    iban = _bare(text)
    if not _IBAN.fullmatch(iban):
        return False
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def is_bic(text: str) -> bool:
    """Say whether the text has a BIC's form."""
    return _BIC.fullmatch(_bare(text)) is not None


def spaced(text: str) -> str:
    """Return an IBAN as it is printed: capitals, in groups of four."""
    iban = _bare(text)
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _bare(text: str) -> str:
    return "".join(text.split()).upper()
