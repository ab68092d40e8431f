"""Word, PDF, HTML and text of one tree say the same, whatever it says; nothing in it acts."""

from __future__ import annotations

from collections import Counter

from hypothesis import Phase, given, settings

from tests.gongwen.papers import documents, full_paper
from tests.gongwen.words import docx_words, html_words, pdf_words, squeeze
from zhenggai.gongwen import Heading, OfficialDocument, Paragraph, read_docx, to_docx, to_html, to_pdf, to_text
from zhenggai.gongwen.pieces import Grid, pieces
from zhenggai.gongwen.tree import as_cell


# Shrinking would set hundreds of papers in type.
@settings(deadline=None, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(documents)
def test_every_output_says_the_same(paper: OfficialDocument) -> None:
    told = squeeze(to_text(paper))
    assert docx_words(to_docx(paper)) == told
    assert squeeze(to_text(read_docx(to_docx(paper)))) == told
    assert html_words(to_html(paper)) == told
    shown = pdf_words(to_pdf(paper), paper)
    if _has_cells_of_lines(paper):  # poppler reads across such a cell and its neighbour
        assert not Counter(told) - Counter(shown)
    else:
        assert shown == told


def _has_cells_of_lines(paper: OfficialDocument) -> bool:
    grids = [piece.table for piece in pieces(paper) if isinstance(piece, Grid)]
    return any("\n" in as_cell(cell).text for grid in grids for row in grid.rows for cell in row)


def test_a_full_paper_says_everything_once_in_order() -> None:
    paper = full_paper()
    told = to_text(paper)
    assert told.split("\n")[:6] == [
        "示例市人民检察院",
        "巡察整改工作领导小组办公室",
        "示检整改〔2025〕6号",
        "中共示例市人民检察院党组关于",
        "市委第三巡察组巡察反馈意见",
        "集中整改进展情况的通报",
    ]
    assert (
        "一、履行主体责任方面\n（一）学习贯彻不够深入的问题。党组召开专题会议12次，已完成整改。\n1.压实责任\n（1）建立台账"
        in told
    )
    assert "\n附件：1.问题清单\n2.责任清单\n" in told
    assert "\n2025年1月6日\n（联系人：李某，电话：0000-0000000）\n附件1\n问题清单\n" in told
    assert told.endswith("抄送：市委巡察办。\n示例市人民检察院办公室\t2025年1月7日印发")
    assert docx_words(to_docx(paper)) == html_words(to_html(paper)) == pdf_words(to_pdf(paper), paper) == squeeze(told)


def test_the_same_tree_gives_the_same_bytes() -> None:
    assert to_docx(full_paper()) == to_docx(full_paper())
    assert to_pdf(full_paper()) == to_pdf(full_paper())


def test_html_is_made_of_real_headings_lists_and_tables_and_nothing_in_it_acts() -> None:
    paper = OfficialDocument(
        ("题<script>",),
        (Heading(2, "<b>甲</b>", key='a" onclick="x'), Paragraph("<img src=x onerror=alert(1)>")),
    )
    made = to_html(paper, level=2)
    assert '<h2 class="gw-title">题&lt;script&gt;</h2>' in made
    assert '<h4 class="gw-h gw-h2" id="aonclickx">&lt;b&gt;甲&lt;/b&gt;</h4>' in made
    assert "<img" not in made and "<script" not in made
    whole = to_html(full_paper())
    for mark in (
        '<th scope="col">序号</th>',
        '<th scope="row">审核意见</th>',
        "<caption",
        "<li>（1）第一项措施；</li>",
        '<h1 class="gw-title">',
    ):
        assert mark in whole
