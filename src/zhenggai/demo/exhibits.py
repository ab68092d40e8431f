"""Invented evidence for the demo: minutes as Word, a ledger as Excel, a photograph, made from plain words."""

from __future__ import annotations

import io
from datetime import date

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from PIL import Image, ImageDraw

from zhenggai.render.xlsx import Column, Sheet, Value, render_workbook


def minutes(title: str, day: date, measures: list[str]) -> bytes:
    """Return minutes of a meeting on a finding, as Word.

    Args:
        title: of the finding.
        day: of the meeting.
        measures: what was gone through.
    """
    paper = docx.Document()
    head = paper.add_heading(f"关于“{title}”整改推进会会议纪要", 1)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(f"时间：{day.year}年{day.month}月{day.day}日　地点：三楼会议室")
    paper.add_paragraph("会议逐项听取措施落实情况，核对台账与实物，议定事项如下。")
    table = paper.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, ("序号", "措施", "议定事项"), strict=True):
        cell.text = words
    for number, measure in enumerate(measures, start=1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = str(number), measure
        cells[2].text = "已落实，转入常态管理。" if number % 2 else "已落实，按季度复核。"
    paper.add_paragraph("以上事项由责任部门归档备查。")
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def ledger(title: str, day: date, measures: list[str]) -> bytes:
    """Return a ledger of what was done, as Excel.

    Args:
        title: of the finding.
        day: of the last entry.
        measures: what was done.
    """
    columns = [
        Column("序号", 6),
        Column("措施", 48, wrap=True),
        Column("核查日期", 12),
        Column("件数", 8),
        Column("结论", 14),
    ]
    rows: list[list[Value]] = [
        [number, measure, date.fromordinal(day.toordinal() - number), 6 + 5 * number, "属实，已整改"]
        for number, measure in enumerate(measures, start=1)
    ]
    return render_workbook([Sheet("整改台账", columns, rows)], title=title)


def photograph(number: int) -> bytes:
    """Return a picture that stands for a photograph of a notice board.

    Args:
        number: makes one differ from the next.
    """
    image = Image.new("RGB", (960, 640), (214, 222, 230))
    pen = ImageDraw.Draw(image)
    pen.rectangle((120, 90, 840, 540), fill=(250, 250, 246), outline=(120, 70, 50), width=14)
    for row in range(4):
        for column in range(3):
            left, top = 170 + column * 220, 130 + row * 100
            shade = (number * 37 + row * 53 + column * 29) % 70
            pen.rectangle(
                (left, top, left + 180, top + 76), fill=(232 - shade, 238 - shade // 2, 246), outline=(150, 160, 175)
            )
            for line in range(3):
                pen.line(
                    (left + 14, top + 18 + line * 18, left + 150 - 20 * line, top + 18 + line * 18),
                    fill=(110, 120, 135),
                    width=4,
                )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
