"""The whole story by its several people in a real browser: feedback imported, planned, worked on, reviewed, closed, rebounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from zhenggai.audit.queries import verify_chain
from zhenggai.findings.models import Finding, Stage
from zhenggai.notifications.models import Notification
from zhenggai.workflow.models import CloseOut

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]

FEEDBACK = """市委第三巡察组关于巡察示例市人民检察院党组的反馈意见
根据市委统一部署，2026年3月4日至4月30日，市委第三巡察组对示例市人民检察院党组开展了常规巡察。2026年6月20日，巡察组向示例市人民检察院党组反馈了巡察意见。
巡察发现的主要问题：
一、财务资产管理方面
（一）固定资产账实不符。部分已交付使用的设备长期没有入账，盘点走过场。
（二）公务用车管理不严。派车审批与里程登记不一致。
二、落实监督责任方面
（一）日常监督偏软。对反复出现的问题提醒多、问责少。
整改要求：请示例市人民检察院党组于2个月内报送整改情况报告。
"""
TITLE = "固定资产账实不符"


@pytest.fixture
def enter(open_browser: Open, sign_in_page: Any) -> Enter:
    """Return a function that gives somebody a page of their own."""
    pages: dict[str, Page] = {}

    def start(username: str, size: dict[str, int] | None = None) -> Page:
        if username not in pages:
            pages[username] = sign_in_page(open_browser(size) if size else open_browser(), username)
        return pages[username]

    return start


def test_from_the_feedback_to_a_close_out_that_rebounds(enter: Enter, people: None) -> None:
    office = enter("office")
    _import_feedback(office)
    finding = Finding.objects.get(title=TITLE)
    for other in Finding.objects.exclude(pk=finding.pk):
        _answerable(office, other)
    _answerable(office, finding)
    _plan(office, enter("chief", PHONE))
    address = f"/findings/{finding.pk}/"

    _work(enter("owner"), address)
    _review(enter, address)
    finding.refresh_from_db()
    assert (finding.stage, finding.within_deadline) == (Stage.CLOSED, True)
    form = CloseOut.objects.get()
    clerk = enter("clerk")
    clerk.goto(f"/close-outs/{form.pk}/")
    expect(clerk.locator(".close-out-paper")).to_contain_text("对账销号单")
    look_over(clerk, "close-out")
    picture(clerk, "close-out")

    supervision = enter("supervision")
    supervision.goto(f"/close-outs/{form.pk}/")
    supervision.locator("#revoke summary").click()
    supervision.get_by_label("撤销理由").fill("回头看发现三季度新购设备又未入账")
    supervision.get_by_role("button", name="撤销销号", exact=True).click()
    finding.refresh_from_db()
    assert finding.stage == Stage.REOPENED and CloseOut.objects.get().motive
    owner = enter("owner")
    owner.goto("/notifications/")
    expect(owner.locator("main")).to_contain_text(f"“{TITLE}”重新整改")
    owner.goto(address)
    expect(owner.locator(".loop-state")).to_contain_text("重新整改")
    look_over(owner, "finding, reopened")
    picture(owner, "story-reopened")
    assert Notification.objects.filter(user__username="owner").exists()
    assert verify_chain().holds


def _import_feedback(page: Page) -> None:
    page.goto("/intake/")
    page.locator("#file").set_input_files(
        {"name": "巡察反馈意见.txt", "mimeType": "text/plain", "buffer": FEEDBACK.encode()}
    )
    page.get_by_role("button", name="上传并读取").click()
    page.locator("[data-check]").wait_for()
    expect(page.locator(".finding")).to_have_count(3)
    page.get_by_role("button", name="确认入账…").click()
    page.get_by_role("dialog").get_by_role("button", name="确认入账").click()
    expect(page.locator(".notice").first).to_contain_text("新增 3 项")


def _answerable(page: Page, finding: Finding) -> None:
    """Say who answers for a finding and until when, and add its measure."""
    page.goto(f"/findings/{finding.pk}/edit/")
    for name, words in (("leader", "周启明"), ("department", "计财装备处"), ("owner", "姚望")):
        key = page.locator(f"#f-{name} option", has_text=words).first.get_attribute("value")
        page.locator(f"#f-{name}").select_option(key)
    page.get_by_label("整改时限").fill("2030年6月底前")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice").first).to_contain_text("已保存")
    page.goto(f"/findings/{finding.pk}/measures/new/")
    page.get_by_label("整改措施").fill("开展全面清查，补登资产并按季核对")
    page.get_by_label("性质").select_option(label="当下改")
    page.get_by_label("完成标准").fill("资产台账与实物一致")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice").first).to_contain_text("已保存")


def _plan(office: Page, chief: Page) -> None:
    office.goto("/plan/")
    office.get_by_role("button", name="开始编制方案").click()
    office.get_by_role("button", name="提交批准").click()
    expect(office.locator(".notice").first).to_contain_text("已提交")
    chief.goto("/plan/")
    chief.get_by_role("button", name="批准方案").click()
    expect(chief.locator(".notice").first).to_contain_text("已批准")


def _work(owner: Page, address: str) -> None:
    owner.goto(address)
    owner.locator("#work").get_by_label("进展", exact=True).fill("完成 3 个部门的资产清查，补登设备 42 件")
    owner.get_by_role("button", name="保存进展").click()
    expect(owner.locator("#measures")).to_contain_text("补登设备 42 件")
    look_over(owner, "finding, at work")
    picture(owner, "story-work")
    upload = owner.locator(".upload-form")
    upload.locator("input[type=file]").set_input_files(
        {"name": "资产清查表.csv", "mimeType": "text/csv", "buffer": "名称,件数\n电脑,42\n".encode()}
    )
    upload.get_by_role("checkbox").first.check()
    upload.get_by_role("button", name="上传佐证").click()
    expect(owner.locator("#evidence")).to_contain_text("资产清查表")
    owner.locator("#measures summary", has_text="标记完成").click()
    owner.locator("#measures").get_by_role("button", name="标记完成", exact=True).click()
    expect(owner.locator("#measures")).to_contain_text("1 / 1 项完成")
    owner.get_by_label("整改情况").fill("已完成清查并入账，建立按季核对制度，佐证见清查表")
    owner.get_by_role("button", name="提交审核").click()
    expect(owner.locator(".loop-state")).to_contain_text("部门负责人审核")


def _review(enter: Enter, address: str) -> None:
    head = enter("head")
    head.goto("/")
    expect(head.locator("main")).to_contain_text(TITLE)
    _pass(head, address)
    leader = enter("leader", PHONE)
    leader.goto(address + "review/")
    look_over(leader, "review, phone")
    picture(leader, "story-review")
    leader.get_by_text("退回…").last.click()
    leader.get_by_label("退回理由").fill("清查表缺少存放地点，请补充")
    leader.locator("#return").get_by_role("button", name="退回", exact=True).click()
    owner = enter("owner")
    owner.goto(address)
    expect(owner.locator(".loop-state")).to_contain_text("清查表缺少存放地点")
    owner.get_by_label("整改情况").fill("已补充存放地点，其余同上次")
    owner.get_by_role("button", name="提交审核").click()
    for username in ("head", "leader"):
        _pass(enter(username), address)
    _pass(enter("clerk"), address, confirm=True)
    _pass(enter("chief"), address, minutes="党组会纪要〔2026〕12号")
    supervision = enter("supervision")
    supervision.goto(address + "review/")
    look_over(supervision, "review")
    picture(supervision, "story-review")
    _pass(supervision, address)


def _pass(page: Page, address: str, *, confirm: bool = False, minutes: str = "") -> None:
    page.goto(address)
    form = page.locator("#pass")
    if confirm:
        form.get_by_role("checkbox").first.check()
    if minutes:
        form.get_by_label("会议纪要号").fill(minutes)
    form.get_by_label("审核意见").fill("同意。")
    form.get_by_role("button", name="同意", exact=True).click()
    expect(page).to_have_url(re.compile(r"/findings/\d+/"))
    expect(page.locator("#pass")).to_have_count(0)
