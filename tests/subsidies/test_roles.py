"""Who may do what in a project: every cell of the table in docs/reference/subsidies.md, through the real pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from storefront.evidence.models import Event
from storefront.subsidies import workflow
from storefront.subsidies.back_office.board import steps_of
from storefront.subsidies.back_office.expense_forms import bill_initial
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import Project, Site
from storefront.subsidies.services.auditors import invite_auditor, write_finding
from storefront.subsidies.services.dossiers import make_dossier, request_dossier
from storefront.subsidies.services.expenses import add_payment, approve_expense, enter_expense
from storefront.subsidies.services.marks import mark_sales, set_own_brand
from storefront.subsidies.services.moves import make_move
from storefront.subsidies.services.projects import add_member
from storefront.subsidies.services.statements import import_bank_statement, import_customs_list

EVERYBODY = (*workflow.ROLES, "other")
MAKERS = {"owner", "finance"}


def pdf(name="paper.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 a paper")


def statement():
    return SimpleUploadedFile("bank.csv", "日期,金额\n2021-09-06,100.00\n".encode())


def customs_list():
    rows = "清单编号,监管方式,申报日期,订单号,总价\n5300,9610,2021-09-06,7,100.00\n"
    return SimpleUploadedFile("customs.csv", rows.encode())


# The page, who may, and a function of the project that gives the form.
TABLE = {
    "lay papers beside": (
        "papers",
        MAKERS,
        lambda p: {"requirement": p.call.documents.first().pk, "file": pdf()},
    ),
    "set the notice": ("clauses", MAKERS, lambda p: {"file": pdf()}),
    "compare a clause": ("clauses", MAKERS, lambda p: {"clause": p.call.clauses.first().pk}),
    "set the claim": ("claim", MAKERS, lambda p: {"claim": "0"}),
    "mark orders": (
        "marks",
        MAKERS,
        lambda p: {"do": "mark", "mark_field": "order", "mark_value": "7", "mark_reason": "own"},
    ),
    "enter a brand": (
        "marks",
        MAKERS,
        lambda p: {"do": "brand", "brand_name": "Zellumo", "owned_from": "2020-01-01"},
    ),
    "take in a statement": (
        "reconciliation",
        MAKERS,
        lambda p: {
            "do": "bank",
            "holder": p.entity_id,
            "account": "1",
            "currency": "USD",
            "file": statement(),
        },
    ),
    "take in a customs list": (
        "reconciliation",
        MAKERS,
        lambda p: {"do": "customs", "file": customs_list()},
    ),
    "reconcile": ("reconciliation", MAKERS, lambda p: {"do": "reconcile"}),
    "give roles": ("people", {"owner"}, None),
}


def does_it(client, address, form):
    """Say whether a POST did something, for whatever is done is in the log; then take it back."""
    before = Event.objects.count()
    with transaction.atomic():
        assert client.post(address, form).status_code == 302
        is_done = Event.objects.count() > before
        transaction.set_rollback(True)
    return is_done


@pytest.mark.parametrize("act", TABLE)
def test_an_act_is_done_by_whom_the_table_names_and_by_nobody_else(ready, sign_in, people, act):
    page, allowed, form_of = TABLE[act]
    address = reverse(f"subsidies_{page}", args=[ready.pk])
    ready.confirmations.all().delete()
    sign_in("other")  # of the staff from now on, so that a role can be given
    newcomer = {"user": people["other"].pk, "role": "signer"}

    done = {
        who for who in EVERYBODY if does_it(sign_in(who), address, form_of(ready) if form_of else newcomer)
    }

    assert done == allowed


BILL = {
    "correct": lambda p, e: (
        {name: v for name, v in bill_initial(e).items() if v} | {"subject": "更正", "do": "change"}
    ),
    "lay a paper beside": lambda p, e: {"do": "paper", "paper_role": "contract", "file": pdf()},
    "pay": lambda p, e: {
        "do": "payment",
        "paid_on": "2021-09-05",
        "paid_amount": "1",
        "payer": "x",
        "method": "bank",
    },
    "take back": lambda p, e: {
        "do": "credit",
        "credit_kind": "refund",
        "dated": "2021-09-05",
        "credit_gross": "1",
    },
    "claim less": lambda p, e: {"do": "claim", "claimed": "1"},
    "share out": lambda p, e: {"do": "share", "share_under": f"{p.pk}-site", "percent": "50"},
    "drop": lambda p, e: {"do": "drop", "reason": "because"},
}


@pytest.mark.parametrize("act", BILL)
def test_a_bill_is_changed_by_makers_alone(project, enter, sign_in, act):
    expense = enter()
    address = reverse("subsidies_expense", args=[project.pk, expense.pk])

    done = {who for who in EVERYBODY if does_it(sign_in(who), address, BILL[act](project, expense))}

    assert done == MAKERS


@pytest.fixture
def originals(frozen, csv_file, paper, people, now):
    """Return one stored file of every kind that a project's members look at, by name."""
    project, by = frozen.project, {"by": people["finance"], "now": now}
    entity = project.entity
    bank, customs = csv_file(statement().read().decode()), csv_file(customs_list().read().decode())
    import_bank_statement(statement=bank, entity=entity, account="1", currency="USD", **by)
    import_customs_list(listing=customs, group=entity.group, **by)
    trademark, register, receipt = paper("Trademark"), paper("Register"), paper("Receipt")
    set_own_brand(group=entity.group, name="Z", owned_from=date(2020, 1, 1), trademark=trademark, **by)
    Site.objects.filter(pk=project.site_id).update(evidence=register)
    make_dossier(request_dossier(frozen=frozen, by=people["owner"], now=now), now=now)
    make_move(project_id=project.pk, name="file_online", by=people["signer"], now=now, evidence=receipt)
    bill = project.allocations.first().expense
    return {
        "bank statement": bank,
        "customs list": customs,
        "trademark": trademark,
        "proof of the domain": register,
        "receipt of the filing": receipt,
        "notice": project.notice,
        "paper": project.documents.first().version,
        "invoice": bill.papers.first().version,
        "bank slip": bill.payments.first().slip,
        "rows of a figure": project.snapshots.first().rows,
        "rows of the reconciliation": project.reconciliations.first().items,
    }


