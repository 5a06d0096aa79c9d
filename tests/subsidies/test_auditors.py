"""An auditor with a link sees one frozen version, nothing else, and only until its time is over."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from storefront.evidence.models import Event
from storefront.evidence.services import store_evidence
from storefront.evidence.storage import blob_name, evidence_storage
from storefront.subsidies.audit.rows import rows_page, sampled_rows
from storefront.subsidies.dossier.build import write_dossier
from storefront.subsidies.dossier.parts import contents_of
from storefront.subsidies.dossier.sampling import row_rank, sample_by_amount, sample_rows
from storefront.subsidies.errors import AuditorRefused, EntryRefused
from storefront.subsidies.models import AuditorFinding, AuditorLink, FrozenVersion
from storefront.subsidies.services.auditors import (
    answer_finding,
    invite_auditor,
    open_link,
    revoke_link,
    write_finding,
)


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def invited(frozen, people):
    """Return a link that opens the version for a week from now, and its key."""
    return invite_auditor(
        frozen=frozen, auditor="立信会计师事务所", days=7, by=people["owner"], now=timezone.now()
    )


@pytest.fixture
def auditor(invited):
    """Return a browser that came in by the link."""
    client = Client()
    link, key = invited
    client.get(reverse("subsidies_audit_enter", args=[link.pk]), {"key": key})
    return client


def at(invited, name, *arguments, lang="en"):
    return reverse(f"subsidies_audit{name}", args=[invited[0].pk, lang, *arguments])


def test_the_key_moves_from_the_address_into_a_cookie_of_its_own_folder(invited):
    link, key = invited

    response = Client().get(reverse("subsidies_audit_enter", args=[link.pk]), {"key": key})

    assert response.status_code == 302 and key not in response["Location"]
    cookie = response.cookies["audit_key"]
    assert cookie["path"] == f"/audit/{link.pk}/" and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert [event.actor for event in Event.objects.filter(verb="auditor.opened")] == [
        f"auditor #{link.pk} 立信会计师事务所"
    ]


def test_an_auditor_reads_the_version_in_both_languages(auditor, invited, frozen):
    english = text_of(auditor.get(at(invited, "")))
    chinese = text_of(auditor.get(at(invited, "", lang="zh")))

    assert "Frozen version v1, read only" in english and "独立站建站服务" in english
    assert "定稿版本 v1，只读" in chinese and "8,500.00 USD" in chinese
    assert frozen.sha256 in english
    assert not re.search(r"\b(audit|column|sheet|dossier|kpi|verdict)\.[a-zA-Z_]+", english + chinese)


def test_nothing_of_it_is_stored_indexed_framed_or_told_to_others(auditor, invited):
    response = auditor.get(at(invited, ""))

    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "<script" not in response.content.decode()
    assert "sessionid" not in auditor.cookies


def test_without_the_key_or_with_another_links_nothing_opens(invited, frozen, people):
    _other, key = invite_auditor(
        frozen=frozen, auditor="Other", days=7, by=people["owner"], now=timezone.now()
    )
    stranger, wrong = Client(), Client()
    wrong.cookies["audit_key"] = key

    for name, arguments in (("", ()), ("_rows", ("K03",)), ("_file", ("E-0001_v1",))):
        assert stranger.get(at(invited, name, *arguments)).status_code == 403
        assert wrong.get(at(invited, name, *arguments)).status_code == 403
    assert stranger.get(reverse("subsidies_audit_enter", args=[999]), {"key": key}).status_code == 403
    assert stranger.post(at(invited, ""), {"gravity": "note", "text": "x"}).status_code == 403
    assert not AuditorFinding.objects.exists()


def test_a_link_dies_at_its_very_moment(invited):
    link, key = invited
    last = link.expires_at - timedelta(microseconds=1)

    assert open_link(link_id=link.pk, key=key, now=last) == link
    with pytest.raises(AuditorRefused, match="time of this link is over"):
        open_link(link_id=link.pk, key=key, now=link.expires_at)


def test_a_browser_that_is_in_is_out_when_the_time_is_over(auditor, invited):
    assert auditor.get(at(invited, "")).status_code == 200
    now = timezone.now()
    AuditorLink.objects.update(created_at=now - timedelta(days=8), expires_at=now - timedelta(seconds=1))

    assert "time of this link is over" in text_of(auditor.get(at(invited, "")))
    assert auditor.get(at(invited, "_file", "E-0002_v1")).status_code == 403
    response = auditor.post(at(invited, ""), {"gravity": "note", "text": "x"})
    assert response.status_code == 403 and not AuditorFinding.objects.exists()


def test_a_closed_link_opens_nothing_from_then_on(auditor, invited, people):
    revoke_link(link=invited[0], by=people["owner"], now=timezone.now())

    assert "applicant has closed this link" in text_of(auditor.get(at(invited, "")))
    revoke_link(link=invited[0], by=people["owner"], now=timezone.now())
    assert Event.objects.filter(verb="auditor.revoked").count() == 1


def test_only_members_open_and_close(frozen, invited, people):
    now = timezone.now()
    with pytest.raises(EntryRefused):
        invite_auditor(frozen=frozen, auditor="x", days=7, by=people["other"], now=now)
    with pytest.raises(EntryRefused):
        revoke_link(link=invited[0], by=people["other"], now=now)
    assert AuditorLink.objects.get().revoked_at is None


def test_files_are_the_ones_that_were_frozen_and_each_is_logged(auditor, invited, frozen):
    proof = next(proof for proof in contents_of(frozen).proofs if "EXPENSES" in proof.path)

    response = auditor.get(at(invited, "_file", proof.file_label))

    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == proof.sha256
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Robots-Tag"].startswith("noindex")
    assert Event.objects.filter(verb="auditor.file", body__contains=proof.label).count() == 1


def test_a_file_outside_the_version_is_not_there(auditor, invited, paper):
    foreign = paper("Of another project")

    label = f"{foreign.evidence.number}_v{foreign.number}"
    assert auditor.get(at(invited, "_file", label)).status_code == 404


def test_a_changed_file_is_not_handed_out_and_named_by_the_check(auditor, invited, frozen):
    good = text_of(auditor.post(at(invited, "_check")))
    proof = next(proof for proof in contents_of(frozen).proofs if "EXPENSES" in proof.path)
    name = blob_name(proof.sha256)
    evidence_storage().delete(name)
    with evidence_storage().open(name, "wb") as file:
        file.write(b"something else")

    assert "all as they were frozen" in good
    assert proof.label in text_of(auditor.get(at(invited, "_file", proof.file_label)))
    assert proof.label in text_of(auditor.post(at(invited, "_check")))


def test_customers_data_is_not_handed_out(clean, move, paper, people):
    listing = paper("Orders with names", language="zh", personal_data=2)
    clean.documents.create(requirement=clean.call.documents.first(), version=listing, is_sealed=True)
    move(clean, "submit_internally")
    move(clean, "approve", by="checker")
    link, key = invite_auditor(
        frozen=FrozenVersion.objects.get(), auditor="x", days=7, by=people["owner"], now=timezone.now()
    )
    client = Client()
    client.get(reverse("subsidies_audit_enter", args=[link.pk]), {"key": key})

    response = client.get(
        reverse("subsidies_audit_file", args=[link.pk, "en", f"{listing.evidence.number}_v1"])
    )

    assert response.status_code == 403 and "holds customers" in text_of(response)
    assert listing.sha256 in text_of(client.get(reverse("subsidies_audit", args=[link.pk, "en"])))


def test_rows_behind_a_figure_are_shown_with_their_hash(auditor, invited):
    response = auditor.get(at(invited, "_rows", "K03"))

    assert "8000.00" in text_of(response) and "Draw a sample" in text_of(response)
    assert "jane.buyer" not in response.content.decode()
    assert auditor.get(at(invited, "_rows", "K99")).status_code == 404


def test_a_sample_is_the_same_for_the_same_seed_and_logged_with_it(auditor, invited):
    first = auditor.get(at(invited, "_rows", "K03"), {"seed": "2026", "size": "1"})
    second = auditor.get(at(invited, "_rows", "K03"), {"seed": "2026", "size": "1"})

    rows = first.context["rows"].numbered
    assert rows == second.context["rows"].numbered and len(rows) == 1
    assert rows[0][0] == min((1, 2), key=lambda number: row_rank(number, seed="2026"))
    assert "Seed 2026: 1 of 2 rows" in text_of(first)
    assert Event.objects.filter(verb="auditor.sampled", body__contains='"seed":"2026"').count() == 2


def test_anybody_repeats_a_sample_with_a_line_of_python():
    rows = [[f"T-{number}"] for number in range(1, 1001)]

    chosen = sample_rows(iter(rows), seed="s", size=10)

    by_hand = sorted(range(1, 1001), key=lambda n: hashlib.sha256(f"s:{n}".encode()).hexdigest())[:10]
    assert chosen == [(number, [f"T-{number}"]) for number in sorted(by_hand)]
    assert sample_rows(iter(rows), seed="t", size=10) != chosen
    assert len(sample_rows(iter(rows), seed="s", size=2000)) == 1000


def test_an_auditor_draws_by_amount_with_the_seed_interval_and_start_shown(auditor, invited):
    page = auditor.get(at(invited, "_rows", "K03"), {"seed": "2026", "size": "2", "by": "amount"})

    rows, found = page.context["rows"].numbered, page.context["amounts"]
    assert (found.total, found.interval) == (Decimal(8500), Decimal(4250))
    assert f"total 8500 USD, interval 4250, start {found.start}" in text_of(page)
    assert [row[4] for _, row in rows] == (["8000.00", "500.00"] if found.start > 3750 else ["8000.00"])
    assert Event.objects.filter(verb="auditor.sampled", body__contains='"chosen_by":"amount"').count() == 1
    count = auditor.get(at(invited, "_rows", "K21"))
    assert "monetary" not in text_of(count)


def test_every_unit_of_money_has_the_same_chance_and_large_rows_are_always_chosen():
    amounts = ["10.00", "", "-5.00", "900.00", "40.00", "0.00", "50.00"]
    rows = [[f"T-{number}", amount] for number, amount in enumerate(amounts, start=1)]

    chosen: dict[int, int] = dict.fromkeys(range(1, 8), 0)
    for seed in range(1000):
        found = sample_by_amount(lambda: iter(rows), column=1, seed=str(seed), size=5)
        by_hand = int(hashlib.sha256(str(seed).encode()).hexdigest(), 16) % 20_000 + 1
        assert (found.total, found.interval, found.start) == (1000, 200, Decimal(by_hand) / 100)
        for number, _ in found.numbered:
            chosen[number] += 1

    assert chosen[4] == 1000 and chosen[2] == chosen[3] == chosen[6] == 0
    assert 30 < chosen[1] < 75 and 160 < chosen[5] < 245 and 205 < chosen[7] < 300


def test_rows_come_page_by_page(frozen, paper, people, now):
    text = "a,b\n" + "".join(f"{number},“x”\n" for number in range(1, 251))
    version = store_evidence(
        chunks=iter([text.encode()[:777], text.encode()[777:]]), file_name="r.csv", title="r", kind="r",
        by=people["owner"], now=now,
    )  # fmt: skip

    third = rows_page(sha256=version.sha256, name="r", page=3)
    assert third.header == ["a", "b"] and len(third.numbered) == 50 and not third.has_more
    assert third.numbered[0] == (201, ["201", "“x”"])
    assert rows_page(sha256=version.sha256, name="r", page=2).has_more
    assert len(sampled_rows(sha256=version.sha256, name="r", seed="1", size=900).numbered) == 250


def test_a_finding_is_written_and_answered_and_the_auditor_reads_the_answer(auditor, invited, people):
    page = at(invited, "")

    response = auditor.post(
        page, {"about": "X-0001", "gravity": "objection", "disallowed": "1200.50", "text": "No <b>proof</b>."}
    )

    assert response["Location"].endswith("#findings")
    finding = AuditorFinding.objects.get()
    assert (finding.about, str(finding.disallowed)) == ("X-0001", "1200.50")
    answer_finding(finding=finding, text="It is E-0011.", by=people["owner"], now=timezone.now())
    text = auditor.get(page).content.decode()
    assert "No &lt;b&gt;proof&lt;/b&gt;." in text and "It is E-0011." in text
    assert Event.objects.filter(verb="auditor.finding").count() == 1


def test_a_form_from_elsewhere_is_refused(invited):
    link, key = invited
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("subsidies_audit_enter", args=[link.pk]), {"key": key})
    token = client.get(at(invited, "")).context["csrf_token"]
    finding = {"gravity": "note", "text": "x", "csrfmiddlewaretoken": str(token)}

    elsewhere = client.post(at(invited, ""), finding, headers={"origin": "https://elsewhere.test"})
    here = client.post(at(invited, ""), finding, headers={"origin": "http://testserver"})

    assert (elsewhere.status_code, here.status_code) == (403, 302)
    assert AuditorFinding.objects.count() == 1


def test_an_auditor_does_not_read_what_others_found(auditor, invited, frozen, people):
    other, _ = invite_auditor(frozen=frozen, auditor="Other", days=7, by=people["owner"], now=timezone.now())
    write_finding(link=other, about="", gravity="note", text="A secret", disallowed=None, now=timezone.now())

    assert "A secret" not in auditor.get(at(invited, "")).content.decode()


def test_a_finding_without_words_is_refused_in_a_sentence(auditor, invited):
    response = auditor.post(
        at(invited, ""), {"gravity": "note", "text": "", "disallowed": "-5", "about": "K01"}
    )

    assert response.status_code == 422
    assert "Write what you found" in text_of(response) and 'value="K01"' in response.content.decode()
    assert not AuditorFinding.objects.exists()


def test_an_auditor_sees_nothing_else_of_the_shop(auditor, frozen, invited):
    project = frozen.project_id
    for name in ("board", "dossier", "history", "figures"):
        assert auditor.get(reverse(f"subsidies_{name}", args=[project])).status_code == 302
    assert auditor.get("/admin/").status_code == 302


def test_what_changed_since_is_not_what_the_auditor_sees(auditor, invited, frozen):
    frozen.project.title = "Something else"
    frozen.project.save(update_fields=["title"])

    assert "Something else" not in text_of(auditor.get(at(invited, "")))


def test_the_index_takes_as_many_queries_for_many_findings(auditor, invited, django_assert_num_queries):
    page = at(invited, "")

    def fill(count):
        for _ in range(count):
            write_finding(
                link=invited[0], about="", gravity="note", text="x", disallowed=None, now=timezone.now()
            )

    fill(2)
    auditor.get(page)
    with CaptureQueriesContext(connection) as few:
        auditor.get(page)
    fill(18)
    with django_assert_num_queries(len(few)):
        auditor.get(page)


def test_findings_and_answers_stand_in_the_dossier_of_the_next_version(frozen, people, move, now):
    link, _ = invite_auditor(frozen=frozen, auditor="立信会计师事务所", days=7, by=people["owner"], now=now)
    finding = write_finding(
        link=link,
        about="X-0001",
        gravity="objection",
        text="=合同未盖章\n请补交",
        disallowed=Decimal("1000.50"),
        now=now,
    )
    first = export(frozen)
    answer_finding(finding=finding, text="盖章合同见 E-0009", by=people["finance"], now=now)
    assert export(frozen) == first
    move(frozen.project, "reopen", reason="The contract was sealed")
    move(frozen.project, "submit_internally")
    move(frozen.project, "approve", by="checker")

    with zipfile.ZipFile(io.BytesIO(export(FrozenVersion.objects.get(number=2)))) as bag:
        names = {name.split("/", 1)[1]: name for name in bag.namelist()}
        index = PdfReader(io.BytesIO(bag.read(names["data/00_INDEX.pdf"])))
        book = load_workbook(io.BytesIO(bag.read(names["data/01_LEDGER.xlsx"])))
    text = "".join(page.extract_text() for page in index.pages)
    assert all(words in text for words in (str(finding), "合同未盖章", "1,000.50 CNY", "盖章合同见 E-0009"))
    (row,) = (row for page in book for row in page.values if row[0] == str(finding))
    assert row[1] == "v1" and row[6] == "'=合同未盖章\n请补交" and float(row[7]) == 1000.50
    assert row[8].startswith("盖章合同见 E-0009\n— finance@example.test, 2026-11-22 12:00")


def export(frozen):
    target = io.BytesIO()
    write_dossier(frozen, target, with_customers_data=False)
    return target.getvalue()
