"""A clerk's table becomes the record that watches a problem: ledger, rule, alert, letter, reply, gate, and a month later the rebound."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Open, look_over, picture
from tests.factories.people import make_user
from tests.factories.workflow import Body
from zhenggai.commands.tick import run_room
from zhenggai.findings.models import Finding
from zhenggai.watch.models import Alert

pytestmark = pytest.mark.browser

RULE = """
rules:
  - rule: stalled
    label: 停滞案件
    source: 本院案件管理办法第3条
    message: "{case_no}受理超过{limit}天没有办结。"
    severity: orange
    when: 办结日期 is null and days_between(受理日期, as_of) > :limit
    letter: urge
    recipient: department
    parameters:
      limit: {value: 60, label: 几天为停滞, verified: false, source: 本院规定}
letters:
  - letter: urge
    label: 办案期限提示函
    serial: 期限提示
    title: 关于{count}件停滞案件的提示函
    opening: "截至{as_of}，{to}下列{count}件案件办理时间较长，现予提示。"
    line: "{n}.{case_no}，{accepted_on}受理。{message}"
    closing: ["请于{reply_due}前书面回复。"]
    reply_days: 5
"""


def _table(path: Path, department: str) -> Path:
    """Write the clerk's table: one case stalled, one that will be within a month, the others closed."""
    today = timezone.localdate()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["停滞案件清理表"])
    sheet.append(["案号", "承办部门", "受理日期", "办结日期"])
    ages = [70, 40, *range(90, 100)]
    for n, age in enumerate(ages, 1):
        closed = "" if n <= 2 else str(today - timedelta(days=age - 30))
        sheet.append([f"示检刑诉{n:03d}号", department, str(today - timedelta(days=age)), closed])
    book.save(path)
    return path


def test_a_table_becomes_the_record_that_watches_a_problem(
    transactional_db: None,
    home: object,
    open_browser: Open,
    sign_in_page: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = Body("示例县人民检察院")
    clerk = make_user("case_management_clerk", body.office_unit, name="苗青", username="anguan")
    finding = body.at_work("停滞案件清理不彻底")
    table = _table(tmp_path / "停滞案件.xlsx", body.department.name)
    desk = sign_in_page(open_browser(), clerk.username)

    # The table is read, a ledger proposed, the rows come in.
    desk.goto("/ledgers/")
    desk.get_by_role("link", name="新建台账").click()
    desk.locator("#design-file").set_input_files(table)
    desk.get_by_role("button", name="上传并分析").click()
    desk.get_by_label("一条记录叫什么").fill("案件")
    picture(desk, "story-ledger-proposed")
    desk.get_by_role("button", name="建立台账").click()
    expect(desk.locator(".steps [aria-current]")).to_contain_text("对应列", timeout=20_000)
    desk.get_by_role("button", name="核对", exact=True).click()
    expect(desk.locator("h2", has_text="试算结果")).to_be_visible(timeout=20_000)
    desk.get_by_role("button", name="写入台账").click()
    expect(desk.locator("main")).to_contain_text("已写入台账", timeout=20_000)
    desk.get_by_role("link", name="打开台账").click()
    expect(desk.locator("tbody tr")).to_have_count(12)

    # She adds a rule to its text.
    desk.goto("/ledgers/own_1/text/")
    text = desk.locator("#text")
    text.fill(text.input_value().rstrip() + "\n" + RULE.replace("{case_no}", "{案号}", 1))
    expect(desk.locator("#checked")).to_contain_text("请写 {case_no}", timeout=10_000)
    text.fill(text.input_value().replace("{案号}", "{case_no}"))
    expect(desk.locator("#checked")).to_contain_text("没有发现问题", timeout=10_000)
    picture(desk, "story-rule-written")
    look_over(desk, "a rule written")
    desk.get_by_role("button", name="保存声明").click()
    expect(desk).to_have_url(re.compile("/about/$"))
    desk.goto("/ledgers/own_1/rules/")
    desk.get_by_role("button", name="立即运行").click()
    expect(desk.locator("main")).to_contain_text("1 条命中", timeout=20_000)
    picture(desk, "story-rules")

    # The office ties the problem to the rule: it closes only while the rule is silent.
    office = sign_in_page(open_browser(), body.office.username)
    office.goto(f"/findings/{finding.pk}/condition/?ledger=own_1")
    office.get_by_label("停滞案件").check()
    office.get_by_role("button", name="增加台账条件").click()
    expect(office.get_by_text("未消除预警 1 条").first).to_be_visible()

    # The alert, the letter signed by somebody else, and the answer that came on paper.
    desk.goto("/alerts/")
    desk.get_by_role("link", name="示检刑诉001号").first.click()
    picture(desk, "story-alert")
    alert = desk.url
    desk.get_by_role("button", name="起草函件").click()
    desk.get_by_role("button", name="送签").click()
    letter = desk.url
    chief = sign_in_page(open_browser(), body.chief.username)
    chief.goto(letter)
    chief.get_by_role("button", name="签发", exact=True).click()
    chief.get_by_role("button", name="确认签发").click()
    expect(chief.get_by_text("已签发").first).to_be_visible()
    desk.goto(letter)
    desk.get_by_role("button", name="登记回复").first.click()
    desk.get_by_label("回复内容").fill("来函回复：案件已审结，卷宗已归档。")
    desk.locator("dialog[open]").get_by_role("button", name="登记回复").click()
    expect(desk.get_by_text("卷宗已归档")).to_be_visible()
    picture(desk, "story-letter")

    # The row is mended: the alert is gone, and the gate opens.
    desk.goto("/ledgers/own_1/")
    desk.get_by_role("link", name="示检刑诉001号").click()
    desk.get_by_role("link", name="修改").first.click()
    desk.get_by_label("办结日期").fill(str(timezone.localdate()))
    desk.get_by_role("button", name="保存").first.click()
    expect(desk).not_to_have_url(re.compile("/edit/"))
    desk.goto(alert)
    expect(desk.get_by_text("事实已经消除")).to_be_visible()
    office.goto(f"/findings/{finding.pk}/#criteria")
    expect(office.get_by_text("没有未消除的预警").first).to_be_visible()
    picture(office, "story-gate")
    assert body.pass_to(body.submitted(Finding.objects.get(pk=finding.pk))).stage == "closed"

    # A month later, and nobody touched the ledger: the other case has lain still for too long as well.
    moment = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: moment() + timedelta(days=31))
    run_room("watch", timezone.localdate())
    assert Alert.objects.filter(rule="stalled", state="open").count() == 1
    chief = sign_in_page(open_browser(), body.chief.username)
    chief.goto("/rebounds/")
    look_over(chief, "a rebound a month later")
    picture(chief, "story-rebounds")
    chief.get_by_role("link", name="停滞案件清理不彻底").click()
    chief.get_by_label("撤销理由").fill("又有案件停滞超过60天")
    chief.get_by_role("button", name="撤销销号并重新整改").click()
    expect(chief.get_by_text("重新整改").first).to_be_visible()
    picture(chief, "story-reopened")
    assert Finding.objects.get(pk=finding.pk).stage == "reopened"
