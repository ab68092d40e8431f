"""Where in a sheet the heads end and the data stands: title, heads of one to three rows, totals and remarks below the table.

Proposals of a ledger (``proposing``) and imports of rows read a sheet by the same answers.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence

from zhenggai.kit.dates import parse_date
from zhenggai.kit.text import fold

Cell = str | float | int | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
Grid = Sequence[Sequence[Cell]]

HEAD_ROWS = 15
"""Rows at the top among which the heads are looked for."""
TOTALS = re.compile(
    r"^((本|全)?[年月季页表科部]{0,2}度?)?(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)\s*([（(:：].*|[0-9０-９].*|人数|件数|金额)?$"
)
"""What the first words of a row of totals are; 累计投入不足 begins no such row."""
REMARKS = re.compile(
    r"^(注|备注|说明|填表说明|填报说明|附注|填表人|填报人|制表人?|审核人?|复核人?|负责人|单位负责人|分管领导|经办人|填报单位|填表单位|填表日期|填报日期|联系电话)"
    r"\s*([0-9０-９]{0,2})[:：].*$",
    re.DOTALL,
)
"""What stands below a table and is no row of it: 注：…, 填表人：…"""
BLANKS = frozenset({"", "-", "—", "——", "/", "／", "\\", "无数据", "空"})
"""What stands in a cell for nothing; imports read it so too."""
NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
"""A number as offices write it, with or without commas."""
_NO_TITLE = re.compile(
    r"^[（(]?(附件|附表|附|表)[0-9０-９一二三四五六七八九十]*([-－—][0-9]+)?[)）]?[:：]?$|^[^:：]{2,6}[:：]"
)
"""Lines above the heads that do not name the table: 附件2, 填报单位：…"""


def find_heads(rows: Sequence[Sequence[Cell]]) -> tuple[int, ...]:
    """Return the rows that hold the heads: one, or two or three where groups stand above; empty when there are none."""
    best, best_score = -1, 0.0
    for index, row in enumerate(rows[:HEAD_ROWS]):
        filled = [cell for cell in row if not is_blank(cell)]
        texts = [cell for cell in filled if isinstance(cell, str) and not _looks_like_value(cell)]
        if len(filled) < 2 and len(row) > 1:
            continue
        below = sum(
            1
            for other in rows[index + 1 : index + 6]
            if sum(not is_blank(cell) for cell in other) >= max(1, len(filled) // 3)
        )
        different = len({fold(text).strip() for text in texts})
        score = different - 2.0 * (len(filled) - len(texts)) + (0.5 if below else -1.0) - 0.3 * index
        if score > best_score:
            best, best_score = index, score
    if best < 0:
        return ()
    following = rows[best + 1] if best + 1 < len(rows) else []
    heads: tuple[int, ...] = (best,)
    if _second_head(rows[best], following):
        heads = (best, best + 1)
    elif best and _second_head(rows[best - 1], rows[best]):
        heads = (best - 1, best)
    last = heads[-1] + 1
    if len(heads) == 2 and last < len(rows) and _second_head(labels_of(rows, heads), rows[last]):
        return (*heads, last)
    return heads


def _second_head(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Return whether *lower* completes *upper*: its texts stand where *upper* is empty or begins a group."""
    if not upper or not lower:
        return False
    texts = [column for column, cell in enumerate(lower) if not is_blank(cell)]
    if not texts or any(
        not isinstance(lower[column], str) or _looks_like_value(str(lower[column])) for column in texts
    ):
        return False
    groups = [column for column, cell in enumerate(upper) if not is_blank(cell)]
    if len(groups) < 2 and len(texts) > 2:
        return False  # a title line, not a group
    under_gap = [column for column in texts if is_blank(upper[column]) and any(group < column for group in groups)]
    return (
        bool(under_gap)
        and len(texts) < len(upper)
        and all(column in under_gap or (column + 1 in texts or column + 1 in under_gap) for column in texts)
    )


def labels_of(rows: Sequence[Sequence[Cell]], heads: Sequence[int]) -> list[str]:
    """Return the head of each column; where two columns share one, the group above tells them apart."""
    width = len(rows[0]) if rows else 0
    if not heads:
        return [""] * width
    labels = [_words(cell) for cell in rows[heads[-1]]]
    if len(heads) == 1:
        return labels
    below = Counter(labels)
    group = ""
    for column, upper in enumerate(labels_of(rows, heads[:-1])):
        group = upper or (group if labels[column] else "")
        if not labels[column]:
            labels[column] = upper
        elif group and group != labels[column] and below[labels[column]] > 1:
            labels[column] = f"{group}{labels[column]}"  # 期初|数量 期末|数量: the group tells them apart
    return labels


def _words(cell: Cell) -> str:
    return re.sub(r"\s+", "", fold(str(cell))) if not is_blank(cell) else ""


def title_of(rows: Sequence[Sequence[Cell]], heads: Sequence[int]) -> str:
    """Return the line above the heads that names the table, or nothing."""
    for row in rows[: heads[0] if heads else 0]:
        texts = [re.sub(r"\s+", "", str(cell)) for cell in row if not is_blank(cell)]
        if len(texts) == 1 and 2 <= len(texts[0]) <= 60 and not _NO_TITLE.match(texts[0]):
            return texts[0]
    return ""


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing, or a sign for nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip() in BLANKS)


def _looks_like_value(text: str) -> bool:
    folded = fold(text).strip()
    return bool(NUMBER.fullmatch(folded) or (parse_date(folded) and len(folded) <= 12)) or len(folded) > 40


def is_data(row: Sequence[Cell]) -> bool:
    """Return whether a row below the heads holds data: something stands in it, and it is no total and no remark below the table."""
    filled = [cell for cell in row if not is_blank(cell)]
    if any(isinstance(cell, str) and TOTALS.match(cell.strip()) for cell in filled[:2]):
        return False
    return bool(filled) and not (
        len(row) > 2
        and len(filled) * 3 <= len(row) + 2
        and isinstance(filled[0], str)
        and REMARKS.match(filled[0].strip())
    )
