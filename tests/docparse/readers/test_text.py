"""Plain text and delimited text: encodings, offsets, tables."""

from __future__ import annotations

import pytest

from zhenggai.docparse.errors import EmptyFile, Undecodable, UnknownType
from zhenggai.docparse.reading import read_document

NOTICE = "中共示例市人民检察院党组关于巡察整改进展情况的通报\n\n　　按照市委统一部署，市委第二巡察组开展了巡察。\r\n一、整改情况\n1.关于“学习不深入”的问题。制定计划3项。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_every_usual_encoding_gives_the_same_text(encoding: str) -> None:
    document = read_document(NOTICE.encode(encoding), name="通报.txt")
    assert document.text == NOTICE.replace("\r\n", "\n")
    assert document.format == "txt"


def test_big5_text_is_read() -> None:
    text = "中共雲溪縣委員會關於巡察整改進展情況的通報\n一、整改落實情況，已經完成整改任務。\n"
    assert read_document(text.encode("big5"), name="a.txt").text == text


def test_a_guessed_encoding_is_noted_and_a_proved_one_is_not() -> None:
    assert [note.kind for note in read_document(NOTICE.encode("gb18030"), name="a.txt").notes] == ["encoding_guessed"]
    assert read_document(NOTICE.encode(), name="a.txt").notes == ()


def test_a_few_broken_bytes_are_replaced_and_noted() -> None:
    data = (NOTICE * 20).encode()
    document = read_document(data[:100] + b"\xff" + data[100:], name="a.txt")
    assert "\ufffd" in document.text
    assert "无法识别" in document.notes[0].text


def test_blocks_stand_exactly_where_their_words_are() -> None:
    document = read_document(NOTICE.encode(), name="a.txt")
    assert [block.text for block in document.blocks] == [line.strip() for line in NOTICE.splitlines() if line.strip()]
    for block in document.blocks:
        assert document.text[block.start : block.end] == block.text
    assert document.blocks[1].indent == 2.0
    assert [block.place.line for block in document.blocks] == [1, 3, 4, 5]


def test_old_line_ends_become_newlines() -> None:
    assert read_document("一\r二\r\n三".encode(), name="a.txt").text == "一\n二\n三"


def test_a_table_of_tabs_becomes_a_grid() -> None:
    text = "整改台账\n序号\t问题\t措施\n1\t学习不够\t制定计划\n2\t作风不实\t开展检查\n以上。\n"
    document = read_document(text.encode(), name="a.txt")
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]
    table = document.blocks[1].table
    assert table is not None and (table.rows, table.columns) == (3, 3)
    for cell in table.cells:
        assert document.text[cell.start : cell.end] == cell.text


@pytest.mark.parametrize(
    "text",
    [
        "|序号|问题|\n|---|---|\n|1|学习不够|\n|2|作风不实|\n",
        "┌──┬────┐\n│序号│问题│\n├──┼────┤\n│1│学习不够│\n├──┼────┤\n│2│作风不实│\n└──┴────┘\n",
    ],
)
def test_a_drawn_table_becomes_a_grid(text: str) -> None:
    document = read_document(text.encode(), name="a.txt")
    (table,) = document.tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == [
        ["序号", "问题"],
        ["1", "学习不够"],
        ["2", "作风不实"],
    ]
    for cell in table.cells:
        assert document.text[cell.start : cell.end] == cell.text


def test_prose_with_one_tab_is_no_table() -> None:
    document = read_document("时间：2025年\t来源：本院\n正文第一段。\n正文第二段。\n".encode(), name="a.txt")
    assert {block.kind for block in document.blocks} == {"paragraph"}


@pytest.mark.parametrize("data", [b"", b"   \n\n", b"\xef\xbb\xbf", b"\xff\xfe\r\x00\n\x00", "　　\n".encode()])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        read_document(data, name="a.txt")


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 500])
def test_bytes_of_no_format_are_refused(data: bytes) -> None:
    with pytest.raises((UnknownType, Undecodable)):
        read_document(data, name="a.txt")


@pytest.mark.parametrize(("delimiter", "format"), [(",", "csv"), ("\t", "tsv"), (";", "csv"), ("|", "csv")])
def test_the_delimiter_is_found(delimiter: str, format: str) -> None:
    rows = [["序号", "问题", "措施"], ["1", '关于"学习"', "甲\n乙"], ["2", "作风不实", "丙"]]
    quoted = [[f'"{field.replace(chr(34), chr(34) * 2)}"' for field in row] for row in rows]
    text = "\r\n".join(delimiter.join(row) for row in quoted)
    document = read_document(text.encode("gb18030"), name="台账.csv")
    assert (document.format, document.meta["delimiter"]) == (format, delimiter)
    (table,) = document.tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == rows


def test_delimited_text_under_a_workbook_name_is_read_as_a_table() -> None:
    document = read_document("序号\t问题\n1\t学习不够\n2\t作风不实\n".encode(), name="台账.xls")
    assert document.format == "tsv"


def test_sentences_with_commas_under_csv_stay_sentences() -> None:
    text = "一是提高认识,加强学习,形成合力。\n二是落实责任,强化监督。\n三是建章立制,堵塞漏洞,长期坚持,巩固成果。\n"
    assert read_document(text.encode(), name="a.csv").format == "txt"
