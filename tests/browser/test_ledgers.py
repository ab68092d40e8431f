"""Business ledgers at the desk and on the phone: the list of them, a wide table, a row, its form, bulk changes, texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SILENT, Open, look_over, picture
from zhenggai.demo.ledgers import rows_of
from zhenggai.demo.load import load_organisation
from zhenggai.ledgers.models import Origin, Row
from zhenggai.ledgers.queries import access_declared
from zhenggai.ledgers.versions import begin
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.browser
SHOWN = ("hearings", "prosecution_cases")
DAY = date(2026, 3, 2)


@pytest.fixture
def ledgers(fill_once: Any) -> None:
    """Load the invented organisation with some rows of two shipped ledgers."""

    @transaction.atomic
    def load() -> None:
        body = load_organisation(SILENT)
        for code in SHOWN:
            writing = begin(access_declared(code), actor=OPERATOR, origin=Origin.IMPORT)
            rows = rows_of(access_declared(code), DAY)[:56]
            writing.create(body, [writing.form.read(values) for values in rows])

    fill_once("ledgers", load)


def test_the_pages_of_ledgers(open_browser: Open, ledgers: None, sign_in_page: Any) -> None:
    case = Row.objects.filter(ledger="prosecution_cases").order_by("pk")[5]
    desk, phone = sign_in_page(open_browser(), "casework"), sign_in_page(open_browser(PHONE), "casework")
    cases = "/ledgers/prosecution_cases/"
    pages = {
        "ledgers": "/ledgers/",
        "rows": cases,
        "ledger-group": "/ledgers/hearings/?group=chair",
        "ledger-row": f"{cases}{case.pk}/",
        "ledger-form": f"{cases}{case.pk}/edit/",
        "ledger-new": "/ledgers/hearings/new/",
        "ledger-about": f"{cases}about/",
        "ledger-text": f"{cases}text/",
        "ledger-empty": "/ledgers/meetings/",
    }
    for name, address in pages.items():
        for page, place in ((desk, "desk"), (phone, "phone"))[: 1 if name in ("ledger-new", "ledger-empty") else 2]:
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{name} at the {place}")
            picture(page, name)
    expect(desk.locator(".empty")).to_contain_text("还没有记录")


def test_a_clerk_finds_changes_and_takes_back(open_browser: Open, ledgers: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "casework")
    page.goto("/ledgers/hearings/")
    page.locator("summary", has_text="听证事项").click()
    option = page.locator(".facet[open] [role=checkbox]").first
    expect(option).to_be_visible()
    option.click()
    expect(page.locator(".chip.removable")).to_have_count(1)
    expect(page.locator(".facet[open] [role=checkbox]").first).to_have_attribute("aria-checked", "true")
    look_over(page, "an open filter")
    picture(page, "ledger-filter")
    page.keyboard.press("Escape")
    page.locator("[data-check]").first.check()
    page.locator("[data-check]").nth(1).check()
    picture(page, "ledger-chosen")
    page.get_by_role("button", name="批量修改…").click()
    page.get_by_label("主持人姓名", exact=True).fill("王检")
    expect(page.locator("[data-tick=w-chair_name]")).to_be_checked()
    look_over(page, "a bulk change")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("main")).to_contain_text("选中的 2 条都会改变")
    picture(page, "rows-bulk")
    look_over(page, "a bulk preview")
    page.get_by_role("button", name="修改 2 条").click()
    expect(page.locator(".notice.good")).to_contain_text("已修改 2 条")
    page.locator("summary", has_text="整批撤销").click()
    picture(page, "ledger-batch")
    page.get_by_role("button", name="整批撤销").click()
    expect(page.locator(".head-facts")).to_contain_text("已撤销")


def test_a_form_checks_each_field_as_it_is_left(open_browser: Open, ledgers: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "casework")
    page.goto("/ledgers/hearings/new/")
    page.get_by_label("听证日期").fill("昨天")
    page.keyboard.press("Tab")
    expect(page.locator("#s-held_on .error")).to_contain_text("应为日期")
    expect(page.get_by_label("听证日期")).to_have_attribute("aria-invalid", "true")
    look_over(page, "a field refused")
    picture(page, "ledger-checked")
    page.get_by_label("听证日期").fill("2026-03-02")
    page.keyboard.press("Tab")
    expect(page.locator("#s-held_on .error")).to_have_count(0)
    page.goto("/ledgers/hearings/text/")
    page.locator("#text").fill("extends: hearings\nviews:\n  - {view: a, label: 甲, columns: [wrong]}\n")
    expect(page.locator("#checked")).to_contain_text("第 2 行")
    expect(page.locator(".line-numbers .wrong")).to_have_text("2")
    picture(page, "ledger-text-wrong")
    look_over(page, "a text with a mistake")


def test_a_table_becomes_a_ledger_and_its_rows_come_in(
    open_browser: Open, ledgers: None, sign_in_page: Any, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["来信登记表"])
    book.active.append(["登记号", "来信人姓名", "联系电话", "来信日期", "类别", "涉及金额（元）"])
    for n in range(1, 13):
        kind = "控告" if n % 3 else "申诉"
        book.active.append([f"信{n:03d}", "张三丰", f"1381234{n:04d}", f"2026-02-{n:02d}", kind, n * 1000])
    book.save(tmp_path / "来信.xlsx")
    page = sign_in_page(open_browser(), "casework")
    page.goto("/ledgers/")
    page.get_by_role("link", name="新建台账").click()
    look_over(page, "the first step of a new ledger")
    page.locator("#design-file").set_input_files(tmp_path / "来信.xlsx")
    page.get_by_role("button", name="上传并分析").click()
    expect(page.get_by_label("台账名称")).to_have_value("来信登记表")
    expect(page.get_by_label("“登记号”是主键")).to_be_checked()
    look_over(page, "a ledger proposed")
    picture(page, "ledger-sketch")
    page.get_by_label("一条记录叫什么").fill("来信")
    page.get_by_role("button", name="建立台账").click()
    expect(page.locator(".steps [aria-current]")).to_contain_text("对应列", timeout=20_000)
    look_over(page, "columns matched")
    picture(page, "ledger-match")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator("h2", has_text="试算结果")).to_be_visible(timeout=20_000)
    look_over(page, "an import tried")
    picture(page, "ledger-tried")
    page.get_by_role("button", name="写入台账").click()
    expect(page.locator("main")).to_contain_text("已写入台账", timeout=20_000)
    page.get_by_role("link", name="打开台账").click()
    expect(page.locator("tbody tr")).to_have_count(12)
    expect(page.locator("tbody")).not_to_contain_text("张三丰")
    phone = sign_in_page(open_browser(PHONE), "casework")
    phone.goto("/ledgers/own_1/import/")
    look_over(phone, "imports at the phone")
