"""The public side as anybody sees it: without signing in, without scripts, large, in high contrast, on a phone, on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AXE, DESK, PHONE, PICTURES, Open, look_over, picture
from tests.factories.answers import make_answer, make_form
from tests.factories.files import make_file
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_unit, make_user
from zhenggai.answers.actions import reply
from zhenggai.answers.models import Answer
from zhenggai.gongwen import Block, Heading, ListBlock, OfficialDocument, Paragraph, TableBlock, to_html
from zhenggai.notices.models import Publication
from zhenggai.people.access import OPERATOR
from zhenggai.portal.kept import PAGES
from zhenggai.portal.pages import site_name
from zhenggai.portal.queries import state

pytestmark = pytest.mark.browser
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
WAYS = ("", "size=larger", "contrast=high", "size=larger&contrast=high")


TITLE = "中共示例市人民检察院党组关于2024年巡察整改进展情况的通报"


def _document() -> OfficialDocument:
    """Return a notice of some length, as the office writes it."""
    blocks: list[Block] = [
        Paragraph("按照市委的统一部署，市委第三巡察组开展了巡察并反馈了意见。现将整改进展情况予以公布。")
    ]
    blocks += [Heading(1, "组织整改落实情况", "一、"), Paragraph("党组召开专题会议6次，逐项研究巡察反馈的40个问题。")]
    rows = (("履行监督职责", "15", "11", "4"), ("群众反映和作风", "14", "8", "6"), ("党的建设", "11", "5", "6"))
    blocks.append(TableBlock(rows, ("方面", "问题", "已完成", "阶段性完成"), caption="截至2025年1月16日的整改进展"))
    blocks.append(Heading(1, "巡察反馈问题整改进展情况", "二、"))
    for number, aspect in enumerate(("履行监督职责方面", "群众反映和作风方面", "党的建设方面"), 1):
        blocks.append(Heading(2, aspect, f"（{'一二三'[number - 1]}）"))
        blocks.append(Heading(3, "关于“台账登记不规范，部分事项未及时更新”的问题", f"{number}."))
        blocks.append(Paragraph("整改完成情况：修订台账管理办法，明确登记时限和责任人，组织逐项核对，补登127条。"))
        blocks.append(ListBlock(("每月抽查一次，结果在内网通报。", "将登记质量纳入部门考核。")))
    blocks += [Heading(1, "继续深化后续整改", "三、"), Paragraph("欢迎广大干部群众监督。联系电话：0000-1234567。")]
    return OfficialDocument(
        (TITLE,), tuple(blocks), signature=("中共示例市人民检察院党组",), signed_on=date(2025, 1, 16)
    )


@pytest.fixture
def notices(transactional_db: None, home: Any) -> Publication:
    """Publish a few notices; return one that stands."""
    PAGES.clear()
    state.forget()
    site_name.forget()
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
        title=TITLE,
        html=to_html(_document()),
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
    # The longest page in every way, the others plain at the desk and in the furthest way on the phone.
    for size, ways in ((DESK, ("",)), (PHONE, (WAYS[-1],))):
        page = open_browser(size)
        for name, address in pages.items():
            for way in WAYS if name == "public-notice" else ways:
                page.goto(f"{address}{'&' if '?' in address else '?'}{way}" if way else address)
                look_over_public(page, f"{name} {way} at {size['width']}")
                look = f"{name}{'-' if way else ''}{way.replace('=', '-').replace('&', '-')}"
                picture(page, look, whole=name != "public-notice")
    paper = open_browser()
    paper.goto(f"/public/{notices.slug}/")
    paper.emulate_media(media="print")
    picture(paper, "public-notice-print")
    PICTURES.joinpath("public-notice.pdf").write_bytes(paper.pdf(format="A4"))


def test_the_pages_of_answering(open_browser: Open, notices: Publication) -> None:
    form = make_form(notices)
    answer = make_answer(
        notices, "窗口接待等候过久，建议增设预约叫号，并公布各时段的等候人数。", form=form, about="第3项"
    )
    reply(answer, "told", "您的意见已收到，转控告申诉检察部办理。", actor=OPERATOR)
    for size, way in ((DESK, ""), (PHONE, "?size=larger&contrast=high")):
        page = open_browser(size)
        name = f"{'-large' if way else ''}"
        page.goto(f"/public/{notices.slug}/answer/{way}")
        look_over_public(page, f"form {way} at {size['width']}")
        picture(page, f"public-answer{name}", whole=True)
        page.get_by_label("意见内容").fill("停车场夜间没有照明。")
        page.get_by_label("电子邮箱").evaluate("field => { field.type = 'text'; field.value = 'wrong' }")
        page.get_by_role("button", name="提交意见").click()
        look_over_public(page, f"refused form {way} at {size['width']}")
        picture(page, f"public-answer-refused{name}", whole=True)
        page.goto(f"/public/answers/{way}")
        look_over_public(page, f"receipt {way} at {size['width']}")
        page.get_by_label("查询码").fill(form.code)
        page.get_by_role("button", name="查询").click()
        expect(page.locator("h1")).to_have_text("办理情况：已告知受理")
        look_over_public(page, f"standing {way} at {size['width']}")
        picture(page, f"public-standing{name}", whole=True)


def test_a_citizen_answers_and_the_office_replies_without_scripts(
    open_browser: Open, notices: Publication, sign_in_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhenggai.answers.forms.LEAST_SECONDS", 0)
    office = make_user("rectification_office", notices.unit, username="office")
    citizen = open_browser(PHONE, scripts=False)
    citizen.goto(f"/public/{notices.slug}/")
    citizen.get_by_role("link", name="提出意见").first.click()
    citizen.get_by_label("反映问题").check()
    citizen.get_by_label("意见内容").fill("公示栏内容两年没有更新。")
    citizen.get_by_label("附件").set_input_files(
        [{"name": "照片.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}]
    )
    citizen.get_by_label("电话").fill("0000-7654321")
    citizen.get_by_role("button", name="提交意见").click()
    code = citizen.locator("code.code").inner_text()
    picture(citizen, "public-received", whole=True)
    staff = sign_in_page(open_browser(), office.username)
    staff.goto("/answers/")
    look_over(staff, "answers")
    picture(staff, "answers")
    staff.get_by_role("link", name="公示栏内容两年没有更新").click()
    look_over(staff, "answer")
    staff.get_by_role("button", name="查看联系方式").click()
    expect(staff.locator("main")).to_contain_text("0000-7654321")
    picture(staff, "answer", whole=True)
    staff.get_by_label("答复", exact=True).check()
    staff.get_by_label("回复内容").fill("已更新公示栏，今后每月核对一次。")
    staff.get_by_label("核查结论").select_option("true")
    staff.get_by_role("button", name="回复", exact=True).click()
    expect(staff.locator(".notice.good")).to_contain_text("已回复")
    phone = sign_in_page(open_browser(PHONE), office.username)
    for name, path in (("answers", "/answers/?state=answered"), ("answer", f"/answers/{Answer.objects.get().pk}/")):
        phone.goto(path)
        look_over(phone, f"{name} on the phone")
        picture(phone, name, whole=True)
    citizen.goto("/public/answers/")
    citizen.get_by_label("查询码").fill(code)
    citizen.get_by_role("button", name="查询").click()
    expect(citizen.locator("h1")).to_have_text("办理情况：已答复")
    expect(citizen.locator("main")).to_contain_text("今后每月核对一次")
    expect(citizen.locator("main")).not_to_contain_text(office.name)
    assert citizen.context.cookies() == []


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
