"""What readers and even the record itself could send against the public pages."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from tests.factories.notices import make_publication
from tests.portal.reading import Page
from zhenggai.gongwen import Cell, Heading, ListBlock, OfficialDocument, Paragraph, TableBlock, to_html
from zhenggai.kit.text import plain_text
from zhenggai.portal.fragment import build_body
from zhenggai.portal.kept import Pages, Remembered

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
BIDI = "\u202e倒过来的字\u202c\u2066x\u2069\x07"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/public/../../etc/passwd",
        "/public/%2e%2e/%2e%2e/etc/passwd/",
        "/public/..%2f..%2fsecret_key",
        "/public/a%00b/",
        "/public/notice.docx",
        "/public/x/notice.exe",
        "/public/x/../notice.pdf",
        "/public//",
        "/public/" + "a" * 3000 + "/",
        "/public/\ud800/".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_an_odd_address_is_not_found(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


@pytest.mark.django_db
def test_no_other_method_is_taken(reader: Client) -> None:
    it = make_publication()
    for path in ("/public/", f"/public/{it.slug}/", "/public/feed.xml", f"/public/{it.slug}/notice.json"):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(reader, method)(path).status_code == 405
        assert reader.head(path).status_code == 200
    assert reader.get("/public/?q=a%00b").status_code == 400


@pytest.mark.django_db
def test_hostile_words_stay_words_on_every_page(reader: Client) -> None:
    it = make_publication(title=EVIL + BIDI, signed_by=EVIL, summary=EVIL + BIDI, text=EVIL, html=f"<p>{EVIL}</p>")
    for path in ("/public/", "/public/?q=alert", "/public/register/", f"/public/{it.slug}/", f"/public/?q={EVIL}"):
        answer = reader.get(path)
        page = Page(answer)
        assert not page.css("script, img, iframe, object, embed, style"), path
        assert not any(name.startswith("on") for element in page.css("*") for name in element.attributes), path
        assert not any(char in answer.content.decode() for char in "\u202e\u2066\x07"), path


@pytest.mark.django_db
def test_line_ends_in_a_title_enter_no_header_and_no_other_element(reader: Client) -> None:
    it = make_publication(title="通报\r\nSet-Cookie: a=b\r\n\r\n<x>]]></title><entry>\x0b\ufffe", summary="\x1b[31m")
    feed = reader.get("/public/feed.xml")
    root = etree.fromstring(feed.content)
    assert len(root.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert "Set-Cookie" not in feed.headers
    assert reader.get(f"/public/{it.slug}/").status_code == 200


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(reader: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["zg.example.cn"]
    assert reader.get("/public/feed.xml", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script><p>文</p>",
        "<p onclick=alert(1)>文</p>",
        "<a href='javascript:alert(1)'>文</a>",
        "<a href='https://elsewhere.example/'>文</a>",
        "<svg><p><style><a title='</style><img src onerror=alert(1)>'>文</a></style></p></svg>文",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>文",
        "<p style='position:fixed'>文</p><form action=/x><input name=a></form>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->文",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>文</p></noscript>文",
        "<template><img src=x onerror=alert(1)></template>文",
        "<p><b><p>文",
        "</div></article><p>文</p>",
        "<x-y>文&#11;&#x202e;&#xfffe;&#0;</x-y>",
    ],
)
def test_a_body_keeps_its_words_and_loses_what_acts(source: str) -> None:
    body = build_body(source, "标题", "表格").html
    assert "文" in body
    lowered = body.lower()
    for word in (
        "<script",
        "onerror",
        "onclick",
        "javascript:",
        "elsewhere",
        "style",
        "<form",
        "<input",
        "<!--",
        "<svg",
    ):
        assert word not in lowered, body
    assert "</article>" not in body
    assert plain_text(body) == body


def test_headings_stand_below_the_title_in_order() -> None:
    body = build_body("<h1>标题</h1><h3>一</h3><h6>（一）</h6><h2>二</h2><h5>1</h5><h5>2</h5>", "标题", "表格")
    assert [(heading.level, heading.text) for heading in body.headings] == [
        (2, "一"),
        (3, "（一）"),
        (2, "二"),
        (3, "1"),
        (3, "2"),
    ]
    assert build_body("", "标题", "表格").headings == ()


def test_what_turns_text_around_is_taken_out() -> None:
    assert plain_text("a\u202eb\u2066c\x00\x1b\n") == "abc\n"


def test_kept_pages_never_take_more_than_allowed() -> None:
    pages = Pages(most=4000)
    for number in range(50):
        pages.get(number, lambda number=number: str(number) * 300)
    assert pages._size <= 4000
    assert pages.get(49, lambda: "other").body == ("49" * 300).encode()
    assert pages.get("huge", lambda: "大" * 9000).body
    assert pages._size <= 4000


def test_what_gongwen_writes_keeps_every_word_and_its_structure() -> None:
    table = TableBlock(
        (("履行监督职责", "4"), ("作风建设", Cell("11", heading=True))), ("方面", "问题"), caption="进展情况"
    )
    blocks = (
        Paragraph("按照统一部署，现将整改情况予以公布。", key="p1"),
        Heading(1, "组织整改落实情况", "一、"),
        Heading(2, "加强领导", "（一）", run_in="成立领导小组，逐项研究。"),
        ListBlock(("逐项核对", "建立制度")),
        table,
    )
    document = OfficialDocument(("关于巡察整改", "情况的通报"), blocks, signature=("中共示例市人民检察院党组",))
    source = to_html(document)
    body = build_body(source, "关于巡察整改情况的通报", "表格")
    assert [(heading.level, heading.text) for heading in body.headings] == [
        (2, "一、组织整改落实情况"),
        (3, "（一）加强领导"),
    ]
    shown = LexborHTMLParser(body.html)
    words = "".join(LexborHTMLParser(source).text().split())
    assert "".join(shown.text().split()) == words.removeprefix("关于巡察整改情况的通报")
    assert [box.attributes["aria-label"] for box in shown.css(".scroll[tabindex]")] == ["进展情况"]
    assert shown.css("th[scope=col]")
    assert not shown.css("article, header, footer")


def test_what_seldom_changes_is_asked_again_after_a_moment() -> None:
    told = iter(range(9))
    remembered = Remembered(lambda: next(told), seconds=60)
    assert [remembered(), remembered()] == [0, 0]
    remembered.forget()
    assert remembered() == 1
    remembered.seconds = 0
    assert remembered() == 2
