"""Outcomes as those who keep them, see them and carry decisions out look at them, at the desk and on the phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SILENT, Open, look_over, picture
from zhenggai.demo.load import load_organisation
from zhenggai.demo.outcomes import load_outcomes
from zhenggai.outcomes.models import Decision, Group, Meeting, RuleDocument
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions import end_post
from zhenggai.people.models import Post, Unit

pytestmark = pytest.mark.browser


@pytest.fixture
def outcomes(record: None, fill_once: Any) -> None:
    """Keep the demo's outcomes."""
    fill_once("outcomes", lambda: load_outcomes(Unit.objects.get(name="示例市人民检察院"), SILENT))


def test_the_pages_of_outcomes(open_browser: Open, outcomes: None, sign_in_page: Any) -> None:
    meeting = Meeting.objects.get(no="第25次")
    group = Group.objects.get(kind="leading")
    end_post(Post.objects.get(user__username="jiangliu", ended_on=None), actor=OPERATOR)
    rule = RuleDocument.objects.get(title="公务用车管理办法")
    desk, phone = sign_in_page(open_browser(), "office"), sign_in_page(open_browser(PHONE), "office")
    pages = {
        "outcomes": "/outcomes/",
        "meetings": "/outcomes/meetings/",
        "meeting": f"/outcomes/meetings/{meeting.pk}/",
        "rules": "/outcomes/rules/",
        "rule-form": f"/outcomes/rules/{rule.pk}/edit/",
        "accountability": "/outcomes/accountability/",
        "money": "/outcomes/money/",
        "group": f"/outcomes/groups/{group.pk}/",
    }
    for name, address in pages.items():
        for page, place in ((desk, "desk"), (phone, "phone")):
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{name} at the {place}")
            picture(page, name)
    expect(desk.locator(".state-near")).to_contain_text("待更换")


def test_a_decision_goes_from_the_office_to_its_department_and_back(
    open_browser: Open, transactional_db: None, sign_in_page: Any
) -> None:
    load_organisation(SILENT)
    office = sign_in_page(open_browser(), "office")
    office.goto("/outcomes/meetings/")
    expect(office.locator(".empty")).to_contain_text("还没有登记")
    look_over(office, "no meetings")
    office.locator(".page-head").get_by_role("link", name="登记会议").click()
    office.get_by_label("会议类别").select_option(label="党组会")
    office.get_by_label("会议日期").fill("2024-08-12")
    office.get_by_label("议题").fill("审议整改方案")
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text("党组会")
    office.get_by_role("link", name="登记议定事项").click()
    office.get_by_label("议定内容").fill("计财装备处按季清查固定资产")
    office.get_by_label("责任部门").select_option(label="计财装备处")
    office.get_by_label("完成时限").fill("2024-08-01")
    office.get_by_role("button", name="保存").click()
    expect(office.locator(".field .error")).to_contain_text("早于会议日期")
    look_over(office, "a refused form")
    office.get_by_label("完成时限").fill("2030-09-30")
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text("按季清查")
    head = sign_in_page(open_browser(PHONE), "head")
    head.goto("/outcomes/")
    head.get_by_role("link", name="计财装备处按季清查固定资产").click()
    head.get_by_label("做了什么").fill("三季度清查已完成，补登资产 12 件")
    head.get_by_label("至此已落实").check()
    head.get_by_role("button", name="填报").click()
    expect(head.locator(".page-head .state")).to_have_text("已落实")
    look_over(head, "a decision on the phone")
    assert Decision.objects.get().follow_ups.count() == 1


def test_those_who_need_not_know_see_no_names(open_browser: Open, outcomes: None, sign_in_page: Any) -> None:
    member = sign_in_page(open_browser(), "member")
    member.goto("/outcomes/accountability/")
    expect(member.locator("table")).to_contain_text("姓名不公开")
    expect(member.locator("table")).not_to_contain_text("韦克明")
    member.get_by_role("link", name="姓名不公开").first.click()
    expect(member.locator("main")).to_contain_text("无权查看")
    look_over(member, "accountability without names")
