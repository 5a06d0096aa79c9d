"""The event log of a project as lines of JSON, up to the moment of freezing, for an auditor to reckon again."""

from collections.abc import Iterator

from django.db.models import Q

from storefront.evidence.chain import canonical
from storefront.evidence.models import Event
from storefront.subsidies.dossier.contents import Contents


def chain_lines(contents: Contents) -> Iterator[bytes]:
    """Yield the events of the project and of its proofs as they were hashed, in order, and the log's head last.

    Events of other projects stay at home: of those between, only the hash before each event is told.
    """
    head = contents.body["log_head"]
    proofs = sorted({proof.number for proof in contents.proofs})
    about = Q(subject=f"project:{contents.body['project']['id']}") | Q(subject__in=proofs)
    events = Event.objects.filter(about, sequence__lte=head["sequence"]).order_by("sequence")
    rows = events.values_list("sequence", "previous_hash", "hash", "body")
    for sequence, previous_hash, own_hash, body in rows.iterator(2000):
        line = {"sequence": sequence, "previous_hash": previous_hash, "hash": own_hash, "body": body}
        yield f"{canonical(line)}\n".encode()
    yield f"{canonical({'head': head})}\n".encode()
