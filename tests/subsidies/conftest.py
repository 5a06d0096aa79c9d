"""A company with a shop, people with roles, and a call that is open."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from storefront.accounts.services import SHOP_MANAGERS, ensure_staff_groups
from storefront.evidence.services import store_evidence
from storefront.subsidies import workflow
from storefront.subsidies.bills import BillEntry
from storefront.subsidies.models import Call, FrozenVersion, LegalEntity, Project, Site
from storefront.subsidies.services import expenses, projects
from storefront.subsidies.services.dossiers import make_dossier, request_dossier
from storefront.subsidies.services.moves import make_move
from storefront.subsidies.services.programmes import load_shipped_programmes
from storefront.subsidies.services.rates import enter_rate
from storefront.subsidies.services.reconciliation import reconcile
from tests.subsidies.sales import sell

XML = '<?xml version="1.0" encoding="UTF-8"?><EInvoice>{}</EInvoice>'
_papers = count()


@pytest.fixture
def now():
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def people(db):
    users = get_user_model().objects
    return {
        name: users.create_user(email=f"{name}@example.test", password="x")
        for name in (*workflow.ROLES, "other")
    }


@pytest.fixture
def calls(db):
    load_shipped_programmes()
    return {call.code: call for call in Call.objects.all()}


@pytest.fixture
def call(calls, now):
    """Return Shenzhen's call of 2022, opened anew around `now`."""
    call = calls["cn-sz-2022-dlz"]
    call.status = "open"
    call.online_open, call.online_close = now - timedelta(days=2), now + timedelta(days=10)
    call.paper_close = now + timedelta(days=17)
    call.save()
    return call


@pytest.fixture
def entity(db):
    return LegalEntity.objects.create(
        name_zh="深圳市泽陆科技有限公司",
        name_en="Zellumo",
        registration_number="91440300MA5TEST001",
        group="zellumo",
    )


@pytest.fixture
def site(entity):
    return Site.objects.create(domain="zellumo.example", owner=entity, first_live_on=date(2019, 11, 3))


@pytest.fixture
def paper(people, now):
    """Return a function that stores a paper nobody has seen before."""

    def paper(title="Paper", kind="paper", **fields):
        content = b"%PDF-1.7 " + f"{title} {next(_papers)}".encode()
        fields = {"by": people["owner"], "now": now} | fields
        return store_evidence(chunks=iter([content]), file_name="paper.pdf", title=title, kind=kind, **fields)

    return paper


@pytest.fixture
def project(call, entity, site, people, now):
    project = projects.open_project(
        call=call, entity=entity, site=site, title="独立站 2022", by=people["owner"], now=now
    )
    for role in ("finance", "checker", "signer"):
        projects.add_member(project=project, user=people[role], role=role, by=people["owner"], now=now)
    return project


@pytest.fixture
def ready(project, people, paper, now):
    """Return a project with its notice confirmed and its papers complete."""
    owner = people["owner"]
    projects.set_notice(project=project, notice=paper("Notice"), by=owner, now=now)
    for clause in project.call.clauses.all():
        projects.confirm_clause(project=project, clause=clause, by=owner, now=now)
    for requirement in project.call.documents.all():
        projects.attach_document(
            project=project,
            requirement=requirement,
            version=paper(requirement.code),
            is_sealed=requirement.is_sealed,
            by=owner,
            now=now,
        )
    return project


@pytest.fixture
def move(people, now):
    """Return a function that makes a move as somebody and returns the state after it."""

    def move(project, name, by="owner", **given):
        return make_move(
            project_id=project.pk, name=name, by=people[by], now=given.pop("now", now), **given
        ).state

    return move


@pytest.fixture
def export(people, now):
    """Return a function that has the dossier of a project's frozen version made, and returns it."""

    def export(project):
        frozen = project.frozen_versions.order_by("-number").first()
        return make_dossier(request_dossier(frozen=frozen, by=people["owner"], now=now), now=now)

    return export


