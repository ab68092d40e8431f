"""Statutory time limits in a real browser: found, counted while typing, read on a phone; a year of holidays entered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar

pytestmark = pytest.mark.browser


def test_a_limit_is_found_counted_and_explained(open_browser: Open, people: None, sign_in_page: Any) -> None:
    seed_calendar(actor=OPERATOR)
    page = sign_in_page(open_browser(), "office")
    page.goto("/deadlines/")
    expect(page.locator(".matters li")).not_to_have_count(0)
    look_over(page, "deadlines")
    picture(page, "deadlines")
    page.get_by_label("按事项、代码或条文查找").fill("审查起诉")
    expect(page.locator(".count-line")).not_to_contain_text("115")
    page.get_by_role("link", name=re.compile("CR06")).click()
    page.get_by_label("收到移送起诉案件").fill("2026-01-31")
    page.get_by_role("checkbox", name="案件重大、复杂").check()
    expect(page.locator(".due-day")).to_contain_text("2026年3月16日")
    page.get_by_label("犯罪嫌疑人、被告人在押").check()
    expect(page.locator(".due-day")).to_contain_text("2026年3月15日")
    page.get_by_text("停计、重新起算、参数").click()
    page.get_by_label("第 1 段起").fill("2026-02-03")
    page.get_by_label("第 1 段止").fill("2026-02-10")
    page.get_by_label("第 1 段事由").select_option(label="精神病鉴定")
    expect(page.locator(".due-day")).to_contain_text("2026年3月23日")
    look_over(page, "deadline")
    picture(page, "deadline", whole=True)
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_label("第 2 段起")).to_be_visible()

    # The address alone says the same to somebody else, on a phone and without scripts.
    phone = sign_in_page(open_browser(PHONE, scripts=False), "owner")
    phone.goto(page.url)
    expect(phone.locator(".due-day")).to_contain_text("2026年3月23日")
    phone = sign_in_page(open_browser(PHONE), "office")
    phone.goto(page.url)
    look_over(phone, "deadline, phone")
    picture(phone, "deadline", whole=True)
    phone.goto("/deadlines/list/")
    look_over(phone, "deadline list, phone")
    picture(phone, "deadline-list")
    phone.goto("/deadlines/")
    look_over(phone, "deadlines, phone")
    picture(phone, "deadlines")


def test_a_year_of_holidays_is_entered_from_its_text(open_browser: Open, people: None, sign_in_page: Any) -> None:
    seed_calendar(actor=OPERATOR)
    page = sign_in_page(open_browser(), "office")
    page.goto("/deadlines/?code=CR01&start=2027-01-25")
    page.goto("/deadlines/?code=CR02&start=2027-01-25")
    page.get_by_role("link", name="录入这一年的安排").click()
    page.get_by_label("粘贴 2027 年部分节假日安排的通知").fill(
        "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。"
    )
    page.get_by_role("button", name="核对").click()
    expect(page.locator(".decree-read tbody tr")).to_have_count(4)
    look_over(page, "calendar, decree")
    picture(page, "calendar-year")
    page.get_by_role("button", name="保存为 2027 年的安排").click()
    expect(page.locator(".notice").first).to_contain_text("已录入 2027 年")
    look_over(page, "calendar, changed")
    page.goto("/deadlines/?code=CR02&start=2027-01-25")
    expect(page.locator(".due-day")).to_contain_text("2027年2月12日")  # the 9th is in the holidays
    page.goto("/policy/calendar/?year=2027")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".calendar-changes")).to_contain_text("已撤销")
    look_over(page, "calendar, undone")
