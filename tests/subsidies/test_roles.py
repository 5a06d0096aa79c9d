"""Who may do what in a project: every cell of the table in docs/reference/subsidies.md, through the real pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from storefront.evidence.models import Event
from storefront.subsidies import workflow
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.services.expenses import approve_expense, enter_expense

EVERYBODY = (*workflow.ROLES, "other")
MAKERS = {"owner", "finance"}


def pdf(name="paper.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 a paper")


def statement():
    return SimpleUploadedFile("bank.csv", "日期,金额\n2021-09-06,100.00\n".encode())


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


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_board_offers_each_move_only_to_its_roles(ready, sign_in, who):
    board = sign_in(who).get(reverse("subsidies_board", args=[ready.pk])).context["board"]

    offered = {step.move.name for step in board.possible}
    assert all(who in workflow.MOVES[name].roles for name in offered)
    assert bool(offered) or not any(
        who in move.roles and ready.state in move.sources and not move.guards
        for move in workflow.MOVES.values()
    )
