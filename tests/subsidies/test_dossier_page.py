"""Dossiers from the back office: asked for, made, refused with what is wrong, handed out; findings answered."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from storefront.evidence.models import Event
from storefront.evidence.storage import blob_name, evidence_storage
from storefront.subsidies.dossier.parts import contents_of
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import AuditorFinding, DossierExport, FrozenVersion
from storefront.subsidies.services.auditors import answer_finding, invite_auditor, write_finding
from storefront.subsidies.services.dossiers import file_name, make_dossier, request_dossier
from storefront.subsidies.tasks import make_dossier_in_worker


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def page(frozen):
    return reverse("subsidies_dossier", args=[frozen.project_id])


@pytest.fixture
def ask(frozen, page, django_capture_on_commit_callbacks):
    """Return a function that posts a form to the page and follows it, the worker having run."""

    def ask(client, action="export", **data):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(page, {"action": action, "version": frozen.pk, **data})
        return client.get(page)

    return ask


def spoil(frozen, where="EXPENSES"):
    proof = next(proof for proof in contents_of(frozen).proofs if where in proof.path)
    name = blob_name(proof.sha256)
    evidence_storage().delete(name)
    with evidence_storage().open(name, "wb") as file:
        file.write(b"something else")
    return proof


def test_before_the_first_approval_the_page_says_when_there_will_be_one(project, sign_in):
    text = text_of(sign_in("owner").get(reverse("subsidies_dossier", args=[project.pk])))

    assert "There is no frozen version yet" in text


def test_a_member_exports_and_downloads_and_the_log_knows_both(frozen, sign_in, ask):
    client = sign_in("finance")

    text = text_of(ask(client))

    export = DossierExport.objects.get()
    assert "Made, all as frozen" in text and export.manifest_sha256 in text
    response = client.get(reverse("subsidies_dossier_file", args=[frozen.project_id, export.pk]))
    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert len(content) == export.size == int(response["Content-Length"])
    assert f"{export.name}.zip" in response["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    verbs = Event.objects.filter(verb__startswith="dossier.").values_list("verb", "actor")
    finance = "finance@example.test"
    assert list(verbs) == [(f"dossier.{what}", finance) for what in ("requested", "exported", "handed_out")]


def test_a_spoilt_proof_is_named_on_the_page_and_nothing_is_made(frozen, sign_in, ask):
    proof = spoil(frozen)

    text = text_of(ask(sign_in("owner")))

    assert "Refused" in text and proof.label in text
    export = DossierExport.objects.get()
    assert (export.state, export.sha256) == ("refused", "")
    assert Event.objects.filter(verb="dossier.refused").count() == 1


def test_a_check_says_that_all_is_as_frozen_or_what_is_not(frozen, sign_in, page):
    client = sign_in("owner")

    good = text_of(client.post(page, {"action": "check", "version": frozen.pk}, follow=True))
    proof = spoil(frozen)
    bad = text_of(client.post(page, {"action": "check", "version": frozen.pk}, follow=True))

    assert "every file, figure and event is as it was frozen" in good
    assert proof.label in bad and "1 part(s) are not as they were frozen" in bad


def test_whoever_is_no_member_exports_nothing(frozen, sign_in, ask, people):
    text = text_of(ask(sign_in("other")))

    assert "Export the dossier" not in text
    assert not DossierExport.objects.exists()
    with pytest.raises(EntryRefused):
        request_dossier(frozen=frozen, by=people["other"], now=timezone.now())


def test_only_the_legal_representative_lets_customers_data_go_and_says_why(frozen, people, sign_in):
    now = timezone.now()

    with pytest.raises(EntryRefused, match="legal representative"):
        request_dossier(frozen=frozen, by=people["owner"], now=now, with_customers_data=True, reason="asked")
    with pytest.raises(EntryRefused, match="why"):
        request_dossier(frozen=frozen, by=people["signer"], now=now, with_customers_data=True)
    export = request_dossier(
        frozen=frozen, by=people["signer"], now=now, with_customers_data=True, reason="The court asked"
    )
    export = make_dossier(export, now=now)

    assert export.state == "made"
    address = reverse("subsidies_dossier_file", args=[frozen.project_id, export.pk])
    assert sign_in("owner").get(address).status_code == 302
    assert sign_in("signer").get(address).status_code == 200


def test_making_it_twice_changes_nothing(frozen, people):
    export = request_dossier(frozen=frozen, by=people["owner"], now=timezone.now())

    make_dossier_in_worker.call(export.pk)
    events = Event.objects.count()

    assert make_dossier_in_worker.call(export.pk) == "made"
    assert Event.objects.count() == events


def test_a_zip_changed_in_the_storage_is_not_handed_out_and_made_anew(frozen, sign_in, ask):
    client = sign_in("owner")
    ask(client)
    export = DossierExport.objects.get()
    name = file_name(export.sha256)
    evidence_storage().delete(name)
    with evidence_storage().open(name, "wb") as file:
        file.write(b"PK something else")
    address = reverse("subsidies_dossier_file", args=[frozen.project_id, export.pk])

    assert "was changed after it was made" in text_of(client.get(address, follow=True))
    ask(client)

    assert client.get(address).status_code == 200


def test_a_dossier_of_another_project_is_not_found(frozen, sign_in, ask, project, calls, entity, people, now):
    client = sign_in("owner")
    ask(client)
    export = DossierExport.objects.get()
    other = type(project).objects.create(
        call=next(one for one in calls.values() if one.pk != project.call_id),
        entity=entity, site=project.site, title="Other", created_at=now, moved_at=now,
    )  # fmt: skip

    assert client.get(reverse("subsidies_dossier_file", args=[other.pk, export.pk])).status_code == 404


def test_the_link_for_an_auditor_is_shown_once_and_only_its_hash_is_kept(frozen, sign_in, page):
    client = sign_in("owner")

    response = client.post(page, {"action": "invite", "version": frozen.pk, "auditor": "立信", "days": "14"})

    address = re.search(r'value="(http[^"]+\?key=[^"]+)"', response.content.decode()).group(1)
    key = address.split("key=")[1]
    link = frozen.auditor_links.get()
    assert link.key_sha256 == hashlib.sha256(key.encode()).hexdigest()
    assert "no-store" in response["Cache-Control"]
    again = client.get(page).content.decode()
    assert key not in again and "立信" in again
    assert not Event.objects.filter(body__contains=key).exists()


def test_an_invitation_without_a_name_or_for_a_year_is_refused(frozen, sign_in, page):
    client = sign_in("owner")

    client.post(page, {"action": "invite", "version": frozen.pk, "auditor": "", "days": "14"})
    client.post(page, {"action": "invite", "version": frozen.pk, "auditor": "x", "days": "365"})

    assert not frozen.auditor_links.exists()


def test_a_finding_is_answered_on_the_page_and_both_stay_as_written(frozen, sign_in, page, people, now):
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=7, by=people["owner"], now=now)
    finding = write_finding(
        link=link, about="X-0001", gravity="question", text="Who delivered?", disallowed=None, now=now
    )
    client = sign_in("finance")

    assert "Who delivered?" in text_of(client.get(page))
    text = text_of(
        client.post(page, {"action": "answer", "finding": finding.pk, "answer": "The vendor."}, follow=True)
    )

    assert f"{finding} is answered" in text and "The vendor." in text
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE subsidies_auditorfinding SET text = 'Nothing'")


def test_whoever_is_no_member_answers_nothing(frozen, people, now):
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=7, by=people["owner"], now=now)
    finding = write_finding(link=link, about="", gravity="note", text="x", disallowed=None, now=now)

    with pytest.raises(EntryRefused):
        answer_finding(finding=finding, text="y", by=people["other"], now=now)
    assert not finding.answers.exists()


def test_the_page_speaks_chinese(frozen, sign_in, page, people, now):
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=7, by=people["owner"], now=now)
    write_finding(link=link, about="X-0001", gravity="objection", text="?", disallowed=None, now=now)
    client = sign_in("owner")
    UserProfile.objects.update_or_create(user=people["owner"], defaults={"preferred_language": "zh-hans"})

    text = text_of(client.get(page))

    assert "导出卷宗" in text and "不予认可" in text
    assert not re.search(r"(tab|field|dossier|audit|event|gravity)\.[a-z_]+", text)


def test_the_page_takes_as_many_queries_for_many_findings(
    frozen, sign_in, page, people, now, django_assert_num_queries
):
    client = sign_in("owner")
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=7, by=people["owner"], now=now)

    def fill(count):
        for number in range(count):
            finding = write_finding(
                link=link, about="", gravity="note", text=f"{number}", disallowed=None, now=now
            )
            answer_finding(finding=finding, text="y", by=people["owner"], now=now)
            request_dossier(frozen=frozen, by=people["owner"], now=now)

    fill(2)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    fill(18)
    with django_assert_num_queries(len(few)):
        client.get(page)
    assert AuditorFinding.objects.count() == 20


def test_who_may_not_see_projects_sees_no_dossier(frozen, sign_in, page):
    assert sign_in("other", group="Fulfilment").get(page).status_code in (302, 403)
    assert FrozenVersion.objects.count() == 1


def test_a_changed_version_is_said_on_the_page_and_in_the_refusal(frozen, sign_in, page, people):
    with connection.cursor() as cursor:
        on_table = " ON subsidies_frozenversion" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER subsidies_frozenversion_no_update{on_table}")
    FrozenVersion.objects.update(body="{}")

    text = text_of(sign_in("owner").get(page))
    export = request_dossier(frozen=FrozenVersion.objects.get(), by=people["owner"], now=timezone.now())

    assert "v1 is not what was frozen" in text and "Export the dossier" not in text
    assert make_dossier(export, now=timezone.now()).faults == [
        "Frozen version v1 is not what was frozen. Restore it from a backup."
    ]


def test_a_dossier_that_waits_for_an_hour_was_interrupted(frozen, sign_in, page, people):
    now = timezone.now()
    request_dossier(frozen=frozen, by=people["owner"], now=now)
    assert 'http-equiv="refresh"' in sign_in("owner").get(page).content.decode()
    DossierExport.objects.update(requested_at=now - timedelta(hours=2))

    response = sign_in("owner").get(page)

    assert "Interrupted" in text_of(response)
    assert 'http-equiv="refresh"' not in response.content.decode()
