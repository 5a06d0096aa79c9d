"""A bill is in the house once; its parts obey the rules against double funding."""

from datetime import date
from decimal import Decimal

import pytest

from storefront.subsidies.bills import bill_key
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import Allocation, Call, Expense, Site
from storefront.subsidies.selectors import makers
from storefront.subsidies.selectors.expenses import allocations_of, eligible_by_line, with_eligible
from storefront.subsidies.services import expenses, projects
from storefront.subsidies.services.claims import award_of, set_claim
from storefront.subsidies.services.rates import enter_rate


@pytest.fixture
def second(project, calls, entity, people, now):
    """Return a project in Zhongshan's call, for another site of the same company."""
    site = Site.objects.create(domain="zs.example", owner=entity)
    return projects.open_project(
        call=calls["cn-zs-2022-dlz"], entity=entity, site=site, title="中山", by=people["owner"], now=now
    )


def test_bill_is_claimed_at_what_is_eligible(project, enter):
    expense = enter(gross="10600.00", tax="600.00")
    assert expense.allocations.get().claimed == Decimal("10000.00")
    assert eligible_by_line(project) == {"site": Decimal("10000.00")}


@pytest.mark.parametrize(
    "number", ["24442000000012345678", "2444 2000 0000 1234 5678", "２４４４2000000012345678"]
)
def test_same_fapiao_is_refused_however_it_is_written(enter, number):
    first = enter(number="24442000000012345678")
    with pytest.raises(EntryRefused, match=rf"already entered {first.reference}"):
        enter(number=number)
    assert Expense.objects.count() == 1


def test_digits_split_into_code_and_number_are_the_same_fapiao():
    whole = bill_key(kind="fapiao_e", code="", number="24442000000012345678", vendor="A")
    assert bill_key(kind="fapiao_paper", code="244420000000", number="12345678", vendor="B") == whole


def test_two_vendors_may_use_the_same_number(enter):
    enter(kind="foreign", number="INV-1", vendor="Meta")
    enter(kind="foreign", number="INV-1", vendor="Google")
    assert Expense.objects.count() == 2


def test_sixty_and_forty_of_a_bill_go_to_two_programmes(project, second, enter, people, now):
    served = {
        "invoice_date": date(2022, 3, 1),
        "service_from": date(2022, 3, 1),
        "service_to": date(2022, 3, 31),
    }
    expense = enter(percent=Decimal(60), paid_on=date(2022, 3, 5), **served)
    share = {"expense": expense, "line": "marketing", "by": people["owner"], "now": now}
    with pytest.raises(EntryRefused, match="more than the whole bill"):
        expenses.share_expense(project=second, percent=Decimal(50), **share)
    expenses.share_expense(project=second, percent=Decimal(40), **share)
    assert list(expense.allocations.values_list("claimed", flat=True).order_by("project_id")) == [
        6_000,
        4_000,
    ]


@pytest.mark.parametrize(
    ("policy", "level", "words"),
    [
        ("none_any_level", "district", "no other public money"),
        ("none_central", "central", "no other central money"),
        ("none_same_level", "central", "no other money of the same level"),
        ("highest_only", "district", "the highest alone"),
    ],
)
def test_rule_against_double_funding_refuses_a_second(
    project, second, enter, people, now, policy, level, words
):
    Call.objects.filter(pk=project.call_id).update(overlap_policy=policy)
    Call.objects.filter(pk=second.call_id).update(level=level, overlap_policy="")
    expense = enter(percent=Decimal(60))
    with pytest.raises(EntryRefused, match=words):
        expenses.share_expense(
            expense=expense, project=second, line="site", percent=Decimal(40), by=people["owner"], now=now
        )
    assert Allocation.objects.count() == 1


