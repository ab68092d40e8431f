"""Web pages as Chinese public bodies publish them: content kept whole, chrome left out, lists numbered, tables told apart."""

from __future__ import annotations

import pytest

from tests.docparse.readers.builders import page
from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import TooDeep
from zhenggai.docparse.reading import read_document

TITLE = "中共示例市水利局党组关于巡察整改进展情况的通报"
PARAGRAPHS = [
    "按照市委统一部署，市委第四巡察组于2024年3月7日至6月10日对市水利局党组开展了巡察，现将整改情况予以公布。",
    "一、组织整改落实情况",
    "（一）提高政治站位。局党组召开会议5次，研究部署整改工作，逐项制定措施。",
    "二、反馈问题整改情况",
    "1.关于“学习研讨不深入”的问题。",
    "整改完成情况：制定学习计划，开展集中学习12次，交流研讨6次。",
    "2.关于“工程资金监管有漏洞”的问题。",
    "整改完成情况：修订资金管理办法，追回资金3万元，约谈责任人2名。",
    "联系方式：电话0000-1234567；邮政信箱：示例市和平路1号；电子邮箱：sl@example.invalid。",
    "中共示例市水利局党组",
    "2025年1月16日",
]
CHROME = ["首页", "机构概况", "版权所有", "分享到", "上一篇", "字体", "热点新闻", "ICP备", "网站地图", "打印"]
NAV = '<ul><li><a href="/">首页</a></li><li><a href="/a">机构概况</a></li><li><a href="/b">政务公开</a></li><li><a>互动交流</a></li></ul>'
LINKS = "<h4>热点新闻</h4>" + "".join(
    f'<li><a href="/{n}">我市召开水利工作会议第{n}次</a> 2025-01-0{n}</li>' for n in range(1, 7)
)
FOOT = "版权所有：示例市水利局 主办单位：示例市水利局 示例ICP备00000000号 网站标识码0000000000 地址：示例市和平路1号，邮编000000。"
INFO = "发布时间：2025-01-22 09:30　来源：示例市水利局　浏览次数：123　【字体：大 中 小】"
PS = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
BRS = "<br>".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{text}" for text in PARAGRAPHS)
DIVS = "".join(
    f'<div style="text-indent:2em"><span style="font-family:仿宋">{text}</span></div>' for text in PARAGRAPHS
)

LAYOUTS = {
    "modern": f'<header class="hd">{NAV}</header><main><div class="crumb">您的位置：<a>首页</a> > <a>公示</a></div><article><h1>{TITLE}</h1>'
    f'<p class="info">{INFO}</p><div class="TRS_Editor">{PS}</div><div class="bdsharebuttonbox">分享到：<a>微信</a></div>'
    f"<p>上一篇：<a>关于放假的通知</a></p></article><aside>{LINKS}</aside></main><footer>{FOOT} <a>网站地图</a></footer>",
    "divs without names": f"<div><div>{NAV}</div><div><div>当前位置：首页 > 公示公告</div><div><div>{TITLE}</div><div>{INFO}</div>"
    f"<div>{DIVS}</div><div>【打印】【关闭】</div></div></div><div><ul>{LINKS}</ul></div><div>{FOOT}</div></div>",
    "tables for layout": f"<table width=980 align=center><tr><td colspan=2>{NAV}</td></tr><tr><td width=220 valign=top><table>"
    f"<tr><td>热点新闻</td></tr>{''.join(f'<tr><td><a>动态信息第{n}条标题</a></td></tr>' for n in range(8))}</table></td><td><table>"
    f"<tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr><tr><td align=center>{INFO}</td></tr>"
    f"<tr><td>{BRS}</td></tr><tr><td align=right>【<a>打印</a>】【<a>关闭</a>】</td></tr></table></td></tr>"
    f"<tr><td colspan=2 align=center>{FOOT}</td></tr></table>",
    "one line per nested table row": f"<table><tr><td>{NAV}</td></tr></table><center><table><tr><td><h2>{TITLE}</h2></td></tr>"
    + "".join(f"<tr><td><p>{text}</p></td></tr>" for text in PARAGRAPHS)
    + f"</table></center><table><tr><td>{FOOT}</td></tr></table>",
    "title and text in separate boxes": f'<div id="top">{NAV}</div><div class="w1200"><div class="arc-title"><h1>{TITLE}</h1></div>'
    f'<div class="arc-info">{INFO}</div></div><div class="w1200"><div id="zoom"><p>{PARAGRAPHS[0]}</p><div>'
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:9])
    + f'</div></div></div><div class="w1200"><div class="sign"><p>{PARAGRAPHS[9]}</p><p>{PARAGRAPHS[10]}</p></div></div>'
    f'<div class="w1200 relate"><h3>相关链接</h3><ul>{LINKS}</ul></div><div class="footer">{FOOT}</div>',
    "unclosed tags and stray markup": f"<div id=header>{NAV}<div class=main><h1>{TITLE}</h1><p>{INFO}"
    + "".join(f"<P class=MsoNormal><o:p></o:p><SPAN lang=EN-US>{text}</SPAN>" for text in PARAGRAPHS)
    + f"</div><div class=footer>{FOOT}",
}


