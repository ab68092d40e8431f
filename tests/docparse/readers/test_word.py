"""Word files: numbering, styles, tables, revisions, boxes, notes, fields."""

from __future__ import annotations

import pytest

from tests.docparse.readers.builders import W, level, members_of, numbered, p, word, word_by_library, zipped
from zhenggai.docparse.document import Document
from zhenggai.docparse.reading import read_document

HEADINGS = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="单位标题"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b2"><w:name w:val="标题 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="hei"><w:name w:val="黑体段"/><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="toc"><w:name w:val="toc 1"/></w:style>'
)

SPAN, RESTART = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'


def read(data: bytes) -> Document:
    document = read_document(data, name="通报.docx")
    for block in document.blocks:
        assert document.text[block.start : block.end] == block.text
        for cell in block.table.cells if block.table else ():
            assert document.text[cell.start : cell.end] == cell.text
    return document


def labels(document: Document) -> list[str]:
    return [block.label for block in document.blocks]


def abstract(*levels: str, number: int = 0, head: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{head}{"".join(levels)}</w:abstractNum>'


def num(identifier: int, of: int = 0, overrides: str = "") -> str:
    return f'<w:num w:numId="{identifier}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        ("chineseCounting", "%1、", ["一、", "二、", "十、", "十一、", "二十一、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（十）", "（十一）", "（二十一）"]),
        ("japaneseCounting", "%1、", ["一、", "二、", "十、", "十一、", "二十一、"]),
        ("chineseLegalSimplified", "第%1条", ["第壹条", "第贰条", "第壹拾条", "第壹拾壹条", "第贰拾壹条"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "癸、", "甲、", "甲、"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "⑩", "⑪", "㉑"]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②", "⑩", "⑪", "㉑"]),
        ("decimalFullWidth", "%1．", ["１．", "２．", "１０．", "１１．", "２１．"]),
        ("decimal", "问题%1", ["问题1", "问题2", "问题10", "问题11", "问题21"]),
        ("decimalZero", "%1", ["01", "02", "10", "11", "21"]),
        ("upperRoman", "%1.", ["I.", "II.", "X.", "XI.", "XXI."]),
        ("lowerLetter", "%1)", ["a)", "b)", "j)", "k)", "u)"]),
        ("none", "", ["", "", "", "", ""]),
        ("bullet", "\uf0b7", ["•"] * 5),
    ],
)
def test_numbers_print_as_word_prints_them(style: str, text: str, expected: list[str]) -> None:
    body = "".join(numbered(f"条{index}", 1) for index in range(1, 22))
    document = read(word(body, numbering=abstract(level(0, style, text)) + num(1)))
    assert [labels(document)[index - 1] for index in (1, 2, 10, 11, 21)] == expected


def test_levels_restart_below_and_print_the_levels_above() -> None:
    numbering = abstract(
        level(0, "chineseCounting", "%1、"),
        level(1, "decimal", "%2."),
        level(2, "decimal", "%1.%2.%3", extra="<w:isLgl/>"),
    ) + num(1)
    order = [0, 1, 1, 2, 2, 0, 1, 2]
    document = read(word("".join(numbered("段", 1, depth) for depth in order), numbering=numbering))
    assert labels(document) == ["一、", "1.", "2.", "1.2.1", "1.2.2", "二、", "1.", "2.1.1"]
    assert [block.list_level for block in document.blocks] == order


