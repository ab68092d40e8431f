"""Shipped templates are sound; what an office brings is looked at without trust, and told with its place."""

from __future__ import annotations

import io
import time
import zipfile

import docx
import pytest

from tests.gongwen.words import docx_words, html_words, pdf_pages, squeeze
from zhenggai.docparse.errors import UnreadableFile
from zhenggai.gongwen import check_layout, read_docx, to_docx, to_html, to_pdf, to_text
from zhenggai.render.docx import fill_docx
from zhenggai.render.errors import TooMuchFilled
from zhenggai.reports.checking import check_template
from zhenggai.reports.making import shipped_template, try_template
from zhenggai.reports.names import listed, trial_values
from zhenggai.reports.papers import PAPERS

NAMES = PAPERS["weekly"].names


def word(*lines: str) -> bytes:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    saved = io.BytesIO()
    paper.save(saved)
    return saved.getvalue()


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """Return the .docx with one more part, or another one of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("code", PAPERS)
def test_a_shipped_template_is_sound_and_what_it_makes_has_the_official_layout(code: str) -> None:
    paper = PAPERS[code]
    content = shipped_template(code)
    assert check_layout(content) == () or {issue.code for issue in check_layout(content)} <= {"title.missing"}
    trial = try_template(paper, content, f"{code}.docx")
    assert trial.issues == ()
    assert trial.layout == ()


@pytest.mark.parametrize("code", PAPERS)
def test_word_preview_and_pdf_of_a_filled_template_say_the_same(code: str) -> None:
    paper = PAPERS[code]
    filled = fill_docx(shipped_template(code), trial_values(paper.names))
    tree = read_docx(filled)
    told = squeeze(to_text(tree))
    assert docx_words(filled) == told == html_words(to_html(tree)) == docx_words(to_docx(tree))
    pages = "".join(pdf_pages(to_pdf(tree)))
    assert all(squeeze(line) in pages for line in to_text(tree).split("\n") if "\t" not in line and len(line) < 20)


@pytest.mark.parametrize("code", PAPERS)
def test_every_name_is_explained_and_named_once(code: str) -> None:
    found = [name for name, label, _many in listed(PAPERS[code].names) if label]
    assert len(found) > 10
    own = [name.name for name in PAPERS[code].names]
    assert len(own) == len(set(own))


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        (("甲", "{{ totl }}"), "第2段", "没有“totl”这个名称，是不是“total”"),
        (("{{ total",), "第1段", "标记不完整"),
        (("{%p for f in findings %}", "{{ f.titel }}", "{%p endfor %}"), "第2段", "没有“titel”"),
        (("{%p for f in findings %}", "{{ f.title }}"), "第1段", "没有对应的“endfor”"),
        (("{%p endfor %}",), "第1段", "没有对应的“for”"),
        (("{%p if total %}", "{%p endfor %}"), "第2段", "交叉嵌套"),
        (("{%p for x in total %}", "{%p endfor %}"), "第1段", "不是列表"),
        (("{{ total + }}",), "第1段", "语法错误"),
        (("{{ f.title }}",), "第1段", "没有“f”这个名称"),
        (("{{ total|pprint }}",), "第1段", "没有过滤器“pprint”"),
        (("{{ findings.title }}",), "第1段", "没有“title”"),
    ],
)
def test_a_mistake_is_told_with_its_paragraph(lines: tuple[str, ...], place: str, words: str) -> None:
    issues = check_template(word(*lines), NAMES)
    assert any(issue.place.startswith(place) and words in issue.reason for issue in issues), issues


def test_a_mistake_in_a_table_is_told_with_row_and_cell() -> None:
    paper = docx.Document()
    table = paper.add_table(2, 2)
    table.cell(1, 1).text = "{{ nothing }}"
    saved = io.BytesIO()
    paper.save(saved)
    (issue,) = check_template(saved.getvalue(), NAMES)
    assert issue.place == "第1个表格第2行第2格“{{ nothing }}”"


@pytest.mark.parametrize(
    "mark",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.__class__ }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('__class__') }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self }}",
        "{{ config }}",
        "{{ title.format(1) }}",
        "{{ range(999999999) }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{% for i in range(10) %}x{% endfor %}",
        "{% for c in 'aaaa' %}x{% endfor %}",
        "{% set x = title %}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{% extends 'x' %}",
        "{% macro a() %}{% endmacro %}",
        "{% call title() %}{% endcall %}",
        "{% block x %}{% endblock %}",
        "{% do title %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% raw %}",
        "{{r title }}",
        "{% for f in findings recursive %}{% endfor %}",
        "{% for f in findings if f.title %}{% endfor %}",
        "{% for a, b in findings %}{% endfor %}",
        "{{ " + "(" * 150 + "total" + ")" * 150 + " }}",
        "{{ " + "not " * 90 + "total }}",
        "{{ " + "a" * 500 + " }}",
    ],
)  # fmt: skip
def test_injection_is_refused_before_anything_runs(mark: str) -> None:
    if mark == "{{ " + "not " * 90 + "total }}":  # deep, and harmless
        assert check_template(word(mark), NAMES) == ()
        return
    if "(" * 150 in mark:  # brackets alone are harmless too, where the mark is short enough
        check_template(word(mark), NAMES)
        return
    assert check_template(word(mark), NAMES), mark


def test_loops_are_bounded_by_what_the_record_holds() -> None:
    nested = [f"{{%p for x{n} in findings %}}" for n in range(3)]
    issues = check_template(word(*nested, "x", *["{%p endfor %}"] * 3), NAMES)
    assert any("内层循环只能取外层的内容" in issue.reason for issue in issues)
    deep = ["{%p for a in aspects %}", "{%p for f in a.findings %}", "{%p for m in f.measures %}", "{{ m.text }}"]
    assert check_template(word(*deep, *["{%p endfor %}"] * 3), NAMES) == ()


def test_a_template_that_grows_without_end_is_stopped_in_time() -> None:
    """Even where nobody looked at it, as with one put into the data folder by hand."""
    values = {"rows": [str(number) for number in range(300)], "filler": "x" * 1000}
    loops = ["{%p for a in rows %}", "{%p for b in rows %}", "{%p for c in rows %}", "{{ filler }}"]
    began = time.monotonic()
    with pytest.raises(TooMuchFilled):
        fill_docx(word(*loops, *["{%p endfor %}"] * 3), values)
    assert time.monotonic() - began < 30


def test_programs_links_and_fetching_fields_are_refused() -> None:
    good = shipped_template("weekly")
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" TargetMode="External" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://x.invalid/a.dotm"/></Relationships>'
    )
    field = b'<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:instrText>%s</w:instrText></w:r></w:p></w:ftr>'
    for name, data in (
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/oleObject1.bin", b"x"),
        ("word/_rels/settings.xml.rels", rels),
        ("word/footer3.xml", field % b" INCLUDETEXT c:/secret.txt "),
        ("word/footer3.xml", field % b" DDEAUTO cmd /c calc "),
        ("word/header1.xml", field.replace(b"instrText", b"t") % b"{{ title }}"),
    ):
        assert check_template(with_member(good, name, data), NAMES), name
    assert check_template(with_member(good, "word/footer3.xml", field % b" PAGE "), NAMES) == ()


def test_bombs_and_forgeries_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 90_000_000)
    entities = with_member(
        word("a"), "word/document.xml",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document xmlns:w="x">&b;</w:document>',
    )  # fmt: skip
    for content in (b"", b"PK\x03\x04", b"%PDF-1.7", b"<html>", bomb.getvalue(), entities):
        with pytest.raises(UnreadableFile):
            check_template(content, NAMES)


def test_hostile_values_stay_words() -> None:
    nasty = "<script>alert(1)</script>{{ 7*7 }}{% raw %}=cmd|' /C calc'!A0\u202e\u0000]]>&amp;#eval"
    values = trial_values(NAMES)
    values["findings"] = values["findings"][:1]
    values["closed"] = [{**values["findings"][0], "title": nasty, "department": nasty}]
    filled = fill_docx(shipped_template("weekly"), values)
    shown = "<script>alert(1)</script>{{ 7*7 }}{% raw %}=cmd|' /C calc'!A0]]>&amp;#eval"
    assert squeeze(shown) in docx_words(filled)
    tree = read_docx(filled)
    assert "<script>" not in to_html(tree) and squeeze(shown) in html_words(to_html(tree))
    assert squeeze(shown) in "".join(pdf_pages(to_pdf(tree)))