def test_change_takes_the_approval_back_and_reckons_anew(project, enter, entry, people, now):
    expense = enter()
    expenses.approve_expense(expense=expense, project=project, by=people["checker"], now=now)
    expenses.change_expense(
        expense=expense, bill=entry(gross="9540.00", tax="540.00"), by=people["finance"], now=now
    )
    expense.refresh_from_db()
    assert expense.approved_by is None
    assert expense.allocations.get().claimed == Decimal("9000.00")


def test_refund_lowers_the_claim(enter, people, now):
    expense = enter()
    expenses.add_credit(
        expense=expense,
        kind="red_letter",
        dated=date(2022, 1, 5),
        gross=Decimal("1060.00"),
        tax=Decimal("60.00"),
        by=people["finance"],
        now=now,
    )
    assert expense.allocations.get().claimed == Decimal("9000.00")


def test_whoever_entered_does_not_approve(project, enter, people, now):
    expense = enter()
    Expense.objects.update(entered_by=people["checker"])
    with pytest.raises(EntryRefused, match="cannot check your own work"):
        expenses.approve_expense(expense=expense, project=project, by=people["checker"], now=now)
    with pytest.raises(EntryRefused, match="Only a checker"):
        expenses.approve_expense(expense=expense, project=project, by=people["owner"], now=now)
    assert people["finance"].email in makers(project)


def test_no_more_is_claimed_of_a_bill_than_is_eligible(enter, people, now):
    allocation = enter().allocations.get()
    with pytest.raises(EntryRefused, match=r"10000.01 is above the 10000.00"):
        expenses.set_claim_of(
            allocation=allocation, claimed=Decimal("10000.01"), by=people["finance"], now=now
        )
    expenses.set_claim_of(allocation=allocation, claimed=Decimal(8_000), by=people["finance"], now=now)
    allocation.refresh_from_db()
    assert allocation.claimed == 8_000


def test_frozen_project_takes_no_bill(project, enter):
    project.__class__.objects.update(state="frozen")
    with pytest.raises(EntryRefused, match="Reopen it first"):
        enter()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "receipt"}, "is no kind of bill"),
        ({"number": " "}, "Enter the number"),
        ({"tax": "20000"}, "cannot be"),
        ({"service_to": date(2021, 1, 1)}, "ends before it begins"),
        ({"line": "rent"}, "has no line"),
        ({"percent": Decimal(101)}, "at most 100"),
    ],
)
def test_impossible_bill_is_refused_and_nothing_is_written(enter, changes, words):
    with pytest.raises(EntryRefused, match=words):
        enter(**changes)
    assert Expense.objects.count() == Allocation.objects.count() == 0


def test_shenzhen_claims_what_was_spent_in_ten_thousands(project, enter, people, now):
    enter(gross="612345.67", tax="0")
    award = award_of(project, kpis={})
    assert award.amount == Decimal(610_000)
    with pytest.raises(EntryRefused, match=r"620000.00 is above the 610000.00"):
        set_claim(project=project, amount=Decimal(620_000), most=award.amount, by=people["owner"], now=now)
    assert set_claim(
        project=project, amount=award.amount, most=award.amount, by=people["owner"], now=now
    ).claimed


def test_rate_is_entered_once_a_day(people, now):
    given = {
        "currency": "USD",
        "day": date(2022, 6, 30),
        "source": "PBoC",
        "by": people["finance"],
        "now": now,
    }
    assert enter_rate(cny_per_unit=Decimal("6.7114"), **given) == enter_rate(
        cny_per_unit=Decimal("6.7114"), **given
    )
    with pytest.raises(EntryRefused, match=r"already entered as 6\.7114"):
        enter_rate(cny_per_unit=Decimal("6.7"), **given)


@pytest.mark.parametrize("count", [2, 20])
def test_bills_are_read_in_a_fixed_number_of_queries(project, enter, count, django_assert_num_queries):
    for number in range(count):
        enter(number=f"{number:020d}")
    with django_assert_num_queries(7):
        assert len(with_eligible(allocations_of(project))) == count
