"""The public side as anybody sees it: without signing in, without scripts, large, in high contrast, on a phone, on paper."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AXE, DESK, PHONE, PICTURES, Open, picture
from tests.factories.files import make_file
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_unit
from zhenggai.notices.models import Publication
from zhenggai.portal.kept import PAGES

pytestmark = pytest.mark.browser
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
WAYS = ("", "size=larger", "contrast=high", "size=larger&contrast=high")


@pytest.fixture
def notices(transactional_db: None, home: Any) -> Publication:
    """Publish a few notices; return one that stands."""
    PAGES.clear()
    round_ = make_round(make_unit("示例市人民检察院"))
    older = make_publication(round_, title="关于2023年巡察整改进展情况的通报")
    make_publication(
        round_,
        title="关于专项检查整改情况的通报",
        withdrawn_at=older.published_at,
        withdrawn_why="数据有误，更正后重新发布",
    )
    return make_publication(
        round_,
        title="中共示例市人民检察院党组关于2024年巡察整改进展情况的通报",
        replaces=older,
        docx=make_file(b"PK word"),
        pdf=make_file(b"%PDF-1.7"),
    )


def look_over_public(page: Page, name: str) -> None:
    """Check the page with all of axe's rules, and that nothing sticks out sideways."""
    found = page.evaluate(
        f"async () => {{ {AXE.read_text(encoding='utf-8')}; return await axe.run(document, {RULES}); }}"
    )
    broken = [
        (violation["id"], [(node["target"], node["failureSummary"]) for node in violation["nodes"][:3]])
        for violation in found["violations"]
    ]
    assert broken == [], f"axe on {name}"
    assert not page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"), f"{name} sticks out"


def test_the_public_pages_at_every_size_and_contrast(open_browser: Open, notices: Publication) -> None:
    old = notices.replaces
    assert old is not None
    gone = Publication.objects.get(withdrawn_at__isnull=False)
    pages = {
        "public-archive": "/public/",
        "public-search": "/public/?q=巡察",
        "public-register": "/public/register/",
        "public-notice": f"/public/{notices.slug}/",
        "public-replaced": f"/public/{old.slug}/",
        "public-withdrawn": f"/public/{gone.slug}/",
        "public-about": "/public/about/",
    }
    for size in (DESK, PHONE):
        page = open_browser(size)
        for name, address in pages.items():
            for way in WAYS:
                page.goto(f"{address}{'&' if '?' in address else '?'}{way}" if way else address)
                look_over_public(page, f"{name} {way} at {size['width']}")
                if not way or name == "public-notice":
                    picture(page, f"{name}{'-' if way else ''}{way.replace('=', '-').replace('&', '-')}", whole=True)
    paper = open_browser()
    paper.goto(f"/public/{notices.slug}/")
    paper.emulate_media(media="print")
    picture(paper, "public-notice-print", whole=True)
    PICTURES.joinpath("public-notice.pdf").write_bytes(paper.pdf(format="A4"))


def test_a_notice_is_read_by_keyboard_and_without_scripts(open_browser: Open, notices: Publication) -> None:
    page = open_browser(scripts=False)
    page.goto(f"/public/{notices.slug}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="高对比").click()
    expect(page.locator("html")).to_have_class("contrast-high")
    page.get_by_role("link", name="特大").click()
    expect(page.locator("html")).to_have_class("size-larger contrast-high")
    page.get_by_role("link", name="整改通报").first.click()
    page.get_by_label("在标题和正文中查找").fill("进展情况")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class("size-larger contrast-high")
    expect(page.locator(".notices li")).to_have_count(2)
    assert page.context.cookies() == []
