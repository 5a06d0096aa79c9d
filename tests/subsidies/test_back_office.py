"""The projects' pages as merchants use them: start, compare, upload, move; and what is refused, said on the page."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from storefront.accounts.services import FULFILMENT
from storefront.evidence.models import Event
from storefront.subsidies.back_office.charts import draw_chart
from storefront.subsidies.back_office.tabs import GROUPS
from storefront.subsidies.models import Call, Project
from storefront.subsidies.services.projects import add_member

PDF = b"%PDF-1.7 a notice"


def upload(name="notice.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_a_first_time_merchant_starts_a_project_in_one_form(calls, sign_in):
    client = sign_in("owner")
    assert "Start a project" in text_of(client.get(reverse("subsidies_projects")))

    response = client.post(
        reverse("subsidies_start"),
        {
            "call": calls["cn-sz-2022-dlz"].pk,
            "title": "独立站",
            "name_zh": "深圳市泽陆科技有限公司",
            "registration_number": "91440300MA5TEST001",
            "domain": "https://www.zellumo.example/shop",
        },
        follow=True,
    )

    project = Project.objects.get()
    assert response.redirect_chain[-1][0] == reverse("subsidies_board", args=[project.pk])
    assert project.site.domain == "zellumo.example"
    assert "upload the live notice" in text_of(response)


def test_a_start_without_a_company_says_what_is_missing(calls, sign_in):
    response = sign_in("owner").post(
        reverse("subsidies_start"),
        {"call": calls["cn-sz-2022-dlz"].pk, "title": "x", "domain": "zellumo.example"},
    )

    assert response.status_code == 422
    assert "Choose a company, or enter its name" in text_of(response)
    assert not Project.objects.exists()


def test_the_same_shop_twice_under_a_call_is_refused_and_leaves_nothing(project, sign_in):
    response = sign_in("owner").post(
        reverse("subsidies_start"),
        {
            "call": project.call.pk,
            "title": "again",
            "name_zh": "另一家",
            "registration_number": "91440300MA5OTHER01",
            "domain": project.site.domain,
        },
    )

    assert response.status_code == 422
    assert "already has a project under this call" in text_of(response)
    assert Project.objects.count() == 1
    assert not type(project.entity).objects.filter(name_zh="另一家").exists()


def test_the_board_says_why_a_step_is_blocked_and_takes_one_that_is_not(project, sign_in):
    client, board = sign_in("owner"), reverse("subsidies_board", args=[project.pk])

    text = text_of(client.get(board))
    assert "Start preparing" in text
    assert "0 of" in text and "required papers missing" in text
    text = text_of(client.post(board, {"move": "start_preparing"}, follow=True))

    assert "the project is now in “Preparing papers”" in text
    assert "The live notice is not uploaded" in text


def test_a_refused_move_keeps_no_file(project, sign_in):
    board = reverse("subsidies_board", args=[project.pk])
    before = Event.objects.count()

    response = sign_in("owner").post(board, {"move": "file_online", "file": upload()}, follow=True)

    assert "is not possible: the project is in “Assessment”" in text_of(response)
    assert Event.objects.count() == before


def test_a_notice_is_uploaded_and_its_clauses_compared(project, sign_in):
    client, page = sign_in("owner"), reverse("subsidies_clauses", args=[project.pk])

    assert "Now compare each clause" in text_of(client.post(page, {"file": upload()}, follow=True))
    for clause in project.call.clauses.all():
        client.post(page, {"clause": clause.pk})

    assert project.confirmations.count() == project.call.clauses.count()
    assert "It is in the notice" not in text_of(client.get(page))


def test_a_paper_is_uploaded_where_it_is_asked_for(project, sign_in):
    client, page = sign_in("finance"), reverse("subsidies_papers", args=[project.pk])
    requirement = project.call.documents.first()

    response = client.post(
        page, {"requirement": requirement.pk, "file": upload("licence.pdf"), "is_copy": "on"}, follow=True
    )

    document = project.documents.get()
    assert not document.version.evidence.is_original
    assert f"{requirement} is stored as {document.version}" in text_of(response)
    assert "licence.pdf" in text_of(response)


def test_what_is_no_evidence_is_refused_in_a_sentence(project, sign_in):
    page = reverse("subsidies_papers", args=[project.pk])
    requirement = project.call.documents.first()

    response = sign_in("owner").post(
        page,
        {"requirement": requirement.pk, "file": upload("bad.pdf", b"<html><script>alert(1)</script>")},
        follow=True,
    )

    assert "is not accepted as evidence" in text_of(response)
    assert not project.documents.exists()


def test_only_the_owner_gives_roles(project, sign_in, people):
    page = reverse("subsidies_people", args=[project.pk])
    sign_in("other")

    text = text_of(
        sign_in("finance").post(page, {"user": people["other"].pk, "role": "checker"}, follow=True)
    )
    assert "Only the project's owner adds people" in text
    sign_in("owner").post(page, {"user": people["other"].pk, "role": "checker"})

    assert project.members.filter(user=people["other"], role="checker").exists()


def test_files_are_for_members_and_each_look_is_logged(ready, sign_in, paper):
    document = ready.documents.first()
    address = reverse("subsidies_evidence_file", args=[ready.pk, document.version_id])

    assert sign_in("other").get(address).status_code in (302, 403)
    response = sign_in("owner").get(address)
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert Event.objects.filter(verb="project.evidence_read").count() == 1
    foreign = paper("Of another project")
    other = reverse("subsidies_evidence_file", args=[ready.pk, foreign.pk])
    assert sign_in("owner").get(other).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "projects",
        "start",
        "board",
        "figures",
        "objections",
        "papers",
        "clauses",
        "claim",
        "marks",
        "reconciliation",
        "dossier",
        "people",
        "history",
    ],
)
def test_who_packs_parcels_sees_no_project(project, sign_in, name):
    arguments = [] if name in ("projects", "start") else [project.pk]

    response = sign_in("other", group=FULFILMENT).get(reverse(f"subsidies_{name}", args=arguments))

    assert response.status_code in (302, 403)


@pytest.mark.parametrize(
    "name",
    [
        "projects",
        "start",
        "board",
        "figures",
        "objections",
        "papers",
        "clauses",
        "claim",
        "marks",
        "reconciliation",
        "dossier",
        "people",
        "history",
    ],
)
def test_every_page_speaks_chinese(ready, sign_in, name):
    arguments = [] if name in ("projects", "start") else [ready.pk]
    client = sign_in("owner")
    UserProfile.objects.update_or_create(
        user=ready.members.get(role="owner").user, defaults={"preferred_language": "zh-hans"}
    )

    text = text_of(client.get(reverse(f"subsidies_{name}", args=arguments)))

    assert "项目" in text
    assert not re.search(r"(tab|field|board|event|move|state)\.[a-z_]+", text)


def test_the_board_takes_as_many_queries_for_many_papers(ready, sign_in, django_assert_max_num_queries):
    client, board = sign_in("owner"), reverse("subsidies_board", args=[ready.pk])
    client.get(board)

    with django_assert_max_num_queries(70):
        assert client.get(board).status_code == 200


def test_a_copied_call_has_its_clauses_and_conditions(calls, sign_in):
    source = calls["cn-sz-2022-dlz"]
    client = sign_in("owner")
    page = client.get(reverse("subsidy-calls:copy", args=[source.pk]))
    form = page.context["form"]
    data = {
        name: "" if (value := form[name].value()) is None else value
        for name in form.fields
        if form[name].value() is not False
    }

    response = client.post(
        reverse("subsidy-calls:copy", args=[source.pk]), data | {"code": "cn-sz-2027", "status": "draft"}
    )

    assert response.status_code == 302, response.context and response.context["form"].errors
    copy = Call.objects.get(code="cn-sz-2027")
    assert copy.clauses.count() == source.clauses.count()
    assert {one.clause.call_id for one in copy.criteria.all()} == {copy.pk}
    assert copy.documents.count() == source.documents.count()


def test_a_call_that_was_filed_under_is_no_longer_changed(ready, sign_in, move):
    client = sign_in("owner")
    edit = reverse("subsidy-calls:edit", args=[ready.call.pk])
    assert client.get(edit).status_code == 200
    move(ready, "start_preparing")
    Project.objects.filter(pk=ready.pk).update(state="frozen")

    assert client.get(edit).status_code in (302, 403)


def test_a_rate_is_entered_once_with_its_source(sign_in, db):
    client, add = sign_in("owner"), reverse("subsidy-rates:add")

    client.post(add, {"currency": "USD", "day": "2021-06-30", "cny_per_unit": "6.4601", "source": "PBoC"})

    assert Event.objects.filter(verb="rate.entered").count() == 1


def test_somebody_new_is_told_they_have_no_role(project, sign_in, people):
    client = sign_in("other")

    text = text_of(
        client.post(reverse("subsidies_board", args=[project.pk]), {"move": "start_preparing"}, follow=True)
    )

    assert "you do not have that role in this project" in text
    add_member(project=project, user=people["other"], role="signer", by=people["owner"], now=timezone.now())


def test_figures_are_taken_from_the_page_and_shown_on_the_board(
    ready, sign_in, django_capture_on_commit_callbacks
):
    client, page = sign_in("owner"), reverse("subsidies_figures", args=[ready.pk])

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page)
    text = text_of(client.get(page))

    assert re.search(r"\d+ figures are taken", text)
    assert "K01 Average monthly sales" in text
    board = text_of(client.get(reverse("subsidies_board", args=[ready.pk])))
    assert "The figure is not measured yet" not in board


def test_only_members_take_figures(ready, sign_in):
    text = text_of(sign_in("other").post(reverse("subsidies_figures", args=[ready.pk]), follow=True))

    assert "You are no member of this project" in text
    assert not ready.snapshots.exists()


def test_the_objections_page_lists_each_with_a_way_out(project, sign_in):
    response = sign_in("owner").get(reverse("subsidies_objections", args=[project.pk]))

    assert all(one.way_out in text_of(response) for one in response.context["objections"])
    assert response.context["errors"] > 0


def test_a_chart_scales_to_the_highest_and_draws_the_threshold():
    chart = draw_chart(
        [("2021-07", Decimal(50), Decimal(50)), ("2021-08", Decimal(200), Decimal(125))],
        threshold=Decimal(100),
    )

    low, high = chart.bars
    assert high.height == pytest.approx(4 * low.height, rel=0.02)
    assert low.y > chart.threshold_y > high.y
    assert draw_chart([("2021-07", Decimal(0), Decimal(0))], threshold=None) is None


def test_the_board_leads_step_by_step_to_what_comes_next(project, clean, sign_in, move, export):
    client, board = sign_in("owner"), reverse("subsidies_board", args=[clean.pk])

    def next_step():
        context = client.get(board).context
        return context["todo"].name, [step.name for step in context["guide"] if step.is_done]

    done = ["people", "clauses", "papers", "expenses"]
    assert next_step() == ("figures", [*done, "claim", "objections"])
    clean.documents.first().delete()
    assert next_step() == ("papers", ["people", "clauses", "expenses", "claim"])
    type(clean).objects.filter(pk=clean.pk).update(state="internal_review")
    assert client.get(board).context["guide"] == []


def test_a_frozen_project_leads_to_its_dossier_and_then_to_the_filing(frozen, export, sign_in):
    client, board = sign_in("owner"), reverse("subsidies_board", args=[frozen.project_id])
    assert client.get(board).context["todo"].name == "dossier"
    export(frozen.project)
    assert client.get(board).context["todo"].name == "file"


def test_every_page_of_a_project_is_in_one_group_of_tabs():
    names = [name for group in GROUPS.values() for name in group]
    pages = {"board", "figures", "objections", "papers", "expenses", "claim", "marks", "reconciliation"}
    assert len(names) == len(set(names)) and set(names) == pages | {"clauses", "dossier", "people", "history"}
