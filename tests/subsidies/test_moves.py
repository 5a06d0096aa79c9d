"""A project moves step by step; whoever may not, or cannot yet, is told why."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.translation import override

from storefront.evidence.models import Event
from storefront.subsidies import workflow
from storefront.subsidies.errors import EntryRefused, MoveBlocked
from storefront.subsidies.models import FrozenVersion, LegalEntity, Project, ProjectMember, Site
from storefront.subsidies.services import projects
from storefront.subsidies.services.auditors import answer_finding, invite_auditor, write_finding


def state_of(project):
    return Project.objects.get(pk=project.pk).state


def put(project, state, **fields):
    Project.objects.filter(pk=project.pk).update(state=state, **fields)


def test_from_draft_to_filed_papers(ready, move, paper, export):
    assert move(ready, "start_preparing") == "preparing"
    assert move(ready, "submit_internally") == "internal_review"
    assert move(ready, "approve", by="checker") == "frozen"
    export(ready)
    assert move(ready, "file_online", by="signer", evidence=paper("Receipt")) == "filed_online"
    assert move(ready, "hand_in", evidence=paper("Stamp")) == "filed_paper"
    moves = Event.objects.filter(subject=ready.subject, verb="project.moved").values_list("actor", flat=True)
    assert list(moves) == [
        f"{name}@example.test" for name in ("owner", "owner", "checker", "signer", "owner")
    ]


def test_from_acceptance_to_the_archive(ready, move, paper):
    put(ready, "filed_paper", claimed=Decimal(610_000))
    for name, after in (
        ("record_acceptance", "accepted"),
        ("record_substantive_review", "substantive"),
        ("record_expert_review", "expert"),
        ("record_special_audit", "special_audit"),
        ("record_consultation", "consult"),
        ("record_publicity", "publicity"),
    ):
        assert move(ready, name, evidence=paper()) == after
    assert move(ready, "record_award", evidence=paper(), amount=Decimal(600_000)) == "awarded"
    assert (
        move(ready, "record_payment", by="finance", evidence=paper(), amount=Decimal(180_000))
        == "partly_paid"
    )
    assert move(ready, "record_payment", by="finance", evidence=paper(), amount=Decimal(420_000)) == "paid"
    assert move(ready, "start_follow_up", by="finance") == "post"
    assert move(ready, "archive") == "archived"


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name, move in sorted(workflow.MOVES.items()) for state in sorted(move.sources)],
)
def test_who_may_make_which_move_from_each_of_its_states(ready, move, paper, name, state):
    given = {"reason": "because", "evidence": paper(), "amount": Decimal(1)}
    for role in (*workflow.ROLES, "other"):
        put(ready, state, claimed=Decimal(10), approved=Decimal(10))
        try:
            with transaction.atomic():
                move(ready, name, by=role, **given)
                transaction.set_rollback(True)
            is_told_whose = False
        except MoveBlocked as error:
            is_told_whose = "is for the" in str(error)
        assert is_told_whose != (role in workflow.MOVES[name].roles), role
        assert state_of(ready) == state


@pytest.mark.parametrize("name", sorted(workflow.MOVES))
def test_move_from_a_state_that_is_not_its_own_is_refused(ready, move, paper, name):
    wanted = workflow.MOVES[name]
    elsewhere = next(state for state in workflow.STATES if state not in wanted.sources)
    put(ready, elsewhere)
    with pytest.raises(MoveBlocked, match="Reload the page"):
        move(ready, name, by=sorted(wanted.roles)[0], reason="r", evidence=paper(), amount=Decimal(1))
    assert state_of(ready) == elsewhere


def test_administrator_has_no_role_by_being_one(ready, move, people):
    people["other"].is_superuser = True
    people["other"].save()
    with pytest.raises(MoveBlocked, match="is for the project owner"):
        move(ready, "start_preparing", by="other")


def test_blocked_move_says_everything_that_is_missing(project, move):
    put(project, "preparing")
    with pytest.raises(MoveBlocked) as caught:
        move(project, "submit_internally")
    assert str(caught.value).startswith("The live notice is not uploaded.")
    assert "Commitment letter" in str(caught.value)
    with override("zh-hans"), pytest.raises(MoveBlocked, match="缺少必需材料：承诺书"):
        move(project, "submit_internally")


def test_new_notice_wants_every_clause_confirmed_again(ready, move, people, paper, now):
    put(ready, "preparing")
    projects.set_notice(project=ready, notice=paper("Corrected notice"), by=people["owner"], now=now)
    with pytest.raises(MoveBlocked, match="7 clause"):
        move(ready, "submit_internally")


def test_clause_cannot_be_confirmed_without_the_notice(project, people, now):
    with pytest.raises(EntryRefused, match="Upload the live notice"):
        projects.confirm_clause(
            project=project, clause=project.call.clauses.first(), by=people["owner"], now=now
        )


def test_whoever_entered_a_paper_does_not_check(ready, move, people):
    put(ready, "internal_review")
    ready.members.filter(role="owner").delete()
    ProjectMember.objects.create(project=ready, user=people["owner"], role="checker")
    with pytest.raises(MoveBlocked, match="cannot check your own work"):
        move(ready, "approve", by="owner")
    assert FrozenVersion.objects.count() == 0


def test_checker_cannot_enter_and_who_enters_cannot_check(project, people, now):
    with pytest.raises(EntryRefused, match="cannot be the checker"):
        projects.add_member(
            project=project, user=people["finance"], role="checker", by=people["owner"], now=now
        )
    with pytest.raises(EntryRefused, match="cannot be the checker"):
        projects.add_member(
            project=project, user=people["checker"], role="finance", by=people["owner"], now=now
        )


@pytest.mark.parametrize("code", ["cn-sz-2021-dlz", "cn-dg-2022-dlz"])
def test_historical_call_cannot_be_filed(calls, ready, move, paper, code):
    put(ready, "frozen", call=calls[code])
    with pytest.raises(MoveBlocked, match="historical, closed"):
        move(ready, "file_online", evidence=paper())


def test_filing_ends_to_the_second(ready, move, paper, export):
    put(ready, "internal_review")
    move(ready, "approve", by="checker")
    export(ready)
    close = ready.call.online_close
    with pytest.raises(MoveBlocked, match="Online filing closed at 2026-12-02 12:00, Beijing"):
        move(ready, "file_online", evidence=paper(), now=close + timedelta(seconds=1))
    assert move(ready, "file_online", evidence=paper(), now=close) == "filed_online"


def test_nothing_is_filed_before_the_dossier_of_the_frozen_version_was_exported(ready, move, paper, export):
    put(ready, "internal_review")
    move(ready, "approve", by="checker")
    export(ready)
    move(ready, "reopen", reason="The licence was renewed")
    move(ready, "submit_internally")
    move(ready, "approve", by="checker")
    with pytest.raises(MoveBlocked, match="The dossier of frozen version v2 is not exported yet"):
        move(ready, "file_online", evidence=paper())
    assert state_of(ready) == "frozen"
    assert export(ready).state == "made"
    assert move(ready, "file_online", evidence=paper()) == "filed_online"


@pytest.mark.parametrize(
    ("state", "name"), [("expert", "record_special_audit"), ("special_audit", "record_consultation")]
)
def test_special_audit_waits_for_every_finding_to_be_answered(frozen, move, paper, people, now, state, name):
    project = frozen.project
    put(project, state)
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=9, by=people["owner"], now=now)
    written = {"about": "", "text": "Explain X-0001", "disallowed": None, "now": now}
    write_finding(link=link, gravity="note", **written)
    finding = write_finding(link=link, gravity="question", **written)
    with pytest.raises(MoveBlocked, match=rf"1 finding\(s\) of auditors are not answered: {finding}\."):
        move(project, name, evidence=paper())
    answer_finding(finding=finding, text="See the contract", by=people["finance"], now=now)
    assert move(project, name, evidence=paper()) != state


def test_unanswered_finding_holds_up_no_other_stage(frozen, move, paper, people, now):
    put(frozen.project, "accepted")
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=9, by=people["owner"], now=now)
    write_finding(link=link, gravity="objection", about="", text="No", disallowed=None, now=now)
    assert move(frozen.project, "record_substantive_review", evidence=paper()) == "substantive"


def test_what_is_handed_in_again_was_checked_and_is_the_next_version(clean, move, paper, people, now):
    move(clean, "submit_internally")
    move(clean, "approve", by="checker")
    put(clean, "correction")
    requirement = clean.call.documents.first()
    projects.attach_document(
        project=clean,
        requirement=requirement,
        version=paper(requirement.code),
        is_sealed=requirement.is_sealed,
        by=people["owner"],
        now=now,
    )
    with pytest.raises(MoveBlocked, match="is for the checker"):
        move(clean, "resubmit", evidence=paper())
    assert move(clean, "resubmit", by="checker", evidence=paper()) == "filed_paper"
    first, second = FrozenVersion.objects.order_by("number")
    assert len(json.loads(second.body)["documents"]) == len(json.loads(first.body)["documents"]) + 1


def test_stage_of_the_call_is_not_skipped(ready, move, paper):
    put(ready, "accepted")
    with pytest.raises(MoveBlocked, match="“Substantive review” comes after “Accepted”"):
        move(ready, "record_expert_review", evidence=paper())


def test_stage_the_call_has_not_is_skipped_by_itself(calls, ready, move, paper):
    put(ready, "substantive", call=calls["cn-zs-2022-dlz"])
    assert move(ready, "record_publicity", evidence=paper()) == "publicity"


def test_no_more_is_awarded_than_claimed_nor_paid_than_awarded(ready, move, paper):
    put(ready, "publicity", claimed=Decimal(100))
    with pytest.raises(MoveBlocked, match=r"CNY 100.01, is above the claim of 100"):
        move(ready, "record_award", evidence=paper(), amount=Decimal("100.01"))
    move(ready, "record_award", evidence=paper(), amount=Decimal(90))
    move(ready, "record_payment", by="finance", evidence=paper(), amount=Decimal(60))
    with pytest.raises(MoveBlocked, match=r"CNY 91.00 received in all is above the 90.00"):
        move(ready, "record_payment", by="finance", evidence=paper(), amount=Decimal(31))
    assert state_of(ready) == "partly_paid"


@pytest.mark.parametrize(
    ("name", "state", "missing"),
    [
        ("record_acceptance", "filed_paper", "Attach the document"),
        ("reopen", "frozen", "Give a reason"),
    ],
)
def test_move_asks_for_what_it_needs(ready, move, name, state, missing):
    put(ready, state)
    with pytest.raises(MoveBlocked, match=missing):
        move(ready, name)


def test_money_counts_as_received_with_its_sum_and_its_bank_slip_alone(ready, move, paper):
    put(ready, "awarded", claimed=Decimal(10), approved=Decimal(10))
    for given in ({"evidence": paper()}, {"amount": Decimal(10)}):
        with pytest.raises(MoveBlocked):
            move(ready, "record_payment", by="finance", **given)
    assert state_of(ready) == "awarded" and not ready.receipts.exists()
    slip = paper("Bank slip")
    assert move(ready, "record_payment", by="finance", evidence=slip, amount=Decimal(10)) == "paid"
    assert ready.receipts.get().bank_slip == slip


def test_frozen_project_takes_no_papers(ready, people, paper, now):
    put(ready, "frozen")
    with pytest.raises(EntryRefused, match="Reopen it first"):
        projects.attach_document(
            project=ready,
            requirement=ready.call.documents.first(),
            version=paper(),
            by=people["owner"],
            now=now,
        )


def test_reopened_project_freezes_a_second_version_and_keeps_the_first(ready, move):
    put(ready, "internal_review")
    move(ready, "approve", by="checker")
    first = FrozenVersion.objects.get()
    move(ready, "reopen", reason="The licence was renewed")
    move(ready, "submit_internally")
    move(ready, "approve", by="checker")
    assert [version.number for version in FrozenVersion.objects.order_by("number")] == [1, 2]
    assert FrozenVersion.objects.get(number=1).body == first.body


def test_third_site_of_a_group_is_refused(project, call, entity, people, now):
    second = Site.objects.create(domain="two.example", owner=entity)
    projects.open_project(call=call, entity=entity, site=second, title="2", by=people["owner"], now=now)
    third = Site.objects.create(domain="three.example", owner=entity)
    with pytest.raises(EntryRefused, match=r"2 site\(s\) under this call; the limit is 2"):
        projects.open_project(call=call, entity=entity, site=third, title="3", by=people["owner"], now=now)


def test_affiliate_is_refused(project, call, people, now):
    affiliate = LegalEntity.objects.create(
        name_zh="泽陆香港", registration_number="HK1", country="HK", group="zellumo"
    )
    site = Site.objects.create(domain="hk.example", owner=affiliate)
    with pytest.raises(EntryRefused, match="already applies"):
        projects.open_project(call=call, entity=affiliate, site=site, title="HK", by=people["owner"], now=now)
    assert Project.objects.count() == 1
