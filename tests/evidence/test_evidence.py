"""What is stored stays what it was, and whoever changes it is found out."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from storefront.evidence import selectors
from storefront.evidence.errors import EvidenceBroken, FileRefused
from storefront.evidence.guards import GUARDED_TABLES
from storefront.evidence.models import Event, Evidence, EvidenceVersion
from storefront.evidence.services import record_event, replace_evidence
from storefront.evidence.storage import blob_name, evidence_storage
from tests.evidence.conftest import PDF


def overwrite(version, content):
    """Change a stored file behind the shop's back."""
    with open(evidence_storage().path(blob_name(version.sha256)), "wb") as file:  # noqa: PTH123
        file.write(content)


def unguarded(sql, *values):
    """Change a guarded row as somebody with the database's own password would."""
    table = next(table for table in GUARDED_TABLES if f" {table} " in sql)
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_no_{verb}{suffix}")
        cursor.execute(sql, values)


def test_file_is_found_by_the_hash_of_its_bytes(store):
    version = store()
    assert version.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (version.size, version.file_kind, version.number) == (len(PDF), "pdf", 1)
    assert b"".join(selectors.read_version(version)) == PDF


def test_same_bytes_twice_are_kept_once(store):
    first, second = store(), store(title="Again")
    assert first.sha256 == second.sha256
    assert first.evidence != second.evidence


def test_new_version_leaves_the_one_before_readable(store, uploader, now):
    first = store()
    second = replace_evidence(
        evidence=first.evidence,
        chunks=iter([PDF + b"signed"]),
        file_name="signed.pdf",
        reason="Signed copy arrived",
        by=uploader,
        now=now,
    )
    assert (second.number, second.reason) == (2, "Signed copy arrived")
    assert b"".join(selectors.read_version(first)) == PDF


def test_new_version_without_a_reason_is_refused(store, uploader, now):
    first = store()
    with pytest.raises(FileRefused, match="Say why"):
        replace_evidence(
            evidence=first.evidence, chunks=iter([PDF]), file_name="a.pdf", reason=" ", by=uploader, now=now
        )
    assert first.evidence.versions.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (b"<html><script>alert(1)</script>", "page.pdf"),
        (b'<?xml version="1.0"?><svg xmlns="x" onload="alert(1)"/>', "picture.xml"),
        (b"MZ\x90\x00program", "invoice.csv"),
        (b"PK\x03\x04", "archive.zip"),
    ],
)
def test_what_could_do_harm_is_refused(store, content, name):
    with pytest.raises(FileRefused):
        store(content, name)
    assert Evidence.objects.count() == Event.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b'<?xml version="1.0"?><EInvoice/>', "fapiao.xml", "xml"),
        (b"PK\x03\x04....", "fapiao.ofd", "ofd"),
        (b"\x89PNG\r\n\x1a\n....", "screen.png", "image"),
        ("日期,金额\n".encode(), "bank.csv", "csv"),
    ],
)
def test_kinds_an_auditor_reads_are_accepted(store, content, name, kind):
    assert store(content, name).file_kind == kind


@pytest.mark.parametrize("table", GUARDED_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_database_refuses_to_change_or_delete(store, table, statement):
    store()
    column = "sequence" if table == "evidence_event" else "id"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))
    assert EvidenceVersion.objects.count() == Event.objects.count() == 1


def test_changed_byte_is_found_when_read(store):
    version = store()
    overwrite(version, PDF.replace(b"lease", b"leasE"))
    with pytest.raises(EvidenceBroken, match=r"E-\d{4} v1: its file was changed"):
        selectors.read_version(version)
    assert not selectors.is_whole(version)
    overwrite(version, PDF)
    assert selectors.is_whole(version)


def test_missing_file_is_found(store):
    version = store(b"%PDF-1.4 gone")
    evidence_storage().delete(blob_name(version.sha256))
    with pytest.raises(EvidenceBroken, match="gone"):
        selectors.read_version(version)


def test_log_says_who_did_what_in_a_chain(store, uploader, now):
    version = store()
    record_event(verb="project.filed", subject="project:7", by=None, now=now, receipt="SZ-1")
    first, second = Event.objects.order_by("sequence")
    assert (first.actor, first.verb, first.subject) == (
        "li@example.test",
        "evidence.stored",
        version.evidence.number,
    )
    assert json.loads(second.body)["details"] == {"receipt": "SZ-1"}
    assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
    by_hand = hashlib.sha256(f"{first.hash}\n{second.body}".encode()).hexdigest()
    assert second.hash == by_hand


def test_command_passes_what_is_whole(store, capsys):
    store()
    call_command("verify_evidence")
    assert capsys.readouterr().out == "1 file(s) and 1 event(s): all as written.\n"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "UPDATE evidence_event SET body = replace(body, 'E-', 'F-') WHERE sequence = 2",
            "Event 2 was changed",
        ),
        ("UPDATE evidence_event SET actor = 'wang' WHERE sequence = 2", "Event 2 was changed"),
        ("DELETE FROM evidence_event WHERE sequence = 2", "Event 2 is missing"),
        ("DELETE FROM evidence_event WHERE sequence = 3", "Event 3 is missing"),
    ],
)
def test_command_names_the_first_broken_link(store, sql, sentence):
    for content in (PDF, PDF + b"2", PDF + b"3"):
        store(content)
    unguarded(sql)
    with pytest.raises(CommandError) as caught:
        call_command("verify_evidence")
    assert str(caught.value).startswith(sentence)


def test_link_rewritten_with_a_hash_of_its_own_breaks_the_next(store):
    for content in (PDF, PDF + b"2", PDF + b"3"):
        store(content)
    body = Event.objects.get(sequence=2).body.replace("Domain", "Doma1n")
    forged = hashlib.sha256(f"{Event.objects.get(sequence=1).hash}\n{body}".encode()).hexdigest()
    unguarded("UPDATE evidence_event SET body = %s, hash = %s WHERE sequence = 2", body, forged)
    with pytest.raises(CommandError, match="Event 3 does not follow"):
        call_command("verify_evidence")


def test_command_names_the_changed_file(store):
    version = store(b"%PDF-1.4 the bank's slip")
    overwrite(version, b"%PDF-1.4 the bank's slap")
    with pytest.raises(CommandError, match=f"{version.evidence.number} v1: its file was changed"):
        call_command("verify_evidence")
