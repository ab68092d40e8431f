"""A draw of cases for quality review at the desk and on the phone, from the shipped declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SILENT, Open, look_over, picture
from zhenggai.demo.ledgers import rows_of
from zhenggai.demo.load import load_organisation
from zhenggai.ledgers.actions import name_reader
from zhenggai.ledgers.models import Origin
from zhenggai.ledgers.queries import access_declared
from zhenggai.ledgers.versions import begin
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User

pytestmark = pytest.mark.browser
DAY = date(2026, 3, 2)


@pytest.fixture
def cases(fill_once: Any) -> None:
    """Load the invented organisation with closed cases, the pool, and a clerk named for the reviews."""

    @transaction.atomic
    def load() -> None:
        body = load_organisation(SILENT)
        for code, step in (("closed_cases", 4), ("reviewer_pool", 1)):
            writing = begin(access_declared(code), actor=OPERATOR, origin=Origin.IMPORT)
            writing.create(body, [writing.form.read(row) for row in rows_of(access_declared(code), DAY)[::step]])
        clerk = User.objects.get(username="casework")
        name_reader("quality_reviews", actor=OPERATOR, user=clerk, body=body, reason="评查", may_keep=True)

    fill_once("draws", load)


def test_a_clerk_draws_cases_for_review(open_browser: Open, cases: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "casework")
    page.goto("/ledgers/quality_reviews/")
    page.get_by_role("link", name="抽取", exact=True).click()
    look_over(page, "the form of a draw")
    page.get_by_label("办结日期从").fill("2024-01-01")
    page.get_by_label("到", exact=True).fill("2024-12-31")
    page.get_by_label("市院", exact=True).check()
    page.get_by_label("随机种子").fill("2024年第1期")
    picture(page, "ledger-draw-new")
    page.get_by_role("button", name="留存种子并预览").click()
    expect(page.locator("h1")).to_contain_text("将从")
    look_over(page, "the preview of a draw")
    picture(page, "ledger-draw-preview")
    page.get_by_role("button", name="抽取并登记").click()
    page.get_by_role("button", name="复核抽取").click()
    expect(page.locator(".notice.good")).to_contain_text("复核一致")
    look_over(page, "a draw")
    picture(page, "ledger-draw")
    page.get_by_role("heading", name="抽中和分派").scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    picture(page, "ledger-draw-handed-out")
    phone = sign_in_page(open_browser(PHONE), "casework")
    phone.goto(page.url)
    look_over(phone, "a draw on the phone")
    picture(phone, "ledger-draw-phone")
    page.goto("/ledgers/quality_reviews/draws/")
    look_over(page, "the list of draws")
    picture(page, "ledger-draws")
