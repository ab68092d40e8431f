"""Our own papers have no fault of layout; a file broken in one way has that fault and no other."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gongwen.papers import full_paper
from zhenggai.docparse.errors import UnreadableFile
from zhenggai.gongwen import (
    Annex,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    TableBlock,
    break_title,
    check_layout,
    numbered,
    to_docx,
)
from zhenggai.gongwen.checking import CODES
from zhenggai.gongwen.titles import is_bad_break


def codes(content: bytes) -> list[str]:
    return sorted({issue.code for issue in check_layout(content)})


def small(*blocks: Any, **more: Any) -> OfficialDocument:
    told: dict[str, Any] = {
        "title": ("关于整改进展情况的报告",), "addressee": "市委巡察办", "signature": ("示例市人民检察院巡察整改办公室",),
        "signed_on": date(2025, 1, 6),
    }  # fmt: skip
    body = blocks or (
        Heading(1, "总体情况", "一、"), Heading(2, "组织领导", "（一）"), Paragraph("按照要求开展整改，共完成24项。"),
        Heading(1, "下一步工作", "二、"), Paragraph("持续推进整改。"),
    )  # fmt: skip
    return OfficialDocument(blocks=body, **{**told, **more})


def changed(change: Callable[[Any], None], paper: OfficialDocument | None = None) -> bytes:
    """Return *paper* as Word with *change* done to it."""
    opened = docx.Document(io.BytesIO(to_docx(paper or small())))
    change(opened)
    saved = io.BytesIO()
    opened.save(saved)
    return saved.getvalue()


def _style(name: str, **values: Any) -> Callable[[Any], None]:
    def change(paper: Any) -> None:
        style = next(style for style in paper.styles if style.style_id == name)
        for key, value in values.items():
            if key == "face":
                style.element.rPr.rFonts.set(qn("w:eastAsia"), value)
            elif key == "size":
                style.font.size = Pt(value)
            elif key == "line":
                style.paragraph_format.line_spacing = value
            elif key == "first":
                style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(value))
                style.element.pPr.find(qn("w:ind")).set(qn("w:firstLine"), str(value))
            elif key == "align":
                style.paragraph_format.alignment = value

    return change


def _page(**values: Any) -> Callable[[Any], None]:
    def change(paper: Any) -> None:
        for key, value in values.items():
            setattr(paper.sections[0], key, value)

    return change


def _no_number(paper: Any) -> None:
    for footer in (paper.sections[0].footer, paper.sections[0].even_page_footer):
        for run in list(footer.paragraphs[0].runs):
            run._r.getparent().remove(run._r)


def _bare_number(paper: Any) -> None:
    for footer in (paper.sections[0].footer, paper.sections[0].even_page_footer):
        for text in footer._element.iter(qn("w:t")):
            text.text = (text.text or "").replace("—", "-")


def _centred_number(paper: Any) -> None:
    paper.settings.odd_and_even_pages_header_footer = False
    paper.sections[0].footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _run_of_other_size(paper: Any) -> None:
    body = next(each for each in paper.paragraphs if each.text.startswith("按照"))
    body.runs[0].font.size = Pt(14)


_BROKEN: dict[str, tuple[bytes, list[str]]] = {
    "letter paper": (changed(_page(page_width=Mm(216), page_height=Mm(279))), ["page.size"]),
    "Word's margins": (changed(_page(left_margin=Mm(31.8), right_margin=Mm(31.8), top_margin=Mm(25.4))), ["page.margins"]),
    "no page number": (changed(_no_number), ["page.number"]),
    "hyphens beside the number": (changed(_bare_number), ["page.number_form"]),
    "number in the middle": (changed(_centred_number), ["page.number_place"]),
    "title in 黑体": (changed(_style("GwTitle", face="黑体")), ["title.font"]),
    "title too small": (changed(_style("GwTitle", size=18)), ["title.size"]),
    "title at the left": (changed(_style("GwTitle", align=WD_ALIGN_PARAGRAPH.LEFT)), ["title.align"]),
    "title breaks before 的": (to_docx(small(title=("关于巡察整改进展情况", "的报告"))), ["title.break"]),
    "title too long for a line": (to_docx(small(title=("示例市人民检察院关于落实市委巡察组反馈意见整改进展情况的报告",))), ["title.break"]),
    "no title": (to_docx(small(title=())), ["title.missing"]),
    "body in 宋体": (changed(_style("GwBody", face="宋体")), ["body.font"]),
    "body of 四号": (changed(_style("GwBody", size=14)), ["body.size"]),
    "one run of 四号": (changed(_run_of_other_size), ["body.size"]),
    "no indent": (changed(_style("GwBody", first=0)), ["body.indent"]),
    "lines of 1.5": (changed(_style("GwBody", line=1.5)), ["line.pitch"]),
    "lines of 22 pt": (changed(_style("GwBody", line=Pt(22))), ["line.pitch"]),
    "level one in 仿宋": (changed(_style("Heading1", face="仿宋")), ["heading.font"]),
    "level two in 宋体": (changed(_style("Heading2", face="宋体")), ["heading.font"]),
    "a number left out": (to_docx(small(Heading(1, "甲", "一、"), Heading(1, "乙", "三、"))), ["heading.order"]),
    "a number twice": (to_docx(small(Heading(1, "甲", "一、"), Heading(1, "乙", "一、"))), ["heading.order"]),
    "a level left out": (
        to_docx(small(Heading(1, "甲", "一、"), Heading(2, "乙", "（一）"), Heading(1, "丙", "二、"), Heading(3, "丁", "1."))),
        ["heading.skip"],
    ),
    "two levels left out": (to_docx(small(Heading(1, "甲", "一、"), Heading(4, "乙", "（1）"))), ["heading.skip"]),
    "a sign behind the bracket": (to_docx(small(Heading(1, "甲", "一、"), Heading(2, "乙", "（一）、"))), ["heading.mark"]),
    "narrow brackets": (to_docx(small(Heading(1, "甲", "一、"), Heading(2, "乙", "(一)"))), ["heading.mark"]),
    "ASCII comma": (to_docx(small(Paragraph("按照要求,开展整改。"))), ["text.punctuation"]),
    "ASCII brackets": (to_docx(small(Paragraph("整改办(设在办公室)负责。"))), ["text.punctuation"]),
    "straight quotes": (to_docx(small(Paragraph("落实\"第一议题\"制度。"))), ["text.punctuation"]),
    "mixed date": (to_docx(small(Paragraph("自2024年七月起开展整改。"))), ["text.numerals"]),
    "mixed per cent": (to_docx(small(Paragraph("完成率为百分之98.7。"))), ["text.numerals"]),
    "padded date": (to_docx(small(signed_on="2025年01月06日")), ["date.format"]),
    "dotted date": (to_docx(small(Paragraph("于2025.1.6完成整改。"))), ["date.format"]),
    "Chinese date of signature": (to_docx(small(signed_on="二〇二五年一月六日")), ["date.format"]),
    "square brackets in the number": (to_docx(small(number="示检整改[2025]6号")), ["number.brackets"]),
    "a lone attachment with number": (to_docx(small(attachments=("1.问题清单",))), ["attachment.numbering"]),
    "a stop behind an attachment": (to_docx(small(attachments=("问题清单。",))), ["attachment.punctuation"]),
    "attachments miscounted": (
        to_docx(small(attachments=("问题清单", "责任清单"), annexes=(
            Annex(("问题清单",), (Paragraph("略。"),), "附件1"), Annex(("责任清单",), (Paragraph("略。"),), "附件3")))),
        ["attachment.numbering"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", _BROKEN)
def test_a_broken_file_has_exactly_its_fault(fault: str) -> None:
    content, expected = _BROKEN[fault]
    found = check_layout(content)
    assert sorted({issue.code for issue in found}) == expected, found
    assert set(expected) <= set(CODES)
    for issue in (each.describe() for each in found):
        assert issue.place and issue.found and issue.expected and issue.hint
    for issue in (each.describe(lambda words: f"<{words}>") for each in found):
        words = (issue.place, issue.found, issue.expected, issue.hint)
        assert all(each.startswith("<") and "%(" not in each for each in words), words


def test_every_code_has_a_broken_file() -> None:
    assert {code for _, expected in _BROKEN.values() for code in expected} == set(CODES)


def test_a_full_paper_of_ours_has_no_fault() -> None:
    assert check_layout(to_docx(full_paper())) == ()
    assert check_layout(to_docx(small())) == ()


_clean = st.text(st.sampled_from("整改巡察问题责任销号建立健全完善制度推进落实"), min_size=2, max_size=60)


@st.composite
def _orderly(draw: st.DrawFn) -> OfficialDocument:
    blocks: list[Any] = [Paragraph(draw(_clean) + "。")]
    for one in range(1, draw(st.integers(0, 4)) + 1):
        blocks.append(Heading(1, draw(_clean), numbered(1, one)))
        for two in range(1, draw(st.integers(0, 3)) + 1):
            blocks.append(Heading(2, draw(_clean) + "。", numbered(2, two), run_in=draw(_clean) + "。"))
            blocks += [Heading(3, draw(_clean), numbered(3, three)) for three in range(1, draw(st.integers(0, 3)) + 1)]
            if draw(st.booleans()):
                blocks.append(TableBlock((("甲", "乙"),), ("序号", "问题")))
        blocks.append(Paragraph(draw(_clean) + "。"))
    names = draw(st.lists(_clean, max_size=3))
    annexes = tuple(
        Annex(
            break_title(name),
            (Paragraph("略。"),),
            f"附件{index}" if len(names) > 1 else "附件",
            draw(st.sampled_from(Orientation)),
        )
        for index, name in enumerate(names, start=1)
    )
    return small(
        *blocks,
        title=break_title(draw(_clean)),
        attachments=tuple(names),
        annexes=annexes,
        signed_on=draw(st.dates(date(1999, 1, 1), date(2099, 12, 31))),
    )


@settings(deadline=None, max_examples=40)
@given(_orderly())
def test_what_is_written_in_order_has_no_fault(paper: OfficialDocument) -> None:
    assert check_layout(to_docx(paper)) == ()


@pytest.mark.parametrize("where", ["defaults", "base style", "own style", "run"])
def test_type_is_found_wherever_it_is_set(where: str) -> None:
    """A foreign file without one style of ours, its type set at one of the places Word knows."""
    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    base, own = paper.styles["Normal"], paper.styles.add_style("正文甲", 1)
    own.base_style = base
    defaults = paper.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts = defaults.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    line = paper.add_paragraph("整改工作的总体情况如下。", style=own)
    line.paragraph_format.line_spacing, line.paragraph_format.first_line_indent = Pt(28), Pt(32)
    places = {"base style": base, "own style": own, "run": line.runs[0]}
    if where == "defaults":
        fonts.set(qn("w:eastAsia"), "FangSong")
        defaults.find(qn("w:sz")).set(qn("w:val"), "32")
        base.element.get_or_add_rPr()
    else:
        font = places[where].font
        font.size, font.name = Pt(16), "FangSong"
        font._element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "FangSong")
    saved = io.BytesIO()
    paper.save(saved)
    assert not {"body.font", "body.size", "body.indent", "line.pitch", "page.margins"} & set(codes(saved.getvalue()))
    if where == "run":
        line.runs[0].font.size = Pt(12)
        saved = io.BytesIO()
        paper.save(saved)
        (issue,) = [issue.describe() for issue in check_layout(saved.getvalue()) if issue.code == "body.size"]
        assert (issue.found, issue.expected, issue.paragraph) == ("小四（12磅）", "三号（16磅）", 1)


def test_marks_of_a_template_are_no_faults() -> None:
    paper = small(Paragraph("{%p for line in lines %}"), Paragraph("{{ line['a, b'] }}。"), Paragraph("{%p endfor %}"))
    assert check_layout(to_docx(paper)) == ()


def test_what_is_no_word_file_is_refused() -> None:
    for content in (b"", b"PK\x03\x04 broken", b"<html>"):
        with pytest.raises(UnreadableFile):
            check_layout(content)


def test_titles_break_where_words_end() -> None:
    for title in (
        "中共示例市人民检察院党组关于市委第三巡察组巡察反馈意见集中整改进展情况的通报",
        "示例市人民检察院关于印发《巡察整改工作台账管理和对账销号办法（试行）》的通知",
        "关于巡察整改情况的报告",
    ):
        lines = break_title(title)
        assert "".join(lines) == title
        assert all(len(line) <= 20 for line in lines)
        assert not any(is_bad_break(above, below) for above, below in pairwise(lines))
    assert break_title("") == ()
    assert re.fullmatch(r"整+", "".join(break_title("整" * 75)))


def test_equal_faults_are_told_once_with_their_number() -> None:
    paper = replace(small(), blocks=tuple(Paragraph("持续推进整改。") for _ in range(5)))
    (issue,) = check_layout(changed(_style("GwBody", size=14), paper))
    assert issue.count == 5
    assert issue.describe().place.endswith("等5处")


@pytest.mark.parametrize("words", ["1" * 40_000, "一" * 40_000, "整改,", "a." * 20_000, "整" * 40_000])
def test_a_hostile_file_costs_no_more_than_its_length(words: str) -> None:
    began = time.monotonic()
    check_layout(to_docx(small(*[Paragraph(words)] * (1 if len(words) > 100 else 4_000))))
    assert time.monotonic() - began < 20


def test_what_is_no_paper_is_refused() -> None:
    for paper in (small(Paragraph("整" * 60_000)), small(*[Paragraph("整")] * 61_000)):
        with pytest.raises(UnreadableFile):
            check_layout(to_docx(paper))
