"""Tables written as lines: the total row, the total column, and a column of per cents.

A table is three or more lines with as many cells, set apart by tabs or by two or more blanks. What its columns mean is not
guessed from their heads: a column of per cents is of that pair of columns that all its other rows agree with, and a total
row or column is told by its name. So a table accuses itself, or is left in peace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from zhenggai.figures.layout import Page
from zhenggai.figures.relations.common import plain
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict

_SPLIT_RE = re.compile(r"\t+| {2,}|[\u3000]+|\s*[|｜]\s*")
_NUMBER_RE = re.compile(
    r"(?P<sign>-)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?)(?P<unit>%|[一-龥]{0,3})"
)
_TOTAL_RE = re.compile("合计|总计|共计|总数|小计")
_SUBTOTAL_RE = re.compile("小计|其中|：|平均|占比|同比|上年")
_MOST_ROWS, _MOST_COLUMNS = 60, 12
_PER_CENT_HEAD_RE = re.compile("率|占比|比例|比重|%|％")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    """Its words."""
    start: int
    """Where it begins in the source."""
    value: Decimal | None
    """Its number, if it is one."""
    step: Decimal
    """What one in the last digit is worth."""
    per_cent: bool
    """True for a per cent."""

    @property
    def end(self) -> int:
        """Where it ends in the source."""
        return self.start + len(self.text)


def check_tables(page: Page) -> list[Claim]:
    """Return the claims about tables in the text."""
    claims: list[Claim] = []
    for table in _tables(page.view.source):
        claims.extend(_total_rows(page, table))
        claims.extend(_total_columns(page, table))
        claims.extend(_ratios(page, table))
    return claims


def _tables(source: str) -> list[list[list[Cell]]]:
    """Return the tables of *source*: runs of lines with as many cells."""
    tables: list[list[list[Cell]]] = []
    run: list[list[Cell]] = []
    at = 0
    for line in source.split("\n"):
        row = (
            _cells(line, at) if "\t" in line or "  " in line or "\u3000" in line or "|" in line or "｜" in line else []
        )
        at += len(line) + 1
        if len(row) < 2 or len(row) > _MOST_COLUMNS or (run and len(row) != len(run[-1])) or len(run) >= _MOST_ROWS:
            if len(run) >= 3:
                tables.append(run)
            run = []
        if 2 <= len(row) <= _MOST_COLUMNS:
            run.append(row)
    if len(run) >= 3:
        tables.append(run)
    return tables


def _cells(line: str, at: int) -> list[Cell]:
    cells: list[Cell] = []
    place = 0
    marks = [*_SPLIT_RE.finditer(line)]
    for start, end in [*((mark.start(), mark.end()) for mark in marks), (len(line), len(line))]:
        words = line[place:start]
        left = len(words) - len(words.lstrip())
        text = words.strip()
        if text:
            cells.append(_cell(text, at + place + left))
        place = end
    return cells


def _cell(text: str, start: int) -> Cell:
    match = _NUMBER_RE.fullmatch(text.translate(str.maketrans("，％０１２３４５６７８９．", ",%0123456789.")))
    if match is None:
        return Cell(text, start, None, Decimal(1), False)
    value = Decimal(match["digits"].replace(",", "")) * (-1 if match["sign"] else 1)
    return Cell(text, start, value, Decimal(1).scaleb(int(value.as_tuple().exponent)), match["unit"] == "%")


def _body(table: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the rows that hold numbers."""
    return [row for row in table if sum(cell.value is not None for cell in row) * 2 >= len(row)]


def _claim(page: Page, kind: str, verdict: Verdict, reason: str, cells: Sequence[Cell]) -> Claim:
    start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
    return Claim(page.view.source[start:end], verdict, reason, (start, end), kind)


