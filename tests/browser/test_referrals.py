"""What was handed over, as its keepers, departments, units and the named readers of clues look at it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SILENT, Open, look_over, picture
from zhenggai.audit.models import Entry
from zhenggai.demo.referrals import load_referrals
from zhenggai.findings.actions import create_finding
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.referrals.models import Clue, Common, Petition

pytestmark = pytest.mark.browser


@pytest.fixture
def referrals(record: None, fill_once: Any) -> None:
    """Keep the demo's referrals."""
    fill_once("referrals", lambda: load_referrals(Unit.objects.get(name="示例市人民检察院"), SILENT))


def test_the_pages_of_referrals(open_browser: Open, referrals: None, sign_in_page: Any) -> None:
    common = Common.objects.get(no="3")
    petition = Petition.objects.get(no="巡交〔2024〕05号")
    desk, phone = sign_in_page(open_browser(), "office"), sign_in_page(open_browser(PHONE), "office")
    pages = {
        "referrals": "/referrals/",
        "fixes": "/referrals/fixes/",
        "petitions": "/referrals/petitions/",
        "petition": f"/referrals/petitions/{petition.pk}/",
        "commons": "/referrals/commons/",
        "common": f"/referrals/commons/{common.pk}/",
        "carried-over": "/referrals/carried-over/",
        "fix-form": "/referrals/fixes/new/",
    }
    for name, address in pages.items():
        for page, place in ((desk, "desk"), (phone, "phone")):
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{name} at the {place}")
            picture(page, name)
    desk.goto(f"/referrals/commons/{common.pk}/")
    desk.get_by_role("button", name="分发到所选单位").click()
    expect(desk.locator(".notice.good")).to_contain_text("3 个单位")
    liaison = sign_in_page(open_browser(), "liaison")
    liaison.goto("/referrals/")
    liaison.get_by_role("link", name="固定资产登记不及时").click()
    expect(liaison.locator("tbody tr")).to_have_count(1)


def test_a_clue_is_read_by_the_named_and_each_reading_is_kept(
    open_browser: Open, referrals: None, sign_in_page: Any
) -> None:
    clue = Clue.objects.get(no="线索〔2024〕02号")
    discipline = sign_in_page(open_browser(), "discipline")
    discipline.goto("/referrals/clues/")
    look_over(discipline, "clues")
    picture(discipline, "clues")
    discipline.get_by_role("link", name=clue.no).click()
    expect(discipline.locator("main")).to_contain_text("本次查看已记入日志")
    look_over(discipline, "a clue")
    picture(discipline, "clue")
    assert Entry.objects.filter(code="referrals.clue_read", object_id=str(clue.pk)).count() == 1
    deputy = sign_in_page(open_browser(PHONE), "deputy")
    deputy.goto("/referrals/clues/")
    expect(deputy.locator(".empty")).to_contain_text("另有 2 件")
    deputy.goto(f"/referrals/clues/{clue.pk}/")
    expect(deputy.locator("main")).to_contain_text("找不到")


def test_a_finding_names_the_earlier_one_it_looks_like(open_browser: Open, referrals: None, sign_in_page: Any) -> None:
    present = InspectionRound.objects.get(feedback_on="2024-07-18")
    title = "固定资产管理存在漏洞，部分资产长期未登记入账"
    finding = create_finding(present, {"title": title}, actor=OPERATOR)
    office = sign_in_page(open_browser(), "office")
    office.goto(f"/findings/{finding.pk}/", wait_until="networkidle")
    block = office.locator("#similar")
    expect(block).to_contain_text("与往轮或其他单位已办结问题相似")
    block.get_by_text("看差异").click()
    expect(block.locator("mark").first).to_be_visible()
    look_over(office, "a look-alike")
    block.scroll_into_view_if_needed()
    picture(office, "similar")
    block.get_by_role("link", name="登记为遗留问题").click()
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text("固定资产")
    office.goto(f"/findings/{finding.pk}/", wait_until="networkidle")
    expect(block).to_contain_text("上轮巡察")
    block.get_by_role("button", name="不是同一问题").click()
    expect(block.get_by_text("与往轮")).to_have_count(0)
    assert Finding.objects.get(pk=finding.pk).not_the_same.count() == 1