def test_nums_of_one_definition_count_on_unless_their_start_is_overridden() -> None:
    numbering = (
        abstract(level(0, "decimal", "%1."))
        + num(1)
        + num(2)
        + num(3, overrides='<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    )
    document = read(word("".join(numbered("段", number) for number in (1, 1, 2, 3, 3, 1)), numbering=numbering))
    assert labels(document) == ["1.", "2.", "3.", "5.", "6.", "7."]


def test_a_level_that_never_restarts_counts_through() -> None:
    numbering = abstract(
        level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.", extra='<w:lvlRestart w:val="0"/>')
    )
    body = "".join(numbered("段", 1, depth) for depth in (0, 1, 1, 0, 1))
    assert labels(read(word(body, numbering=numbering + num(1)))) == ["一、", "1.", "2.", "二、", "3."]


def test_numbering_comes_by_style_and_is_switched_off_by_zero() -> None:
    styles = HEADINGS + (
        '<w:style w:type="paragraph" w:styleId="item"><w:name w:val="条目"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="sub"><w:name w:val="子条目"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = abstract(
        level(0, "decimal", "%1.", extra='<w:pStyle w:val="item"/>'),
        level(1, "decimal", "(%2)", extra='<w:pStyle w:val="sub"/>'),
    ) + num(1)
    item, sub = '<w:pStyle w:val="item"/>', '<w:pStyle w:val="sub"/>'
    off = item + '<w:numPr><w:numId w:val="0"/></w:numPr>'
    document = read(
        word(p("甲", item) + p("乙", sub) + p("丙", off) + p("丁", item), styles=styles, numbering=numbering)
    )
    assert labels(document) == ["1.", "(1)", "", "2."]


def test_numbering_follows_a_style_link() -> None:
    numbering = (
        abstract(number=0, head='<w:numStyleLink w:val="多级"/>')
        + abstract(level(0, "chineseCounting", "%1是"), number=1, head='<w:styleLink w:val="多级"/>')
        + num(1, of=0)
        + num(2, of=1)
    )
    assert labels(read(word(numbered("抓学习", 1) + numbered("抓落实", 1), numbering=numbering))) == ["一是", "二是"]


def test_empty_numbered_paragraphs_count_but_are_no_blocks() -> None:
    body = numbered("甲", 1) + numbered("", 1) + numbered("乙", 1)
    assert labels(read(word(body, numbering=abstract(level(0, "decimal", "%1.")) + num(1)))) == ["1.", "3."]


def test_headings_come_by_style_inheritance_local_names_and_outline_levels() -> None:
    body = (
        p("甲", '<w:pStyle w:val="x"/>')
        + p("乙", '<w:pStyle w:val="b2"/>')
        + p("丙", '<w:outlineLvl w:val="2"/>')
        + p("丁", '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
        + p("戊")
    )
    document = read(word(body, styles=HEADINGS))
    assert [block.heading_level for block in document.blocks] == [1, 2, 3, 0, 0]
    assert [block.kind for block in document.blocks] == ["heading", "heading", "heading", "paragraph", "paragraph"]


def test_bold_centred_and_indented_are_told() -> None:
    body = (
        p("全加粗", run="<w:b/>")
        + f"<w:p>{'<w:r><w:rPr><w:b/></w:rPr><w:t>半</w:t></w:r>'}<w:r><w:t>粗</w:t></w:r></w:p>"
        + p("黑体", run='<w:rFonts w:eastAsia="黑体"/>')
        + p("样式黑体", '<w:pStyle w:val="hei"/>')
        + p("不粗", run='<w:b w:val="0"/>')
        + p("居中", '<w:jc w:val="center"/>')
        + p("缩进", '<w:ind w:firstLineChars="200"/>')
    )
    document = read(word(body, styles=HEADINGS))
    assert [block.bold for block in document.blocks] == [True, False, True, True, False, False, False]
    assert document.blocks[5].centered and document.blocks[6].indent == 2.0


def test_merged_cells_span_and_nested_tables_are_read_into_their_cell() -> None:
    def cell(text: str, properties: str = "", inner: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{p(text)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('内1')}{cell('内2')}</w:tr></w:tbl>"
    rows = (
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('序号')}{cell('问题')}{cell('措施', SPAN)}</w:tr>"
        f"<w:tr>{cell('1', RESTART)}{cell('甲')}{cell('乙')}{cell('丙', inner=inner)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('丁')}{cell('戊')}{cell('己')}</w:tr>"
    )
    document = read(word(f"<w:tbl>{rows}</w:tbl>"))
    (table,) = document.tables()
    grid = [[cell.text if cell else "" for cell in row] for row in table.grid()]
    assert grid == [["序号", "问题", "措施", "措施"], ["1", "甲", "乙", "内1\t内2\n丙"], ["1", "丁", "戊", "己"]]
    assert [cell.is_header for cell in table.cells[:3]] == [True, True, True]


def test_automatic_numbers_inside_cells_are_written_out() -> None:
    row = f"<w:tr><w:tc>{numbered('', 1)}</w:tc><w:tc>{p('问题')}</w:tc></w:tr>"
    document = read(word(f"<w:tbl>{row * 3}</w:tbl>", numbering=abstract(level(0, "decimal", "%1")) + num(1)))
    (table,) = document.tables()
    assert [cell.text for cell in table.cells if cell.column == 0] == ["1", "2", "3"]


def test_a_table_of_one_column_is_a_frame_around_paragraphs() -> None:
    document = read(word(f"<w:tbl><w:tr><w:tc>{p('甲')}{p('乙')}</w:tc></w:tr></w:tbl>"))
    assert [(block.kind, block.text) for block in document.blocks] == [("paragraph", "甲"), ("paragraph", "乙")]


def test_insertions_stay_deletions_go_and_the_file_is_noted() -> None:
    body = (
        "<w:p><w:r><w:t>已完成</w:t></w:r><w:ins><w:r><w:t>整改</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>部分</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>" + p("后半")
    )
    document = read(word(body))
    assert [block.text for block in document.blocks] == ["已完成整改", "前半后半"]
    (note,) = document.notes
    assert note.kind == "tracked_changes" and "插入 1 处" in note.text and "删除 1 处" in note.text


def test_deleted_rows_are_left_out() -> None:
    row = "<w:tr>{}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    rows = (
        row.format("", p("甲"), p("乙"))
        + row.format("<w:trPr><w:del/></w:trPr>", p("删"), p("删"))
        + row.format("", p("丙"), p("丁"))
    )
    assert "删" not in read(word(f"<w:tbl>{rows}</w:tbl>")).text


def test_a_text_box_is_read_once_though_it_stands_twice() -> None:
    box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>锚点</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert [block.text for block in read(word(body)).blocks] == ["锚点", "框内文字"]
    assert [
        block.text
        for block in read(word(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>")).blocks
    ] == ["框内文字"]


def test_footnotes_follow_the_text_as_footnotes() -> None:
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>口径不含抵押。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    body = (
        '<w:p><w:r><w:t>清退资金</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>5万元</w:t></w:r></w:p>'
    )
    document = read(word(body, parts={"footnotes": notes}))
    assert [(block.kind, block.label, block.text) for block in document.blocks] == [
        ("paragraph", "", "清退资金5万元"),
        ("footnote", "1", "口径不含抵押。"),
    ]


def test_of_fields_only_the_result_counts_and_circled_numbers_are_understood() -> None:
    def field(code: str, result: str = "") -> str:
        shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>' if result else ""
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{shown}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    page, circle = field("PAGEREF x", "12"), field(r"eq \o\ac(○,3)")
    body = f"<w:p><w:r><w:t>见</w:t></w:r>{page}<w:r><w:t>页</w:t></w:r></w:p>"
    body += f"<w:p>{circle}<w:r><w:t>完善制度</w:t></w:r></w:p>"
    assert [block.text for block in read(word(body)).blocks] == ["见12页", "③完善制度"]


def test_breaks_tabs_symbols_links_controls_and_formulas() -> None:
    body = (
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='200'/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t>"
        "<w:br w:type='page'/></w:r></w:p>"
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
        f"<w:sdt><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>"
        "<w:p><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>"
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zheng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>整</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert [block.text for block in read(word(body)).blocks] == ["甲\t乙", "丙", "☑链接", "控件", "a+b", "整"]


def test_hidden_text_is_left_out_and_noted() -> None:
    document = read(word(p("看得见") + p("看不见", run="<w:vanish/>")))
    assert document.text == "看得见"
    assert [note.kind for note in document.notes] == ["hidden_text"] and "看不见" in document.notes[0].text


def test_the_table_of_contents_is_left_out_and_noted() -> None:
    control = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = (
        f"{control}<w:sdtContent>{p('目录')}</w:sdtContent></w:sdt>"
        + p("一、概况 3", '<w:pStyle w:val="toc"/>')
        + p("正文")
    )
    document = read(word(body, styles=HEADINGS))
    assert document.text == "正文"
    assert [note.kind for note in document.notes] == ["contents_skipped"]


def test_strict_files_read_like_others() -> None:
    plain = word(
        p("甲", '<w:pStyle w:val="x"/>') + numbered("乙", 1),
        styles=HEADINGS,
        numbering=abstract(level(0, "decimal", "%1.")) + num(1),
    )
    strict = {
        name: part.replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        for name, part in members_of(plain).items()
    }
    one, other = read(plain), read(zipped(strict))
    assert (one.text, one.blocks) == (other.text, other.blocks)


def test_unusual_prefixes_read_like_the_customary_one() -> None:
    plain = word(p("甲", '<w:pStyle w:val="x"/>'), styles=HEADINGS)
    renamed = {
        name: part.replace(b"w:", b"q:").replace(b"xmlns:w=", b"xmlns:q=")
        if name.startswith("word/") and name.endswith(".xml")
        else part
        for name, part in members_of(plain).items()
    }
    assert read(zipped(renamed)).blocks == read(plain).blocks


def test_files_of_the_library_keep_their_order_of_paragraphs_and_tables() -> None:
    def fill(document: object) -> None:
        add = document  # typed loosely by its library
        add.add_heading("整改方案", 0)  # type: ignore[attr-defined]
        add.add_paragraph("建立台账", style="List Number")  # type: ignore[attr-defined]
        table = add.add_table(2, 2)  # type: ignore[attr-defined]
        table.cell(0, 0).merge(table.cell(0, 1)).text = "问题清单"
        table.cell(1, 0).text, table.cell(1, 1).text = "1", "学习不够"
        add.add_paragraph("完善制度", style="List Number")  # type: ignore[attr-defined]

    document = read(word_by_library(fill))
    assert [(block.kind, block.label) for block in document.blocks] == [
        ("heading", ""),
        ("paragraph", "1."),
        ("table", ""),
        ("paragraph", "2."),
    ]
    assert document.format == "docx" and len(document.sha256) == 64
