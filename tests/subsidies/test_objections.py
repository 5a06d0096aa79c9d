"""Each check finds the mistake planted for it, and a clean project has none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.translation import override

from storefront.evidence.models import Evidence
from storefront.evidence.services import store_evidence
from storefront.subsidies.errors import MoveBlocked
from storefront.subsidies.models import (
    Allocation,
    Expense,
    ExpensePaper,
    ExpensePayment,
    FrozenVersion,
    GrantUse,
    LegalEntity,
    Ownership,
    PriorFunding,
    Project,
    ProjectDocument,
    Receipt,
    ReportedFigure,
    Site,
)
from storefront.subsidies.objections import CODES, find_objections, load_case, objections_of
from storefront.subsidies.objections.sales import FrozenFigure, Matching, Sale
from storefront.subsidies.services import expenses
from storefront.subsidies.services.dossiers import make_dossier, request_dossier

XML = '<?xml version="1.0" encoding="UTF-8"?><EInvoice>{}</EInvoice>'
ALL, HALF = Decimal(100), Decimal(50)


def first(project):
    return project.allocations.order_by("pk").first().expense


def change(project, **fields):
    Expense.objects.filter(pk=first(project).pk).update(**fields)


def claim(project, amount):
    Allocation.objects.filter(project=project, expense=first(project)).update(claimed=Decimal(amount))


def freeze(project, move):
    move(project, "submit_internally")
    move(project, "approve", by="checker")


class World:
    """What a planted mistake may need."""

    def __init__(self, project, people, paper, move, proven, calls, entity, now):
        self.project, self.people, self.paper, self.move = project, people, paper, move
        self.proven, self.calls, self.entity, self.now = proven, calls, entity, now

    def affiliate(self, country="CN", **fields):
        return LegalEntity.objects.create(
            name_zh="泽陆香港有限公司", registration_number="HK1", country=country, group="zellumo", **fields
        )

    def owned_by_affiliate(self, percent=60, evidence=True, **fields):
        affiliate = self.affiliate(**fields)
        Ownership.objects.create(
            parent=self.entity,
            child=affiliate,
            percent=percent,
            valid_from=date(2019, 1, 1),
            evidence=self.paper("Register", language="zh") if evidence else None,
        )
        Site.objects.filter(pk=self.project.site_id).update(owner=affiliate)
        return affiliate

    def sibling(self, state="draft", code="cn-sz-2021-dlz", entity=None, **fields):
        site = Site.objects.create(domain=f"other{Site.objects.count()}.example", owner=self.entity)
        return Project.objects.create(
            call=self.calls[code],
            entity=entity or self.entity,
            site=site,
            title="另一项目",
            state=state,
            created_at=self.now,
            moved_at=self.now,
            **fields,
        )

    def received(self, at, **use):
        receipt = Receipt.objects.create(
            project=self.project,
            received_at=at,
            amount=Decimal(1000),
            bank_slip=self.paper("Slip", language="zh"),
            recorded_by=self.people["finance"],
        )
        if use:
            GrantUse.objects.create(receipt=receipt, account="专账", booked_on=at.date(), **use)


def twice_in_two_kinds(world):
    bill = first(world.project)
    world.proven(kind="foreign", number=bill.number, vendor=bill.vendor)


def shared_too_far(world, percent=60, policy="", level="city"):
    bill = first(world.project)
    other = world.sibling(code="cn-zs-2022-dlz")
    type(other.call).objects.filter(pk=other.call_id).update(overlap_policy=policy, level=level)
    Allocation.objects.filter(expense=bill).update(percent=HALF, claimed=5000)
    Allocation.objects.create(expense=bill, project=other, line="site", percent=percent, claimed=4000)


def claimed_above_net_in_all(world):
    shared_too_far(world, percent=50)
    Allocation.objects.exclude(project=world.project).update(claimed=Decimal("5000.01"))


def ratio_above_cap(world):
    type(world.project.call).objects.filter(pk=world.project.call_id).update(
        overlap_policy="combined_ratio_cap", award={"method": "manual", "combined_ratio_cap": "0.8"}
    )
    shared_too_far(world, percent=50)


def same_file(world):
    bill = first(world.project)
    other = world.proven(vendor="另一公司", gross="5000", tax="0")
    ExpensePaper.objects.filter(expense=other).update(version=bill.papers.get().version)


def same_slip(world):
    other = world.proven(vendor="另一公司", gross="5000", tax="0")
    ExpensePayment.objects.filter(expense=other).update(slip=first(world.project).payments.get().slip)


def served(world, start, end):
    change(world.project, service_from=start, service_to=end)


def prepaid_in_full(world):
    served(world, date(2021, 7, 1), date(2024, 6, 30))
    claim(world.project, 10_000)


def credited(world, kind="red_letter"):
    expenses.add_credit(
        expense=first(world.project),
        kind=kind,
        dated=date(2022, 1, 5),
        gross=Decimal(1060),
        tax=Decimal(60),
        by=world.people["finance"],
        now=world.now,
    )
    claim(world.project, 10_000)


def picture_only(world):
    ExpensePaper.objects.filter(expense=first(world.project)).update(
        version=world.paper("Print", language="zh")
    )


def in_english(world):
    first(world.project).payments.update(slip=world.paper("Slip", language="en"))


def frozen_then_changed(world, **fields):
    freeze(world.project, world.move)
    change(world.project, **fields)


def frozen_by_hand(world):
    FrozenVersion.objects.create(
        project=world.project,
        number=1,
        body="{}",
        sha256="0" * 64,
        approved_by=world.people["checker"],
        frozen_at=world.now,
    )


def frozen_by_maker(world):
    freeze(world.project, world.move)
    with connection.cursor() as cursor:
        on_table = " ON subsidies_frozenversion" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER subsidies_frozenversion_no_update{on_table}")
    FrozenVersion.objects.update(approved_by=world.people["finance"])


def dated(world, day, content=b"%PDF-1.7 x"):
    version = store_evidence(
        chunks=iter([content]),
        file_name="a.pdf",
        title="Dated",
        kind="paper",
        language="zh",
        issue_date=day,
        by=world.people["owner"],
        now=world.now,
    )
    first(world.project).payments.update(slip=version)


def slipped_in(world):
    freeze(world.project, world.move)
    frozen = FrozenVersion.objects.get()
    make_dossier(request_dossier(frozen=frozen, by=world.people["owner"], now=world.now), now=world.now)
    world.move(world.project, "file_online", evidence=world.paper("Receipt"))
    version = world.paper(
        "Later", language="zh", issue_date=date(2026, 11, 1), now=world.now + timedelta(days=9)
    )
    ProjectDocument.objects.filter(project=world.project).order_by("pk").first().delete()
    requirement = world.project.call.documents.first()
    ProjectDocument.objects.create(
        project=world.project, requirement=requirement, version=version, is_sealed=True
    )


def document(world, requirement=None, **fields):
    row = world.project.documents.order_by("pk").first()
    type(row.requirement).objects.filter(pk=row.requirement_id).update(**(requirement or {}))
    if fields:
        ProjectDocument.objects.filter(pk=row.pk).update(version=world.paper("Other", **fields))


def expired_chain(world):
    world.owned_by_affiliate()
    Ownership.objects.update(valid_to=date(2025, 1, 1))


def told(world, told_to, amount):
    ReportedFigure.objects.create(project=world.project, told_to=told_to, what="2021 revenue", amount=amount)


def told_twice(world):
    told(world, "accounts", 100)
    told(world, "statistics", 101)


def site_live(world, day):
    Site.objects.filter(pk=world.project.site_id).update(first_live_on=day)


def rival_affiliate(world):
    entity = world.affiliate()
    world.sibling(code="cn-sz-2022-dlz", entity=entity)


def three_sites(world):
    world.sibling(code="cn-sz-2022-dlz")
    world.sibling(code="cn-sz-2022-dlz")


def claimed_whole(world, amount):
    Project.objects.filter(pk=world.project.pk).update(claimed=Decimal(amount))


def closing_soon(world):
    call = world.project.call
    type(call).objects.filter(pk=call.pk).update(online_close=world.now + timedelta(days=2, hours=23))


def funded(world, state, level="central", **fields):
    other = world.sibling(state=state, **fields)
    type(other.call).objects.filter(pk=other.call_id).update(level=level)
    return other


PLANTED = {
    "V01 twice": twice_in_two_kinds,
    "V01 over_whole": shared_too_far,
    "V01 none_any_level": lambda w: shared_too_far(w, 50, "none_any_level"),
    "V01 none_central": lambda w: shared_too_far(w, 50, "", "central"),
    "V01 none_same_level": lambda w: shared_too_far(w, 50, "none_same_level", "central"),
    "V01 highest_only": lambda w: shared_too_far(w, 50, "highest_only"),
    "V01 above_net": claimed_above_net_in_all,
    "V01 combined_ratio_cap": ratio_above_cap,
    "V02 file": same_file,
    "V02 file of a slip": same_slip,
    "V03 near": lambda w: w.proven(invoice_date=date(2021, 9, 4)),
    "V03 number": lambda w: w.proven(
        kind="foreign", number=first(w.project).number, vendor="B", gross="9", tax="0"
    ),
    "V04 invoice": lambda w: change(w.project, invoice_date=date(2022, 7, 1)),
    "V04 payment": lambda w: first(w.project).payments.update(paid_on=date(2022, 7, 1)),
    "V04 service": lambda w: served(w, date(2022, 7, 1), date(2022, 7, 31)),
    "V05 prepaid": prepaid_in_full,
    "V06 buyer": lambda w: change(w.project, buyer="张三"),
    "V06 buyer that is an unproven affiliate": lambda w: change(w.project, buyer=w.affiliate().name_zh),
    "V07 payer": lambda w: first(w.project).payments.update(payer="张三"),
    "V07 personal_card": lambda w: first(w.project).payments.update(method="personal_card"),
    "V07 cash": lambda w: first(w.project).payments.update(method="cash"),
    "V08 sum": lambda w: first(w.project).payments.update(amount=Decimal("10599.99")),
    "V09 tax": lambda w: claim(w.project, "10600.00"),
    "V10 red_letter": credited,
    "V10 refund": lambda w: credited(w, "refund"),
    "V10 rebate": lambda w: credited(w, "rebate"),
    "V11 none": lambda w: first(w.project).papers.all().delete(),
    "V11 copy": picture_only,
    "V12 language": in_english,
    "V13 period": lambda w: change(w.project, service_to=None),
    "V14 missing": lambda w: Expense.objects.filter(currency="USD").update(currency="EUR"),
    "V14 day": lambda w: Expense.objects.filter(currency="USD").update(rate_date=date(2022, 6, 29)),
    "V14 rate": lambda w: Expense.objects.filter(currency="USD").update(rate=Decimal("6.8")),
    "V15 hash": frozen_by_hand,
    "V15 changed": lambda w: frozen_then_changed(w, subject="别的服务"),
    "V16 later": lambda w: dated(w, date(2026, 12, 1)),
    "V16 slipped_in": slipped_in,
    "V16 file": lambda w: dated(w, date(2021, 9, 1), b"%PDF-1.7 /CreationDate (D:20261101120000)"),
    "V22 thin": lambda w: w.owned_by_affiliate(percent=49),
    "V22 expired": expired_chain,
    "V22 unproven": lambda w: w.owned_by_affiliate(evidence=False),
    "V22 odi": lambda w: w.owned_by_affiliate(country="HK"),
    "V23 late": lambda w: site_live(w, date(2020, 1, 1)),
    "V23 unknown": lambda w: site_live(w, None),
    "V24 differ": told_twice,
    "V25 above": lambda w: claimed_whole(w, 30_000),
    "V25 not_round": lambda w: claimed_whole(w, "19999.99"),
    "V26 sites": three_sites,
    "V26 affiliate": rival_affiliate,
    "V27 vendor": lambda w: change(w.project, vendor=w.affiliate().name_zh),
    "V28 site": lambda w: change(w.project, sites_named="zellumo.example, second.example"),
    "V29 missing": lambda w: w.project.documents.first().delete(),
    "V29 expired": lambda w: document(w, {"max_age_days": 30}, issue_date=date(2026, 10, 1), language="zh"),
    "V29 copy": lambda w: document(w, {"is_original_required": True}, is_original=False, language="zh"),
    "V29 unsealed": lambda w: w.project.documents.update(is_sealed=False),
    "V29 language": lambda w: document(w, language="en"),
    "V31 expense": lambda w: change(w.project, entered_by=w.people["checker"]),
    "V31 version": frozen_by_maker,
    "V32 close": closing_soon,
    "V33 booked": lambda w: w.received(w.now),
    "V33 unspent": lambda w: w.received(datetime(2021, 11, 21, tzinfo=UTC), spent=Decimal(999)),
    "V34 unstated": lambda w: funded(w, "clawback"),
    "V34 unstated withdrawal": lambda w: funded(w, "withdrawn"),
    "V34 unstated grant": lambda w: funded(w, "paid", claimed=10, approved=10),
}
WARNINGS = {"V03", "V10", "V19", "V24", "V28", "V30", "V32", "V33"}


@pytest.fixture
def world(clean, people, paper, move, proven, calls, entity, now):
    return World(clean, people, paper, move, proven, calls, entity, now)


def found_in(project, now):
    return find_objections(Project.objects.get(pk=project.pk), now=now)


def test_clean_project_has_nothing_to_object_to(clean, now):
    assert [one.sentence for one in found_in(clean, now)] == []


@pytest.mark.parametrize("name", PLANTED)
def test_planted_mistake_is_found(world, name):
    code, form = name.split()[:2]
    PLANTED[name](world)
    found = [one for one in found_in(world.project, world.now) if (one.code, one.form) == (code, form)]
    assert found, [(one.code, one.form) for one in found_in(world.project, world.now)]
    is_warning = code in WARNINGS or (code, form) == ("V16", "file")
    assert {one.severity for one in found} == {"warning" if is_warning else "error"}
    with override("zh-hans"):
        assert all("{" not in one.sentence and one.way_out for one in found)


# What looks like a mistake and is none.
TWINS = {
    "V01 shared within the whole": lambda w: shared_too_far(w, 50),
    "V03 four days apart": lambda w: w.proven(invoice_date=date(2021, 9, 5)),
    "V04 last day": lambda w: change(w.project, invoice_date=date(2022, 6, 30)),
    "V05 by the days": lambda w: (
        served(w, date(2021, 7, 1), date(2024, 6, 30)),
        claim(w.project, "3330.29"),
    ),
    "V06 proven affiliate": lambda w: (w.owned_by_affiliate(), change(w.project, buyer="泽陆香港有限公司")),
    "V07 full-width name": lambda w: first(w.project).payments.update(payer="深圳市泽陆科技有限公司 "),
    "V10 taken off": lambda w: (credited(w), claim(w.project, 9_000)),
    "V12 with its translation": lambda w: (
        in_english(w),
        w.paper("Translation", language="zh", translation_of=Evidence.objects.get(language="en")),
    ),
    "V22 with its certificate": lambda w: (
        w.owned_by_affiliate(country="HK"),
        document(w, kind="odi_certificate", language="zh"),
    ),
    "V23 last day before": lambda w: site_live(w, date(2019, 12, 31)),
    "V24 told alike": lambda w: (told(w, "accounts", 100), told(w, "statistics", 100)),
    "V26 two sites": lambda w: w.sibling(code="cn-sz-2022-dlz"),
    "V27 marked": lambda w: change(w.project, vendor=w.affiliate().name_zh, is_related_vendor=True),
    "V28 this site": lambda w: change(w.project, sites_named="zellumo.example"),
    "V32 three days": lambda w: type(w.project.call).objects.update(online_close=w.now + timedelta(days=3)),
    "V33 booked and spent": lambda w: w.received(datetime(2021, 11, 21, tzinfo=UTC), spent=Decimal(1000)),
    "V34 stated": lambda w: PriorFunding.objects.create(
        project=w.project, other=funded(w, "clawback"), description="2021, paid back"
    ),
    "V34 another level": lambda w: funded(w, "clawback", level="district"),
}


def paid_in_two_parts(world):
    payment = first(world.project).payments.get()
    type(payment).objects.filter(pk=payment.pk).update(amount=Decimal(10_000))
    payment.pk, payment.amount, payment.slip = None, Decimal(600), world.paper("Slip 2", language="zh")
    payment.save(force_insert=True)


def scanned_too(world):
    copy = world.paper("Scan", language="zh", is_original=False)
    ExpensePaper.objects.create(expense=first(world.project), role="invoice", version=copy)


def frozen_reopened_and_changed(world):
    freeze(world.project, world.move)
    world.move(world.project, "reopen", reason="The subject was wrong")
    change(world.project, subject="别的服务")


TWINS |= {
    "V02 another file for each bill": lambda w: w.proven(),
    "V08 paid in two parts": paid_in_two_parts,
    "V09 net of tax": lambda w: claim(w.project, "10000.00"),
    "V11 a scan beside the original": scanned_too,
    "V13 served on a single day": lambda w: served(w, date(2021, 9, 1), date(2021, 9, 1)),
    "V14 a bill in yuan": lambda w: change(w.project, rate=None, rate_date=None),
    "V15 changed after it was reopened": frozen_reopened_and_changed,
    "V16 issued today": lambda w: dated(w, date(2026, 11, 22)),
    "V25 all that the call pays, in round sums": lambda w: claimed_whole(w, 20_000),
    "V29 issued within the days": lambda w: document(
        w, {"max_age_days": 30}, issue_date=date(2026, 10, 23), language="zh"
    ),
    "V31 entered by finance": lambda w: change(w.project, entered_by=w.people["finance"]),
}


@pytest.mark.parametrize("name", TWINS)
def test_clean_twin_passes(world, name):
    TWINS[name](world)
    code = name.split()[0]
    assert [one.sentence for one in found_in(world.project, world.now) if one.code == code] == []


# Figures: checked as plain data, whoever took the snapshot.
FIRST_MOMENT = datetime(2021, 6, 30, 16, 0, tzinfo=UTC)  # midnight of 1 July in China
LAST_MOMENT = datetime(2022, 6, 30, 15, 59, 59, tzinfo=UTC)
MONTHS = tuple(f"{2021 + (6 + step) // 12}-{(6 + step) % 12 + 1:02d}" for step in range(12))


def sales(count=24, **fields):
    """Return sales spread over the twelve months, from the first moment of the window to the last."""
    step = (LAST_MOMENT - FIRST_MOMENT) / (count - 1)
    return tuple(
        Sale(
            **{
                "number": f"SK-{number}",
                "paid_at": FIRST_MOMENT + step * number,
                "amount": Decimal("49.90") + number,
                "card": f"card {number}",
                "address": f"address {number}",
            }
            | fields
        )
        for number in range(count)
    )


FIGURE = FrozenFigure(
    kpi_code="K01",
    value=Decimal(310_000),
    measure_from=date(2021, 7, 1),
    measure_to=date(2022, 6, 30),
    zone="Asia/Shanghai",
    months=MONTHS,
    sales=sales(),
)
JUNE = datetime(2022, 6, 10, tzinfo=UTC)
FIGURES = {
    "V17 window": {"measure_from": date(2021, 8, 1)},
    "V17 zone": {"zone": "UTC"},
    "V17 months": {"months": MONTHS[1:]},
    "V17 stray": {"sales": sales() + sales(2, paid_at=LAST_MOMENT + timedelta(seconds=1))},
    "V17 stray before": {"sales": sales() + sales(2, paid_at=FIRST_MOMENT - timedelta(seconds=1))},
    "V18 orders": {"sales": sales() + sales(2, excluded_as="staff")},
    "V19 card": {"sales": sales(10, card="one") + sales()},
    "V19 address": {"sales": sales(10, address="one") + sales()},
    "V19 round": {"sales": sales(13, amount=Decimal(100)) + sales(10)},
    "V19 untracked": {"sales": sales(4, is_tracked=False) + sales(20)},
    "V19 spike": {"sales": sales() + sales(20, paid_at=JUNE)},
    "V20 orders": {"sales": sales() + sales(2, excluded_as="marketplace")},
    "V21 trademark": {"kpi_code": "K05"},
    "V21 changed": {"kpi_code": "K05", "brand_changes": (("Zellumo", date(2021, 12, 1)),)},
}


def test_clean_figure_passes(clean, now):
    case = replace(load_case(clean, now=now), figures=[FIGURE], matching=Matching(0, Decimal("0.01")))
    assert [one.sentence for one in objections_of(case)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_mistake_in_a_figure_is_found(clean, now, name):
    code, form = name.split()[:2]
    case = replace(load_case(clean, now=now), figures=[replace(FIGURE, **FIGURES[name])])
    found = [one for one in objections_of(case) if (one.code, one.form) == (code, form)]
    assert [one.severity for one in found] == ["warning" if code in WARNINGS else "error"]
    assert found[0].sentence and found[0].way_out


FIGURE_TWINS = {
    "V17 the first moment and the last": {"sales": sales(2) + sales()},
    "V18 sold to others": {"sales": sales(30)},
    "V19 two orders of one card and address": {"sales": sales(2, card="one", address="one") + sales(40)},
    "V20 sold by the shop itself": {"sales": sales(30)},
}


@pytest.mark.parametrize("name", FIGURE_TWINS)
def test_clean_twin_of_a_figure_passes(clean, now, name):
    case = replace(load_case(clean, now=now), figures=[replace(FIGURE, **FIGURE_TWINS[name])])
    assert [one.sentence for one in objections_of(case)] == []


def test_brand_with_its_trademark_and_a_change_before_the_window_passes(world):
    document(world, kind="trademark", language="zh")
    figure = replace(FIGURE, kpi_code="K05", brand_changes=(("Zellumo", date(2021, 6, 30)),))
    case = replace(load_case(world.project, now=world.now), figures=[figure])
    assert [one.sentence for one in objections_of(case)] == []


@pytest.mark.parametrize(("form", "matching"), [("manual", (1, "0")), ("unmatched", (0, "0.0101"))])
def test_payouts_nobody_can_match_are_found(clean, now, form, matching):
    case = replace(load_case(clean, now=now), matching=Matching(matching[0], Decimal(matching[1])))
    assert [(one.code, one.form) for one in objections_of(case)] == [("V30", form)]


def test_every_check_of_the_study_is_planted_here():
    planted = {name.split()[0] for name in (*PLANTED, *FIGURES)} | {"V30"}
    assert planted == set(CODES)


def test_every_check_of_the_study_has_a_clean_twin_here():
    elsewhere = {
        "V21",
        "V30",
    }  # the brand with its trademark, and the clean figure with its matching at the limit
    assert {name.split()[0] for name in (*TWINS, *FIGURE_TWINS)} | elsewhere == set(CODES)


def test_project_with_an_error_is_not_submitted(clean, move):
    change(clean, buyer="张三")
    with pytest.raises(MoveBlocked, match=r"The checks find 1 error\(s\); the first: .*“张三”"):
        move(clean, "submit_internally")


def test_bill_that_nobody_approved_is_not_frozen(clean, move):
    move(clean, "submit_internally")
    change(clean, approved_by=None)
    with pytest.raises(MoveBlocked, match=r"1 bill\(s\) are not approved"):
        move(clean, "approve", by="checker")


@pytest.mark.parametrize("count", [2, 20])
def test_checks_take_a_fixed_number_of_queries(clean, proven, now, count, django_assert_max_num_queries):
    for number in range(count):
        proven(vendor=f"Vendor {number}", gross=f"{100 + number}", tax="0")
    with django_assert_max_num_queries(52):
        found_in(clean, now)