def read(data: bytes, name: str = "page.html") -> Document:
    document = read_document(data, name=name)
    for block in document.blocks:
        assert document.text[block.start : block.end] == block.text
    return document


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_content_is_kept_whole_and_chrome_left_out(layout: str, charset: str) -> None:
    document = read(page(LAYOUTS[layout], head=f"<title>{TITLE}-示例市水利局</title>", charset=charset))
    texts = [block.text for block in document.blocks]
    assert texts == [TITLE, *PARAGRAPHS]
    assert not [word for word in CHROME if word in document.text]


@pytest.mark.parametrize("layout", ["modern", "divs without names", "tables for layout"])
def test_facts_of_the_chrome_stand_in_meta(layout: str) -> None:
    document = read(page(LAYOUTS[layout], head=f"<title>{TITLE}_示例市水利局</title>"))
    assert document.meta["published"] == "2025-01-22"
    assert document.meta["source"] == "示例市水利局"
    assert document.title == TITLE


def test_lists_count_as_browsers_do() -> None:
    body = (
        '<div id="zoom"><p>整改情况如下，请予监督，欢迎提出意见。</p><ol start="3"><li>甲项整改，已完成。</li>'
        '<li value="7">乙项整改，已完成。<ol type="a"><li>其一，建章立制。</li><li>其二，加强监督。</li></ol></li><li>丙项整改，已完成。</li></ol>'
        '<ol reversed><li>倒数，已完成。</li><li>最后，已完成。</li></ol><ol style="list-style-type:simp-chinese-informal"><li>中文，已完成。</li></ol>'
        '<ol class="none"><li>无号，已完成。</li></ol><ol><li>1.自带编号，已完成。</li><li>2.自带编号，已完成。</li></ol>'
        "<ul><li>圆点，已完成。</li></ul><ol type=I><li><p>首段，已完成。</p><p>次段，已完成。</p></li></ol></div>"
    )
    document = read(page(body, head="<style>/* x */ .none, .b li {list-style:none}</style>"))
    assert [(block.label, block.list_level) for block in document.blocks] == [
        ("", -1), ("3.", 0), ("7.", 0), ("a.", 1), ("b.", 1), ("8.", 0), ("2.", 0), ("1.", 0), ("一、", 0), ("", 0),
        ("", 0), ("", 0), ("•", 0), ("I.", 0), ("", 0),
    ]  # fmt: skip


def test_data_tables_keep_their_spans_and_layout_tables_become_paragraphs() -> None:
    data = (
        "<table border=1><caption>整改清单</caption><tr><th rowspan=2>序号</th><th colspan=2>整改</th></tr><tr><th>问题</th><th>措施</th></tr>"
        "<tr><td>1</td><td>学习不够</td><td>制定计划<br>开展学习<ol><li>领学</li><li>自学</li></ol></td></tr></table>"
    )
    document = read(page(f"<div id=zoom><p>{PARAGRAPHS[0]}</p>{data}<p>{PARAGRAPHS[2]}</p></div>"))
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]
    (table,) = document.tables()
    assert table.name == "整改清单"
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == [
        ["序号", "整改", "整改"],
        ["序号", "问题", "措施"],
        ["1", "学习不够", "制定计划\n开展学习\n1.领学\n2.自学"],
    ]


