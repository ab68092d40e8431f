"""Notifications, choices, deputies and handing over, at the desk and on the phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from tests.factories.notifications import tell
from zhenggai.findings import actions as findings
from zhenggai.findings.models import Finding
from zhenggai.notifications.actions import Item
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User

pytestmark = pytest.mark.browser


def tell_much(person: User) -> None:
    rows = list(Finding.objects.order_by("order")[:9])
    notes = ("整改时限超过 12 天", "整改时限超过 3 天", "整改时限今天到期", *("整改时限还剩 7 天",) * 6)
    items = [
        Item(f"{row.no} {row.title}", f"/findings/{row.pk}/#evidence", note, "超过" in note)
        for row, note in zip(rows, notes, strict=True)
    ]
    tell(person, kind=Kind.HAND_OVER, title="何静安向您移交 3 项", body="调离", path="/notifications/")
    tell(person, kind=Kind.DECIDED, title="“案件质量评查走过场”经分管领导审核同意，送整改办审核", path="/findings/1/")
    tell(
        person,
        kind=Kind.RETURNED,
        title="“固定资产账实不符”被退回补正",
        body="清查表缺盖章页，请补齐。",
        path="/findings/1/",
    )
    tell(person, kind=Kind.REMINDER, title="今日提醒 9 项：超期 2 项，今天到期 1 项", items=items)


def test_what_one_was_told_and_how_one_wants_it(open_browser: Open, record: None, sign_in_page: Any) -> None:
    owner = User.objects.get(username="owner")
    desk, phone = sign_in_page(open_browser(), "owner"), sign_in_page(open_browser(PHONE), "owner")
    desk.goto("/notifications/", wait_until="networkidle")
    look_over(desk, "no notifications")
    tell_much(owner)
    for page, place in ((desk, "desk"), (phone, "phone")):
        page.goto("/notifications/", wait_until="networkidle")
        look_over(page, f"notifications at the {place}")
        picture(page, "notifications")
        page.goto("/me/notifications/", wait_until="networkidle")
        look_over(page, f"choices at the {place}")
        picture(page, "notification-choices", whole=True)
    desk.goto("/notifications/")
    desk.get_by_role("link", name="“固定资产账实不符”被退回补正").click()
    expect(desk).not_to_have_url(re.compile("/notifications/$"))
    desk.goto("/notifications/")
    expect(desk.get_by_role("link", name="通知，3 条未读")).to_be_visible()
    first = desk.locator(".note-items a").first
    expect(first).to_have_attribute("href", f"/findings/{Finding.objects.order_by('order')[0].pk}/#evidence")
    office = sign_in_page(open_browser(), "office")
    office.goto("/me/notifications/")
    office.get_by_role("button", name="添加").first.click()
    look_over(office, "robot of a group")
    office.get_by_label("Webhook 地址").locator("visible=true").fill("https://evil.example/")
    office.get_by_role("button", name="添加", exact=True).locator("visible=true").last.click()
    expect(office.get_by_role("alert")).to_contain_text("不是 https://qyapi.weixin.qq.com 的机器人地址")
    look_over(office, "refused robot")


def test_deputies_and_handing_over(open_browser: Open, record: None, sign_in_page: Any) -> None:
    owner = User.objects.get(username="owner")
    rows = list(Finding.objects.exclude(status="completed").order_by("order")[:4])
    findings.assign_findings([row.pk for row in rows[:3]], {"owner": owner}, actor=OPERATOR)
    findings.assign_findings([rows[3].pk], {"leader": owner}, actor=OPERATOR)
    head = sign_in_page(open_browser(), "head")
    head.goto("/me/", wait_until="networkidle")
    head.get_by_role("button", name="指定代理").click()
    head.get_by_label("代理人").select_option(label="姚望")
    head.get_by_label("结束日期").fill(str(timezone.localdate() + timedelta(days=6)))
    head.get_by_label("事由").fill("外出学习")
    look_over(head, "appointing a deputy")
    picture(head, "appoint-deputy")
    head.get_by_role("dialog").get_by_role("button", name="指定代理").click()
    expect(head.get_by_role("status").first).to_contain_text("已指定姚望代理段红")
    for size in (None, PHONE):
        page = sign_in_page(open_browser(size) if size else open_browser(), "owner")
        page.goto("/me/", wait_until="networkidle")
        expect(page.get_by_text("您正在代理 段红")).to_be_visible()
        look_over(page, "acting for another")
        picture(page, "acting")
        page = sign_in_page(open_browser(size) if size else open_browser(), "office")
        page.goto(f"/system/people/{owner.pk}/", wait_until="networkidle")
        look_over(page, "person to hand over")
        page.get_by_role("link", name="查看并移交").click()
        look_over(page, "handing over")
        picture(page, "handover", whole=True)
    page.get_by_label("“负责的问题”的接手人").select_option(index=1)
    page.get_by_label("事由").fill("调离")
    page.get_by_role("button", name="移交").click()
    expect(page.get_by_role("status").first).to_contain_text("已移交 3 项，姚望名下还有 1 项")
