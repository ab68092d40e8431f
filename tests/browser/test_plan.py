"""The plan in a real browser: from gaps through bulk filling to approval by somebody else; rules and work calendar."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from zhenggai.findings.models import Finding, Stage
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar

pytestmark = pytest.mark.browser


def test_a_plan_is_filled_handed_in_and_approved(open_browser: Open, record: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/plan/")
    expect(page.locator(".gaps")).to_contain_text("提交前还差")
    look_over(page, "plan")
    page.get_by_role("button", name="开始编制方案").click()
    page.get_by_role("button", name="按文字建议性质").click()
    expect(page.locator(".notice").first).to_contain_text("建议性质")
    page.get_by_label("选择全部措施").check()
    expect(page.locator("[data-chosen]")).to_contain_text("已选")
    page.locator(".bulk").get_by_label("完成标准").fill("制度印发、台账清零")
    look_over(page, "plan, tasks, bulk")
    picture(page, "plan-bulk")
    page.locator(".bulk").get_by_role("button", name="保存").click()
    expect(page.locator(".notice").first).to_contain_text("已更新")
    expect(page.locator(".gaps")).to_have_count(0)
    picture(page, "plan")
    page.get_by_role("button", name="提交批准").click()
    expect(page.locator(".notice").first).to_contain_text("已提交")

    leader = sign_in_page(open_browser(PHONE), "chief")
    leader.goto("/plan/")
    expect(leader.locator(".decide")).to_contain_text("请批准或退回")
    look_over(leader, "plan, to approve, phone")
    picture(leader, "plan")
    leader.get_by_role("button", name="批准方案").click()
    expect(leader.locator(".notice").first).to_contain_text("已批准")
    assert set(Finding.objects.values_list("stage", flat=True)) == {Stage.WORKING}

    page.goto("/plan/?list=duties")
    page.get_by_role("button", name="登记报备").click()
    expect(page.locator(".notice").first).to_contain_text("已登记报备")
    page.get_by_role("link", name="第 1 版").click()
    expect(page).to_have_url(re.compile("/plan/versions/"))
    look_over(page, "plan version")


def test_the_rules_and_the_calendar(open_browser: Open, people: None, sign_in_page: Any) -> None:
    seed_calendar(actor=OPERATOR)
    page = sign_in_page(open_browser(), "office")
    page.goto("/plan/")
    expect(page.locator("h2")).to_contain_text(["还没有可以编制方案的轮次"])
    look_over(page, "plan, empty")
    page.goto("/policy/")
    look_over(page, "policy")
    picture(page, "policy")
    page.get_by_label("集中整改期").fill("3")
    page.get_by_label("修改说明").fill("市委要求三个月")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator(".notice").first).to_contain_text("已保存为第 1 版")
    page.goto("/policy/calendar/?year=2025")
    expect(page.locator(".holiday").first).to_be_visible()
    look_over(page, "calendar")
    picture(page, "work-calendar")
    phone = sign_in_page(open_browser(PHONE), "office")
    for address, name in (("/policy/", "policy, phone"), ("/policy/calendar/", "calendar, phone")):
        phone.goto(address)
        look_over(phone, name)