def test_files_are_read_by_members_alone_and_each_look_is_logged(frozen, originals, paper, sign_in):
    stranger = paper("Of nobody's project")
    for who in EVERYBODY:
        client = sign_in(who)
        for name, version in originals.items():
            before = Event.objects.count()
            answer = client.get(reverse("subsidies_evidence_file", args=[frozen.project_id, version.pk]))
            is_member = who != "other"
            assert (answer.status_code, name) == (200 if is_member else 302, name)
            assert Event.objects.count() - before == is_member
        address = reverse("subsidies_evidence_file", args=[frozen.project_id, stranger.pk])
        assert client.get(address).status_code == (302 if who == "other" else 404)


MEMBERS = set(workflow.ROLES)
VERSION = {
    "export a dossier": (MEMBERS, {"action": "export"}),
    "let customers' data go": (
        {"signer"},
        {"action": "export", "with_customers_data": "1", "reason": "because"},
    ),
    "check a version": (MEMBERS, {"action": "check"}),
    "close an auditor's link": (MEMBERS, {"action": "revoke"}),
    "answer a finding": (MEMBERS, {"action": "answer", "answer": "It was delivered"}),
}


@pytest.mark.parametrize("act", VERSION)
def test_what_is_done_with_a_version_is_done_by_its_members(frozen, people, sign_in, act):
    allowed, form = VERSION[act]
    link, _ = invite_auditor(frozen=frozen, auditor="CPA", days=9, by=people["owner"], now=timezone.now())
    finding = write_finding(
        link=link, about="", gravity="question", text="What?", disallowed=None, now=timezone.now()
    )
    form = {**form, "version": frozen.pk, "link": link.pk, "finding": finding.pk}
    address = reverse("subsidies_dossier", args=[frozen.project_id])

    assert {who for who in EVERYBODY if does_it(sign_in(who), address, form)} == allowed


def test_an_auditor_is_invited_by_members_alone(frozen, sign_in):
    form = {"action": "invite", "version": frozen.pk, "auditor": "CPA", "days": "9"}
    address = reverse("subsidies_dossier", args=[frozen.project_id])

    shown = {who for who in EVERYBODY if sign_in(who).post(address, form).status_code == 200}

    assert shown == MEMBERS


@pytest.mark.parametrize("who", ["checker", "signer", "other"])
def test_services_ask_for_the_role_themselves(project, csv_file, entity, people, now, who):
    by = {"by": people[who], "now": now}
    refused = (
        lambda: mark_sales(group="zellumo", field="order", value="7", reason="own", **by),
        lambda: set_own_brand(group="zellumo", name="Z", owned_from=date(2020, 1, 1), trademark=None, **by),
        lambda: import_bank_statement(
            statement=csv_file("日期,金额\n2021-09-06,1"), entity=entity, account="1", currency="USD", **by
        ),
        lambda: import_customs_list(listing=csv_file("x"), group="zellumo", **by),
        lambda: add_member(project=project, user=people["other"], role="signer", **by),
    )
    before = Event.objects.exclude(verb="evidence.stored").count()
    for act in refused:
        with pytest.raises(EntryRefused):
            act()
    assert Event.objects.exclude(verb="evidence.stored").count() == before


def test_a_bill_of_no_project_is_changed_by_makers_of_its_group(project, enter, people, now):
    expense = enter()
    expense.allocations.all().delete()
    payment = {
        "expense": expense,
        "paid_on": date(2021, 9, 5),
        "amount": Decimal(1),
        "payer": "x",
        "now": now,
    }
    with pytest.raises(EntryRefused):
        add_payment(by=people["other"], **payment)
    assert add_payment(by=people["finance"], **payment).amount == 1


@pytest.mark.parametrize("who", EVERYBODY)
def test_bills_are_entered_by_makers_alone(project, entry, people, now, who):
    def enter():
        return enter_expense(project=project, bill=entry(), line="site", by=people[who], now=now)

    if who in MAKERS:
        assert enter().entered_by == people[who]
    else:
        with pytest.raises(EntryRefused):
            enter()


@pytest.mark.parametrize("who", EVERYBODY)
def test_bills_are_approved_by_checkers_alone(project, enter, people, now, who):
    expense = enter()
    if who == workflow.CHECKER:
        approve_expense(expense=expense, project=project, by=people[who], now=now)
    else:
        with pytest.raises(EntryRefused):
            approve_expense(expense=expense, project=project, by=people[who], now=now)

    expense.refresh_from_db()
    assert (expense.approved_by is not None) == (who == workflow.CHECKER)


@pytest.mark.parametrize("state", workflow.STATES)
def test_the_board_offers_each_move_of_a_state_only_to_its_roles(ready, people, now, state):
    Project.objects.filter(pk=ready.pk).update(state=state)
    ready.refresh_from_db()
    for who in EVERYBODY:
        steps = steps_of(ready, by=people[who], now=now)
        assert {step.move.name for step in steps} == {
            move.name for move in workflow.MOVES.values() if state in move.sources
        }
        for step in steps:
            is_told_whose = any("is for the" in reason for reason in step.reasons)
            assert is_told_whose != (who in step.move.roles), (who, step.move.name)
