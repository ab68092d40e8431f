"""From a rule of a ledger to the loop, in a browser: alert, letter, reply, mended row, gate, rebound; and every page looked over."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from tests.factories.ledgers import declare
from tests.factories.people import make_user
from tests.factories.workflow import Body
from tests.watch.conftest import Office
from tests.watch.ledgers import BROKEN, CASES, KINDS, RELATIVES
from tests.watch.test_running import run
from zhenggai.findings.models import Finding
from zhenggai.ledgers.models import Row
from zhenggai.watch.models import Alert

pytestmark = pytest.mark.browser


class Story:
    """A body with its loop, and the ledger of its cases."""

    def __init__(self) -> None:
        declare(CASES, RELATIVES, BROKEN, enumerations=(KINDS,), pack="tw_pack")
        self.office = Office()
        self.loop = Body("示例县人民检察院")
        self.office.body = self.loop.unit
        department = self.loop.department.name
        year = timezone.localdate().year - 1
        for month in range(1, 9):
            closed = {} if month % 3 == 0 else {"closed_on": f"{year}-{month + 3:02d}-20"}
            self.office.case(
                None,
                accepted_on=f"{year}-{month:02d}-10",
                kind="公诉" if month % 2 else "民事",
                department=department,
                **closed,
            )
        self.office.case(5, suspect="李四", department=department)
        self.stalled = self.office.case(70, suspect="张三丰", department=department)
        run(self.office)
        self.finding = self.loop.at_work("停滞案件清理不彻底")


@pytest.fixture
def story(transactional_db: None, home: object) -> Story:
    return Story()


def go(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_a_stalled_case_from_alert_to_rebound(story: Story, open_browser: Open, sign_in_page: Any) -> None:
    loop = story.loop
    clerk = make_user("case_management_clerk", loop.office_unit, name="苗青", username="anguan")
    for row in (row for row in _old_stalled() if row != str(story.stalled.pk)):
        story.office.close(_row(row))
    run(story.office)
    desk = sign_in_page(open_browser(), clerk.username)
    phone = sign_in_page(open_browser(PHONE), clerk.username)
    go(desk, "/alerts/")
    expect(desk.get_by_role("link", name="受理超过60天")).to_have_count(1)
    picture(desk, "watch-alerts")
    look_over(desk, "watch-alerts")
    go(phone, "/alerts/")
    picture(phone, "watch-alerts-phone")
    look_over(phone, "watch-alerts-phone")
    desk.get_by_role("link", name="受理超过60天").click()
    picture(desk, "watch-alert")
    look_over(desk, "watch-alert")
    go(phone, desk.url)
    picture(phone, "watch-alert-phone")
    look_over(phone, "watch-alert-phone")
    for address, name in (
        ("/ledgers/tw_cases/rules/", "watch-rules"),
        ("/indicators/?ledger=tw_cases", "watch-indicators"),
        (
            f"/ledgers/tw_cases/indicators/closed_rate/?period={timezone.localdate().year - 1}&by=kind",
            "watch-indicator",
        ),
        ("/alerts/summary/?grain=month", "watch-summary"),
    ):
        for page, size in ((desk, ""), (phone, "-phone")):
            go(page, address)
            if name == "watch-indicator":
                expect(page.locator("#trend svg")).to_be_visible()
            picture(page, name + size)
            look_over(page, name + size)
    office = sign_in_page(open_browser(), loop.office.username)
    go(office, f"/findings/{story.finding.pk}/condition/?ledger=tw_cases")
    picture(office, "watch-condition")
    look_over(office, "watch-condition")
    office.get_by_label("停滞案件").check()
    office.get_by_role("button", name="增加台账条件").click()
    expect(office.get_by_text("未消除预警 1 条").first).to_be_visible()
    # The letter, signed by somebody else, and the answer that came on paper.
    alert = Alert.objects.get(rule="stalled", state="open")
    go(desk, f"/alerts/{alert.pk}/")
    desk.get_by_role("button", name="起草函件").click()
    desk.get_by_role("button", name="送签").click()
    letter = desk.url
    chief = sign_in_page(open_browser(), loop.chief.username)
    go(chief, letter)
    chief.get_by_role("button", name="签发", exact=True).click()
    chief.get_by_role("button", name="确认签发").click()
    go(desk, letter)
    desk.get_by_role("button", name="登记回复").first.click()
    desk.get_by_label("回复内容").fill("来函回复：案件已审结，卷宗已归档。")
    desk.locator("dialog[open]").get_by_role("button", name="登记回复").click()
    expect(desk.get_by_text("卷宗已归档")).to_be_visible()
    picture(desk, "watch-letter")
    # The row is mended; the rules run after the commit; the alert is gone and the gate opens.
    story.office.close(story.stalled)
    go(desk, f"/alerts/{alert.pk}/")
    expect(desk.get_by_text("事实已经消除")).to_be_visible()
    go(office, f"/findings/{story.finding.pk}/#criteria")
    expect(office.get_by_text("没有未消除的预警").first).to_be_visible()
    picture(office, "watch-gate")
    closed = loop.pass_to(loop.submitted(Finding.objects.get(pk=story.finding.pk)))
    assert closed.stage == "closed"
    # Later another case lies still.
    story.office.case(61, department=loop.department.name)
    go(chief, "/rebounds/")
    picture(chief, "watch-rebounds")
    look_over(chief, "watch-rebounds")
    chief.get_by_role("link", name="停滞案件清理不彻底").click()
    picture(chief, "watch-rebound")
    look_over(chief, "watch-rebound")
    chief.get_by_label("撤销理由").fill("停滞案件又有发生")
    chief.get_by_role("button", name="撤销销号并重新整改").click()
    expect(chief.get_by_text("重新整改").first).to_be_visible()
    assert Finding.objects.get(pk=story.finding.pk).stage == "reopened"


def _old_stalled() -> list[str]:
    return [key for alert in Alert.objects.filter(rule="stalled", state="open") for key in alert.rows]


def _row(key: str) -> Row:
    return Row.objects.get(pk=int(key))
