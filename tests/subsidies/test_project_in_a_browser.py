"""A first-time merchant in a real Chromium in Chinese: from an empty project to a filed dossier."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from storefront.evidence.selectors import check_chain
from storefront.subsidies.models import CallStatus, FrozenVersion, Project
from tests.journeys.chromium import DESKTOP
from tests.subsidies.sales import sell
from tests.subsidies.server import serving

pytestmark = pytest.mark.browser
PATIENCE = 20_000
PDF = {"name": "paper.pdf", "mimeType": "application/pdf"}
XML = '<?xml version="1.0" encoding="UTF-8"?><EInvoice>24442000000010000001</EInvoice>'


def paper(text):
    return {**PDF, "buffer": b"%PDF-1.7 " + text.encode()}


@pytest.fixture
def served(db):
    with serving() as address:
        yield address


@pytest.fixture
def open_call(calls):
    """Return Dongguan's call of 2022, opened anew around today."""
    call, now = calls["cn-dg-2022-dlz"], timezone.now()
    call.status, call.online_open, call.online_close = (
        CallStatus.OPEN,
        now - timedelta(days=2),
        now + timedelta(days=10),
    )
    call.save()
    return call


@pytest.fixture
def person(browser, served, sign_in, people):
    """Return a function that opens a window in Chinese for somebody of the staff."""

    def person(name):
        context = browser.new_context(locale="zh-CN", viewport=DESKTOP)
        cookie = sign_in(name).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": served}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return person


GROUPS = {
    "一、准备": ("通知与条款", "材料清单", "费用"),
    "二、核对": ("指标", "金额"),
    "三、申报": ("卷宗",),
    "设置": ("人员与提醒",),
}


def tab(page, name):
    group = next((group for group, names in GROUPS.items() if name in names), name)
    page.locator(".subsidy-tabs").get_by_role("link", name=group, exact=True).click()
    expect(page.locator(".subsidy-tabs [aria-current]")).to_have_text(group, timeout=PATIENCE)
    if group != name:
        page.locator(".subsidy-pages").get_by_role("link", name=name, exact=True).click()
        expect(page.locator(".subsidy-pages [aria-current]")).to_have_text(name, timeout=PATIENCE)


def done(page, text):
    expect(page.locator(".messages")).to_contain_text(text, timeout=PATIENCE)


def worked(page, text):
    expect(page.locator(".subsidy-work")).to_contain_text(text, timeout=PATIENCE)


def test_a_merchant_goes_from_an_empty_project_to_a_filed_dossier(served, person, open_call, people):
    sell(at="2022-03-01T10:00:00+08:00", amount="120000.00")
    owner, checker = person("owner"), person("checker")

    owner.goto(served + reverse("subsidies_projects"))
    owner.get_by_role("link", name="新建项目").click()
    owner.get_by_label("申报通知").select_option(str(open_call.pk))
    owner.get_by_label("项目名称").fill("独立站 2022")
    owner.get_by_label("企业名称（中文）").fill("东莞市泽陆科技有限公司")
    owner.get_by_label("统一社会信用代码").fill("91441900MA5TEST001")
    owner.get_by_label("独立站域名").fill("zellumo.example")
    owner.get_by_label("上线日期").fill("2020-01-15")
    owner.get_by_role("button", name="新建项目").click()
    done(owner, "下一步：上传通知原文并核对条款")

    tab(owner, "人员与提醒")
    owner.get_by_label("用户").select_option(label="checker@example.test")
    owner.get_by_label("角色").select_option(label="复核人")
    owner.get_by_role("button", name="添加人员").click()
    done(owner, "复核人")

    tab(owner, "通知与条款")
    owner.get_by_label("文件").set_input_files(paper("申报通知"))
    owner.get_by_role("button", name="上传通知").click()
    done(owner, "编号 E-0001 v1")
    owner.get_by_role("button", name="与通知一致").click()
    done(owner, "已核对")
    tab(owner, "总览")
    owner.get_by_role("button", name="开始准备材料").click()
    done(owner, "材料准备")

    tab(owner, "材料清单")
    for number in range(3):
        asked = owner.locator(".subsidy-papers li.is-missed").first
        asked.get_by_label("文件").set_input_files(paper(f"材料 {number}"))
        if asked.get_by_label("已签字盖章").count():
            asked.get_by_label("已签字盖章").check()
        asked.get_by_role("button", name="上传").click()
        done(owner, "已上传")
    expect(owner.locator(".subsidy-papers li.is-missed")).to_have_count(0)

    tab(owner, "费用")
    for label, value in {
        "发票号码": "24442000000010000001",
        "销售方": "东莞市某某网络有限公司",
        "购买方": "东莞市泽陆科技有限公司",
        "内容": "独立站建站服务",
        "开票日期": "2022-03-01",
        "服务开始": "2022-03-01",
        "服务结束": "2022-03-31",
        "价税合计": "10600.00",
        "税额": "600.00",
    }.items():
        owner.get_by_label(label).first.fill(value)
    owner.locator("input[name=file]").set_input_files(
        {"name": "fapiao.xml", "mimeType": "text/xml", "buffer": XML.encode()}
    )
    owner.locator(".subsidy-form button").click()
    done(owner, "X-")
    owner.locator("td.title a").click()
    owner.get_by_text("登记付款", exact=True).first.click()
    owner.get_by_label("付款日期").fill("2022-03-05")
    owner.get_by_label("付款金额（发票币种）").fill("10600.00")
    owner.get_by_label("付款回单").set_input_files(paper("回单"))
    owner.locator("form:has(input[value=payment]) button").click()
    done(owner, "付款")

    tab(owner, "指标")
    owner.get_by_role("button", name="采集指标").click()
    worked(owner, "已采集")
    tab(owner, "金额")
    owner.locator("input[name=claim]").fill("10000.00")
    owner.get_by_role("button", name="确定申报金额").click()
    done(owner, "¥10,000")

    checker.goto(owner.url)
    tab(checker, "费用")
    checker.locator("td.title a").click()
    checker.locator("button[value=approve]").click()
    done(checker, "已复核")

    tab(owner, "总览")
    owner.get_by_role("button", name="提交内部复核").click()
    worked(owner, "项目现为“内部复核”")
    tab(checker, "总览")
    checker.get_by_role("button", name="复核通过并定稿").click()
    done(checker, "定稿")

    tab(owner, "总览")
    expect(owner.locator(".subsidy-blocked")).to_contain_text("尚未导出定稿版本 v1 的卷宗", timeout=PATIENCE)
    tab(owner, "卷宗")
    owner.get_by_role("button", name="导出卷宗").click()
    expect(owner.locator(".dossier-exports .is-met")).to_contain_text("已生成，核验无误", timeout=PATIENCE)
    with owner.expect_download() as download:
        owner.locator(".dossier-exports a").click()
    with zipfile.ZipFile(download.value.path()) as bag:
        names = [Path(name).name for name in bag.namelist()]
    tab(owner, "总览")
    owner.locator("form:has(input[value=file_online]) input[type=file]").set_input_files(paper("回执"))
    owner.get_by_role("button", name="登记网上填报").click()
    done(owner, "已网上填报")

    project = Project.objects.get()
    assert (project.state, str(project.notice).split()[0]) == ("filed_online", "E-0001")
    assert FrozenVersion.objects.get().approved_by == people["checker"]
    assert {"00_INDEX.pdf", "01_LEDGER.xlsx", "E-0001_v1.pdf", "bagit.txt"} <= set(names)
    assert check_chain()
