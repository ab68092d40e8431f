"""A notice in a browser: written, a number mistyped and told at once, mended, approved, published, traced; pages looked over."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from tests.factories.notice_rounds import Reported
from zhenggai.notices.models import Notice, Publication

pytestmark = pytest.mark.browser


@pytest.fixture
def body(transactional_db: None, home: object) -> Reported:
    return Reported()


def go(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_a_notice_is_written_checked_while_typing_approved_published_and_traced(
    body: Reported, open_browser: Open, sign_in_page: Any
) -> None:
    desk = sign_in_page(open_browser(), body.office.username)
    chief = sign_in_page(open_browser(PHONE), body.chief.username)
    go(desk, "/notices/")
    look_over(desk, "notices")
    desk.get_by_role("button", name="编写初稿").click()
    expect(desk.get_by_role("heading", name="没有待处理事项")).to_be_visible()
    picture(desk, "notice-editor")
    look_over(desk, "notice-editor")
    notice = Notice.objects.get()
    status = desk.locator(".k-status textarea")
    status.fill(status.input_value().replace("已完成整改2个", "已完成整改3个"))
    expect(desk.locator(".k-status mark.is-stale", has_text="3个")).to_have_count(1)
    expect(desk.locator("#rail")).to_contain_text("来源现为 2个")
    picture(desk, "notice-editor-stale")
    desk.get_by_role("button", name="更新为 2个").click()
    expect(desk.locator(".unsaved")).to_be_visible()
    desk.get_by_role("button", name="保存", exact=True).click()
    desk.get_by_role("button", name="更新为 2个").click()
    expect(desk.get_by_role("heading", name="没有待处理事项")).to_be_visible()
    desk.locator(".k-preamble [data-add]").click(force=True)
    desk.locator(".block[data-key] textarea").fill("本轮整改期间召开党组会1次。")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator(".k-paragraph textarea")).to_have_value("本轮整改期间召开党组会1次。")
    if not desk.get_by_role("button", name="绑定", exact=True).first.is_visible():
        desk.locator("summary", has_text="未绑定").click()
    desk.get_by_role("button", name="绑定", exact=True).first.click()
    expect(desk.get_by_role("heading", name="从哪里来")).to_be_visible()
    look_over(desk, "notice-bind")
    desk.locator(".source.fits", has_text="党组会").first.click()
    go(desk, f"/notices/{notice.pk}/versions/")
    look_over(desk, "notice-versions")
    go(desk, f"/notices/{notice.pk}/edit/")
    desk.get_by_role("button", name="提交审批").click()
    go(chief, f"/notices/{notice.pk}/")
    look_over(chief, "notice-phone")
    picture(chief, "notice-approval")
    chief.get_by_role("button", name="批准", exact=True).click()
    chief.locator("dialog[open]").get_by_role("button", name="批准", exact=True).click()
    go(desk, f"/notices/{notice.pk}/")
    desk.get_by_role("button", name="立即发布").click()
    desk.locator("dialog[open]").get_by_role("button", name="立即发布").click()
    expect(desk.locator(".notice.good").first).to_be_visible()
    published = Publication.objects.get()
    go(desk, f"/notices/published/{published.pk}/")
    look_over(desk, "publication")
    picture(desk, "publication")
    desk.locator("a.fig", has_text="2个").first.click()
    look_over(desk, "published-figure")
    expect(desk.locator(".source-rows a").first).to_be_visible()
    desk.locator(".source-rows a").first.click()


def test_any_text_is_checked_on_desk_and_phone(body: Reported, open_browser: Open, sign_in_page: Any) -> None:
    for size in (None, PHONE):
        page = sign_in_page(open_browser(size) if size else open_browser(), body.owner.username)
        go(page, "/tools/figures/")
        text = page.locator("#text")
        text.fill("全年立案461件，其中生态环境和食药领域223件，占比48.3%。")
        expect(page.locator(".claim.is-truncated")).to_contain_text("48.37%")
        text.press_sequentially("截至2025年2月30日。")
        expect(page.locator(".claim.is-contradictory")).to_be_visible()
        expect(text).to_be_focused()
        text.fill("全年立案461件，其中生态环境和食药领域223件，占比48.3%。")
        expect(page.locator(".claim.is-contradictory")).to_have_count(0)
        look_over(page, "data-check")
        text.fill("")
        expect(page.locator("#result")).to_have_count(0)
        text.fill("全年立案461件，其中生态环境和食药领域223件，占比48.3%。")
        page.get_by_role("button", name="核对", exact=True).click()
        expect(page.locator("#checked > section .claim.is-truncated")).to_contain_text("48.37%")
        picture(page, "data-check")


def test_a_text_is_checked_by_the_button_where_no_script_runs(
    body: Reported, open_browser: Open, sign_in_page: Any
) -> None:
    page = sign_in_page(open_browser(scripts=False), body.owner.username)
    go(page, "/tools/figures/")
    page.locator("#text").fill("全年立案461件，其中生态环境和食药领域223件，占比48.3%。")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator(".claim.is-truncated")).to_contain_text("48.37%")