# ── totals ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _total_rows(page: Page, table: Sequence[Sequence[Cell]]) -> list[Claim]:
    """Hold the row called 合计, first or last, to the others."""
    body = _body(table)
    totals = [
        row for row in body if row[0].value is None and _TOTAL_RE.search(row[0].text) and "小计" not in row[0].text
    ]
    if len(totals) != 1 or totals[0] not in (body[0], body[-1]) or len(body) < 3:
        return []
    total = totals[0]
    others = [row for row in body if row is not total]
    if any(_SUBTOTAL_RE.search(row[0].text) for row in others):
        return []
    fits: list[tuple[int, bool, Decimal, list[Cell]]] = []
    for column in range(1, len(total)):
        cells = [row[column] for row in others]
        shown = total[column]
        if shown.value is None or shown.per_cent or any(cell.value is None or cell.per_cent for cell in cells):
            continue
        if _PER_CENT_HEAD_RE.search(table[0][column].text):
            continue
        values = [cell.value for cell in cells if cell.value is not None]
        added = sum(values, Decimal(0))
        slack = shown.step / 2 * (len(values) + 1) if shown.step < 1 else Decimal(0)
        fits.append((column, abs(added - shown.value) <= slack, added, cells))
    claims = []
    for column, agrees, added, cells in fits:
        shown = total[column]
        near = shown.value is not None and abs(added - shown.value) * 4 <= max(added, shown.value)
        if not agrees and not (
            near and (len(fits) == 1 or sum(fit[1] for fit in fits) * 2 >= len(fits) - 1 or len(fits) == 2)
        ):
            continue
        words = "+".join(cell.text for cell in cells) if len(cells) <= 12 else f"{len(cells)}行之和"
        reason = f"{words}={plain(added, 4)}，合计栏为{shown.text}"
        verdict = Verdict.CONSISTENT if agrees else Verdict.CONTRADICTORY
        claims.append(_claim(page, "parts", verdict, reason, [total[0], shown] if column < 2 else [shown]))
    return claims


def _total_columns(page: Page, table: Sequence[Sequence[Cell]]) -> list[Claim]:
    """Hold the column called 合计 to the others of its row, where most rows agree."""
    head, body = table[0], [row for row in _body(table) if row is not table[0]]
    if any(cell.value is not None for cell in head) or len(body) < 3:
        return []
    columns = [
        at
        for at, cell in enumerate(head)
        if at and re.fullmatch("合计|总计|小计|总数", re.sub("（.*|\\(.*", "", cell.text))
    ]
    if len(columns) != 1:
        return []
    counted = [
        at for at in range(1, len(head))
        if at != columns[0] and not _PER_CENT_HEAD_RE.search(head[at].text) and all(row[at].value is not None and not row[at].per_cent for row in body)
    ]  # fmt: skip
    if len(counted) < 2:
        return []
    wrong = []
    for row in body:
        added = sum((row[at].value or Decimal(0) for at in counted), Decimal(0))
        shown = row[columns[0]]
        if shown.value is None:
            return []
        if abs(added - shown.value) > (shown.step / 2 * (len(counted) + 1) if shown.step < 1 else 0):
            wrong.append((row, added))
    if len(wrong) * 3 > len(body):
        return []
    return [
        _claim(page, "parts", Verdict.CONTRADICTORY, f"{'+'.join(row[at].text for at in counted)}={plain(added, 4)}，{head[columns[0]].text}栏为{row[columns[0]].text}", [row[columns[0]]])
        for row, added in wrong
    ]  # fmt: skip


# ── per cents ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _ratios(page: Page, table: Sequence[Sequence[Cell]]) -> list[Claim]:
    """Hold each column of per cents to the pair of columns that its rows agree with."""
    body = _body(table)
    claims: list[Claim] = []
    if len(body) < 2:
        return []
    width = len(body[0])
    for column in range(1, width):
        shown = [row[column] for row in body]
        headed = _PER_CENT_HEAD_RE.search(table[0][column].text) is not None and table[0][column].value is None
        if any(cell.value is None for cell in shown) or not (all(cell.per_cent for cell in shown) or headed):
            continue
        counts = [
            at
            for at in range(1, width)
            if at != column and all(row[at].value is not None and not row[at].per_cent for row in body)
        ]
        best: tuple[int, str, list[tuple[Verdict, str]]] | None = None
        for part, whole in permutations(counts, 2):
            for form in ("share", "growth"):
                verdicts = [_divided(row[part], row[whole], row[column], form) for row in body]
                right = sum(verdict in (Verdict.CONSISTENT, Verdict.TRUNCATED) for verdict, _words in verdicts)
                if best is None or right > best[0]:
                    best = right, form, verdicts
        named = len(counts) == 2 and headed and len(body) == 2
        if best is None or best[0] < (1 if named else 2) or len(body) - best[0] > max(1, len(body) // 4):
            continue
        for row, (verdict, words) in zip(body, best[2], strict=True):
            kind = "growth" if best[1] == "growth" else "rate"
            claims.append(_claim(page, kind, verdict, f"{words}，表中为{row[column].text}", [row[column]]))
    return claims


def _divided(part: Cell, whole: Cell, shown: Cell, form: str) -> tuple[Verdict, str]:
    if not whole.value or part.value is None or shown.value is None:
        return Verdict.UNCHECKABLE, ""
    actual = part.value * 100 / whole.value
    words = f"{part.text}÷{whole.text}={plain(actual)}%"
    if form == "growth":
        actual -= 100
        words = f"({part.text}-{whole.text})÷{whole.text}={plain(actual)}%"
    return judge(actual, actual, shown.value, shown.step, "", actual), words