@pytest.fixture
def entry():
    """Return a function that makes a bill of CNY 10,600, net 10,000, served and dated in September 2021."""

    def entry(**changes):
        fields = {
            "kind": "fapiao_e",
            "number": f"{24442000000010000000 + next(_papers)}",
            "vendor": "深圳市某某网络有限公司",
            "buyer": "深圳市泽陆科技有限公司",
            "subject": "独立站建站服务",
            "invoice_date": date(2021, 9, 1),
            "service_from": date(2021, 9, 1),
            "service_to": date(2021, 9, 30),
            "gross": "10600.00",
            "tax": "600.00",
        } | changes
        money = {name: Decimal(fields[name]) for name in ("gross", "tax")}
        return BillEntry(**fields | money)

    return entry


@pytest.fixture
def enter(project, entry, people, now):
    """Return a function that enters a bill and pays it in full by the applicant's bank."""

    def enter(line="site", percent=Decimal(100), paid_on=date(2021, 9, 5), **changes):
        bill = entry(**changes)
        expense = expenses.enter_expense(
            project=project, bill=bill, line=line, percent=percent, by=people["finance"], now=now
        )
        expenses.add_payment(
            expense=expense,
            paid_on=paid_on,
            amount=bill.gross,
            payer=bill.buyer,
            by=people["finance"],
            now=now,
        )
        return expense

    return enter


@pytest.fixture
def proven(ready, enter, people, paper, now):
    """Return a function that enters a bill with its original, its slip and its approval."""

    def proven(**changes):
        expense = enter(**changes)
        original = store_evidence(
            chunks=iter([XML.format(expense.number).encode()]),
            file_name="fapiao.xml",
            title=f"Fapiao {expense.number}",
            kind="invoice",
            language="zh",
            by=people["finance"],
            now=now,
        )
        expenses.add_paper(expense=expense, role="invoice", version=original, by=people["finance"], now=now)
        expense.payments.update(slip=paper("Slip", language="zh"))
        expenses.approve_expense(expense=expense, project=ready, by=people["checker"], now=now)
        return expense

    return proven


@pytest.fixture
def clean(ready, proven, people, now):
    """Return a project in preparation that claims CNY 20,000 for two proven bills, one of them in dollars."""
    enter_rate(
        currency="USD",
        day=date(2022, 6, 30),
        cny_per_unit=Decimal("6.7114"),
        source="PBoC",
        by=people["finance"],
        now=now,
    )
    proven()
    proven(
        kind="foreign",
        number="INV-20210901",
        vendor="Shop Ltd",
        vendor_country="IE",
        currency="USD",
        gross="1600",
        tax="0",
    )
    Project.objects.filter(pk=ready.pk).update(state="preparing", claimed=Decimal(20_000))
    return Project.objects.get(pk=ready.pk)


@pytest.fixture
def frozen(clean, move, people, now):
    """Return version 1 of a project with two bills, sales, figures, a reconciliation and every paper."""
    sell(at="2021-09-01T10:00:00+08:00", amount="8000.00", email="jane.buyer@mail.test")
    sell(at="2022-03-01T10:00:00+08:00", amount="500.00")
    reconcile(project=clean, by=people["finance"], now=now)
    move(clean, "submit_internally")
    move(clean, "approve", by="checker")
    return FrozenVersion.objects.get()


@pytest.fixture
def sign_in(people):
    """Return a function that signs somebody of the staff in."""
    ensure_staff_groups()

    def sign_in(name, group=SHOP_MANAGERS):
        people[name].groups.add(Group.objects.get(name=group))
        client = Client(headers={"accept-language": "en"})
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def csv_file(people, now):
    def csv_file(text, name="statement.csv", encoding="utf-8"):
        return store_evidence(
            chunks=iter([text.encode(encoding)]),
            file_name=name,
            title=name,
            kind="statement",
            by=people["finance"],
            now=now,
        )

    return csv_file
