"""Papers in a real browser: listed, looked at, narrowed to a department, fetched; a template refused; a file checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from zhenggai.gongwen import check_layout

pytestmark = pytest.mark.browser


def test_a_paper_is_looked_at_narrowed_and_fetched(
    open_browser: Open, record: None, sign_in_page: Any, tmp_path: Path
) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/reports/")
    look_over(page, "reports")
    picture(page, "reports")
    page.get_by_role("link", name="周报告").click()
    expect(page.locator(".gw .gw-title")).to_contain_text("周进展报告")
    look_over(page, "report")
    picture(page, "report", whole=True)
    page.get_by_label("责任部门").select_option(label="办公室")
    page.get_by_role("button", name="更新").click()
    expect(page.locator(".gw")).to_contain_text("由办公室牵头的共")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Word", exact=True).click()
    saved = tmp_path / "周报.docx"
    fetched.value.save_as(saved)
    assert check_layout(saved.read_bytes()) == ()
    page.goto("/tools/layout/")
    look_over(page, "layout")
    page.locator("input[type=file]").set_input_files(saved)
    page.get_by_role("button", name="检查").click()
    expect(page.locator(".notice.good")).to_contain_text("没有发现版面问题")
    broken = docx.Document()
    broken.add_paragraph("关于整改情况的报告")
    broken.add_paragraph("自2024年七月起,已完成整改.")
    broken.save(str(tmp_path / "草稿.docx"))
    page.locator("input[type=file]").set_input_files(tmp_path / "草稿.docx")
    page.get_by_role("button", name="检查另一份").click()
    expect(page.locator(".layout-issues").first).to_be_visible()
    look_over(page, "layout, faults")
    picture(page, "layout", whole=True)

    page.goto("/reports/lists/")
    look_over(page, "report of lists")
    picture(page, "report-lists")
    phone = sign_in_page(open_browser(PHONE), "office")
    for address, name in (
        ("/reports/", "reports"),
        ("/reports/weekly/", "report"),
        ("/reports/lists/", "report-lists"),
        ("/reports/templates/weekly/", "report-template"),
    ):
        phone.goto(address)
        look_over(phone, f"{name}, phone")
        picture(phone, name)


def test_a_template_is_refused_with_its_place(
    open_browser: Open, record: None, sign_in_page: Any, tmp_path: Path
) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/reports/templates/")
    look_over(page, "report templates")
    picture(page, "report-templates")
    page.get_by_role("link", name="周报告").click()
    look_over(page, "report template")
    wrong = docx.Document()
    wrong.add_paragraph("本周共{{ totl }}个问题。")
    wrong.save(str(tmp_path / "周报模板.docx"))
    page.locator("input[type=file]").set_input_files(tmp_path / "周报模板.docx")
    page.get_by_role("button", name="检查并采用").click()
    expect(page.locator(".template-issues")).to_contain_text("第1段")
    look_over(page, "report template, refused")
    picture(page, "report-template", whole=True)