def test_hidden_words_are_left_out_and_noted() -> None:
    body = (
        f'<div id="zoom"><p>{PARAGRAPHS[0]}</p><p style="display:none">暗藏一</p><p class="h">暗藏二</p><div hidden>暗藏三</div>'
        f'<font style="font-size:0px">暗藏四</font><div style="position:absolute;left:-9999px">暗藏五</div><p>{PARAGRAPHS[2]}</p></div>'
    )
    document = read(
        page(body, head="<style>@media print{p{display:none}} div#zoom .h{display:none !important}</style>")
    )
    assert "暗藏" not in document.text and [block.text for block in document.blocks] == [PARAGRAPHS[0], PARAGRAPHS[2]]
    assert any(note.kind == "hidden_text" and "暗藏一" in note.text for note in document.notes)


def test_a_page_that_a_script_uncovers_is_read() -> None:
    document = read(page(f'<div>载入中</div><div id="zoom" style="display:none">{PS}{PS}</div>'))
    assert PARAGRAPHS[0] in document.text


def test_a_page_wrapped_in_a_form_and_deep_font_soup_is_read() -> None:
    soup = "".join(f"<div><font><span><font><b></b>{text}</font></span></font></div>" for text in PARAGRAPHS)
    body = f'<form id="aspnetForm"><input type=hidden value=x><div class="nav">{NAV}</div><div class="con">{soup}</div><div>{FOOT}</div></form>'
    assert [block.text for block in read(page(body)).blocks] == PARAGRAPHS


def test_look_of_lines_is_told() -> None:
    body = (
        f"<div id=zoom><p align=center><b>{TITLE}</b></p><p><strong>一、组织情况</strong><br>　　会议召开，部署工作。</p>"
        '<p style="font-family:黑体">二、整改情况</p><h2>三、成效</h2><p style="text-indent:2em">正文，一段。</p></div>'
    )
    blocks = read(page(body)).blocks
    assert [block.bold for block in blocks] == [True, True, False, True, True, False]
    assert blocks[0].centered and not blocks[1].centered
    assert blocks[4].heading_level == 2 and blocks[4].kind == "heading"
    assert [block.indent for block in blocks][2::3] == [2.0, 2.0]


def test_breaks_inside_chinese_source_lines_vanish_and_entities_are_resolved() -> None:
    body = "<div><p>关于&ldquo;学习\n   不深入&rdquo;的问题，已整改&#12290;Word\nfile</p><pre>第一行，已完成\n第二行，已完成</pre></div>"
    assert read(page(body)).text == "关于“学习不深入”的问题，已整改。Word file\n第一行，已完成\n第二行，已完成"


def test_a_wrong_charset_is_seen_through() -> None:
    data = page(PS, head=f"<title>{TITLE}</title>", charset="gb18030").replace(b"gb18030", b"utf-8")
    document = read(data)
    assert PARAGRAPHS[0] in document.text
    assert [note.kind for note in document.notes] == ["encoding_guessed"]


def test_a_page_saved_as_doc_or_archive_is_read_as_a_page() -> None:
    assert read(page(LAYOUTS["modern"]), name="通报.doc").format == "html"
    archive = (
        b'From: <Saved by Browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="XX"\r\n\r\n--XX\r\n'
        b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\nContent-Location: http://sl.example.invalid/1.html\r\n\r\n'
    )
    import base64

    data = archive + base64.encodebytes(page(LAYOUTS["modern"])) + b"\r\n--XX--\r\n"
    document = read(data, name="通报.doc")
    assert [block.text for block in document.blocks] == [TITLE, *PARAGRAPHS]
    assert document.meta["source_url"] == "http://sl.example.invalid/1.html"


def test_a_list_of_links_is_read_rather_than_nothing() -> None:
    links = "".join(
        f"<li><a href=/{n}>示例市第{n}轮巡察整改公告</a><span>2025-01-0{n}</span></li>" for n in range(1, 9)
    )
    assert "第3轮巡察整改公告" in read(page(f"<div class=list><ul>{links}</ul></div>")).text


def test_ten_thousand_nested_tables_and_unclosed_items_are_no_problem() -> None:
    deep = "<table><tr><td>" * 900 + "最深处的一句话，已完成。" + "</td></tr></table>" * 900
    assert "最深处" in read(page(deep)).text
    assert len(read(page("<ul>" + "<li>一条，已完成。" * 9000 + "</ul>")).blocks) == 9000
    with pytest.raises(TooDeep):
        read(page("<table><tr><td>" * 10_000 + "深" + "</td></tr></table>" * 10_000))
    with pytest.raises(TooDeep):
        read(page("<div>" * 60_000 + "深"))
