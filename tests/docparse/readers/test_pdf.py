"""PDF: lines rejoined, furniture removed, ruled tables, scans and passwords refused."""

from __future__ import annotations

import base64

import pytest

from tests.docparse.readers.builders import pdf
from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import Corrupt, EmptyFile, Encrypted, Scanned
from zhenggai.docparse.reading import read_document

LONG = "提高政治站位，强化责任担当，局党组先后召开会议6次，研究部署整改工作，成立由党组书记任组长的领导小组，明确责任分工，逐条逐项制定措施，确保件件有着落、事事有回音。"
ITEMS = [
    f"{number}.关于“第{number}项工作落实不到位”的问题。已完成整改，建立长效机制，加强日常监督，定期通报情况，取得明显成效。"
    for number in range(1, 25)
]


def read(data: bytes) -> Document:
    document = read_document(data, name="通报.pdf")
    for block in document.blocks:
        assert document.text[block.start : block.end] == block.text
        for cell in block.table.cells if block.table else ():
            assert document.text[cell.start : cell.end] == cell.text
    return document


@pytest.mark.parametrize("indent", [True, False])
def test_hard_wrapped_lines_become_paragraphs_and_furniture_goes(indent: bool) -> None:
    look = "#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 0.9em, spacing: 0.9em)"
    if not indent:
        look = "#set par(justify: true, leading: 0.8em, spacing: 1.6em)"
    markup = (
        '#set page(numbering: "— 1 —", header: align(right)[示例市水利局])\n' + look + "\n"
        "#align(center)[#text(size: 20pt, weight: \"bold\")[关于巡察整改进展情况的通报]]\n\n"
        f"{LONG}\n\n*一、整改情况*\n\n" + "\n\n".join(item.replace(".", "\\.", 1) for item in ITEMS) + "\n\n"
        "#align(right)[示例市水利局党组\\ 2025年1月16日]"
    )  # fmt: skip
    document = read(pdf(markup))
    texts = [block.text for block in document.blocks]
    assert texts == ["关于巡察整改进展情况的通报", LONG, "一、整改情况", *ITEMS, "示例市水利局党组", "2025年1月16日"]
    assert document.blocks[0].centered and document.blocks[0].bold and document.blocks[2].bold
    assert document.blocks[-1].place.page >= 2
    assert [note.kind for note in document.notes] == ["page_furniture_skipped"]


def test_ruled_tables_become_grids_with_merged_cells_across_pages() -> None:
    rows = "".join(f"[{number}],table.cell(colspan: 2)[问题{number}]," for number in range(3, 60))
    markup = (
        f"{LONG}\n\n#table(columns: (auto, 1fr, 2fr), table.header([序号], [问题], [措施]), [1], table.cell(rowspan: 2)[学习不够], [制定年度学习计划，开展集中学习，"
        "交流研讨，不断提高思想认识，推动工作落实见效。], [2], [完善制度5项], table.cell(colspan: 3)[小计两项], "
        + rows
        + ")\n\n表后文字。"
    )
    document = read(pdf(markup))
    (table,) = document.tables()
    grid = [[cell.text if cell else "" for cell in row] for row in table.grid()]
    assert grid[:4] == [
        ["序号", "问题", "措施"],
        ["1", "学习不够", "制定年度学习计划，开展集中学习，交流研讨，不断提高思想认识，推动工作落实见效。"],
        ["2", "学习不够", "完善制度5项"],
        ["小计两项"] * 3,
    ]
    assert [row[0] for row in grid[4:]] == [str(number) for number in range(3, 60)]
    assert document.blocks[-1].text == "表后文字。"


def test_a_scan_is_refused_with_its_own_error() -> None:
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    raw = ", ".join(str(byte) for byte in base64.b64decode(picture))
    with pytest.raises(Scanned):
        read(pdf(f"#image(bytes(({raw},)), width: 10cm)\n#pagebreak()\n#image(bytes(({raw},)), width: 10cm)"))


def test_an_empty_pdf_is_empty_and_a_cut_one_corrupt() -> None:
    with pytest.raises(EmptyFile):
        read(pdf(""))
    with pytest.raises(Corrupt):
        read(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<")


def test_a_password_protected_pdf_is_encrypted() -> None:
    locked = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n4 0 obj<</Filter/Standard/V 2/R 3/Length 128/P -44"
        b"/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\n%%EOF"
    )
    with pytest.raises(Encrypted):
        read(locked)
