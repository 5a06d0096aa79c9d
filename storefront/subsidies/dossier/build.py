"""Put a frozen version together: index, workbook, originals, figures with their rows, log, and how to check them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from storefront.evidence.errors import EvidenceBroken
from storefront.evidence.selectors import read_blob
from storefront.subsidies.dossier.bag import Bag
from storefront.subsidies.dossier.chain_file import chain_lines
from storefront.subsidies.dossier.index_pdf import write_index
from storefront.subsidies.dossier.parts import Parts, find_faults, read_parts
from storefront.subsidies.dossier.sheets import sheets_of
from storefront.subsidies.dossier.workbook import write_workbook
from storefront.subsidies.errors import DossierRefused
from storefront.subsidies.models import FrozenVersion
from storefront.subsidies.speech import say

SOFTWARE = "storefront dossier 1"  # counted up when the same version would give other bytes
_README = Path(__file__).parent.parent / "data" / "dossier" / "README_VERIFY.txt"
_CHUNK_BYTES = 256 * 1024
Chunks = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Written:
    """What was written: its name, the fingerprint of all it holds, and how many proofs were held back."""

    name: str
    manifest_sha256: str
    withheld: int


def write_dossier(frozen: FrozenVersion, target: IO[bytes], *, with_customers_data: bool) -> Written:
    """Write a version's dossier to `target`, which can seek. Raises DossierRefused, every fault in it."""
    faults = find_faults(frozen)
    if faults:
        raise DossierRefused(" ".join(fault.sentence for fault in faults))
    parts = read_parts(frozen)
    contents = parts.contents
    hashes = {proof.path: proof.sha256 for proof in contents.proofs}
    bag = Bag(target, name=contents.name, dated=contents.frozen_at)
    for path, chunks in sorted(_payload(parts, with_customers_data=with_customers_data).items()):
        digest = bag.add(path, chunks())
        if hashes.get(path, digest) != digest:  # changed between the check and this reading
            raise DossierRefused(say("dossier.fault_file", name=path))
    withheld = 0 if with_customers_data else sum(proof.has_customers_data for proof in contents.proofs)
    return Written(contents.name, bag.close(_tags(parts, withheld=withheld)), withheld)


def _payload(parts: Parts, *, with_customers_data: bool) -> Mapping[str, Chunks]:
    contents = parts.contents
    payload: dict[str, Chunks] = {
        "00_INDEX.pdf": _file(lambda file: write_index(parts, file, with_customers_data=with_customers_data)),
        "01_LEDGER.xlsx": _file(
            lambda file: write_workbook(
                sheets_of(parts, with_customers_data=with_customers_data),
                file,
                title=contents.name,
                dated=contents.frozen_at,
            )
        ),
        "02_APPLICATION/frozen_version.json": _one(contents.text),
        "90_HASHCHAIN.jsonl": lambda: chain_lines(contents),
        "README_VERIFY.txt": _one(readme(parts)),
    }
    for code, text in parts.figures.items():
        payload[f"05_SALES/{code}.json"] = _one(text)
    if parts.reconciliation:
        payload["07_AUDIT/reconciliation.json"] = _one(parts.reconciliation)
    for proof in contents.proofs:
        if with_customers_data or not proof.has_customers_data:
            payload[proof.path] = _stored(proof.sha256, proof.label)
    return payload


def readme(parts: Parts) -> str:
    """Return what an auditor needs to check this dossier without the shop, in Chinese and English."""
    contents = parts.contents
    text = _README.read_text(encoding="utf-8")
    names = {
        "@NAME@": contents.name,
        "@VERSION_SHA256@": contents.sha256,
        "@HEAD@": f"{contents.body['log_head']['sequence']} {contents.body['log_head']['hash']}",
    }
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def _tags(parts: Parts, *, withheld: int) -> dict[str, str]:
    contents = parts.contents
    applicant = contents.body["applicant"]
    return {
        "Source-Organization": " / ".join(filter(None, (applicant["name_zh"], applicant["name_en"]))),
        "Organization-Identifier": applicant["registration_number"],
        "External-Identifier": f"{contents.body['call']['code']} v{contents.number}",
        "External-Description": contents.body["project"]["title"],
        "Bagging-Date": f"{contents.frozen_at:%Y-%m-%d}",
        "Bag-Software-Agent": SOFTWARE,
        "Frozen-Version-SHA256": contents.sha256,
        "Customers-Data": f"{withheld} file(s) held back" if withheld else "nothing held back",
    }


def _one(text: str) -> Chunks:
    return lambda: iter([text.encode()])


def _stored(sha256: str, label: str) -> Chunks:
    def chunks() -> Iterator[bytes]:
        try:
            yield from read_blob(sha256=sha256, name=label)
        except EvidenceBroken as error:
            raise DossierRefused(str(error)) from error

    return chunks


def _file(write: Callable[[IO[bytes]], None]) -> Chunks:
    """Return the chunks of what `write` writes, by way of the disk."""

    def chunks() -> Iterator[bytes]:
        with TemporaryFile() as file:
            write(file)
            file.seek(0)
            yield from iter(lambda: file.read(_CHUNK_BYTES), b"")

    return chunks
