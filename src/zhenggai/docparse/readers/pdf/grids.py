"""Ruled tables: lines that cross make a grid, missing lines make merged cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhenggai.docparse.document import Place
from zhenggai.docparse.readers.assemble import RawCell
from zhenggai.docparse.readers.pdf.glyphs import Glyph, Rule
from zhenggai.docparse.readers.pdf.lines import joined, lines_of

_NEAR = 2.0
_MOST_RULES = 4000
_SMALLEST = 6.0


@dataclass(slots=True)
class RuledTable:
    """A table found on one page, later perhaps continued on the next."""

    xs: list[float]
    """Column borders, ascending."""
    ys: list[float]
    """Row borders, descending."""
    cells: list[RawCell]
    """Cells; ``place`` holds the page."""
    rows: int
    """Number of rows."""
    glyphs: set[int] = field(default_factory=set)
    """Indices of the characters it took."""

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1


def find_grids(rules: list[Rule], glyphs: list[Glyph], page: int) -> list[RuledTable]:
    """Return the ruled tables of one page, top to bottom."""
    flat = _merged([rule for rule in rules if rule.horizontal])
    tall = _merged([rule for rule in rules if not rule.horizontal])
    if len(flat) < 2 or len(tall) < 2 or len(flat) + len(tall) > _MOST_RULES:
        return []
    tables = []
    for horizontals, verticals in _connected(flat, tall):
        xs = _levels([rule.at for rule in verticals])
        ys = _levels([rule.at for rule in horizontals])[::-1]
        if len(xs) < 3 or len(ys) < 2:
            continue
        table = _fill(xs, ys, horizontals, verticals, glyphs, page)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: -table.ys[0])


def _levels(values: list[float]) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _SMALLEST:
            levels.append(value)
    return levels


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join pieces of the same line."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _NEAR), rule.start)):
        last = out[-1] if out else None
        if last is not None and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            out[-1] = Rule(last.horizontal, last.at, last.start, max(last.end, rule.end))
        else:
            out.append(rule)
    return out


def _connected(flat: list[Rule], tall: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return groups of lines that cross or touch, directly or through others."""
    owner = list(range(len(flat) + len(tall)))

    def root(item: int) -> int:
        while owner[item] != item:
            owner[item] = owner[owner[item]]
            item = owner[item]
        return item

    for i, h in enumerate(flat):
        for j, v in enumerate(tall):
            if h.start - 2 * _NEAR <= v.at <= h.end + 2 * _NEAR and v.start - 2 * _NEAR <= h.at <= v.end + 2 * _NEAR:
                owner[root(i)] = root(len(flat) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for item in range(len(owner)):
        pair = groups.setdefault(root(item), ([], []))
        if item < len(flat):
            pair[0].append(flat[item])
        else:
            pair[1].append(tall[item - len(flat)])
    return [pair for pair in groups.values() if len(pair[0]) >= 2 and len(pair[1]) >= 2]


def _covers(rules: list[Rule], at: float, point: float) -> bool:
    return any(abs(rule.at - at) <= _SMALLEST and rule.start - _NEAR <= point <= rule.end + _NEAR for rule in rules)


def _fill(
    xs: list[float], ys: list[float], flat: list[Rule], tall: list[Rule], glyphs: list[Glyph], page: int
) -> RuledTable | None:
    columns, rows = len(xs) - 1, len(ys) - 1
    by_place: dict[tuple[int, int], list[Glyph]] = {}
    taken: set[int] = set()
    for glyph in glyphs:
        x, y = (glyph.x + glyph.right) / 2, glyph.y + 0.3 * glyph.size
        if xs[0] <= x <= xs[-1] and ys[-1] <= y <= ys[0]:
            column = next(number for number in range(columns) if x <= xs[number + 1])
            row = next(number for number in range(rows) if y >= ys[number + 1])
            by_place.setdefault((row, column), []).append(glyph)
            taken.add(glyph.index)
    if not taken:
        return None
    done: set[tuple[int, int]] = set()
    cells: list[RawCell] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in done:
                continue
            wide = 1
            middle = (ys[row] + ys[row + 1]) / 2
            while (
                column + wide < columns
                and (row, column + wide) not in done
                and not _covers(tall, xs[column + wide], middle)
            ):
                wide += 1
            deep = 1
            centers = [(xs[at] + xs[at + 1]) / 2 for at in range(column, column + wide)]
            while row + deep < rows and not any(_covers(flat, ys[row + deep], center) for center in centers):
                deep += 1
            places = [(r, c) for r in range(row, row + deep) for c in range(column, column + wide)]
            done.update(places)
            inside = [glyph for place in places for glyph in by_place.get(place, ())]
            if inside:
                text = _cell_text(inside, xs[column + wide])
                cells.append(
                    RawCell(row, column, text, deep, wide, place=Place(page=page, row=row + 1, column=column + 1))
                )
    return RuledTable(xs, ys, cells, rows, taken)


def _cell_text(glyphs: list[Glyph], right: float) -> str:
    """Return the words of a cell; a line that reaches its right border goes on in the next."""
    text = ""
    full = False
    lines = lines_of(glyphs)
    edge = max((line.right for line in lines), default=right)
    for line in lines:
        text = joined(text, line.text) if full else f"{text}\n{line.text}" if text else line.text
        full = line.right >= min(right - 1.8 * line.size, edge - 1.1 * line.size) and right - line.right < 4 * line.size
    return text


def continues(above: RuledTable, below: RuledTable) -> bool:
    """Tell whether *below*, first on its page, goes on with *above*, last on the page before."""
    return len(above.xs) == len(below.xs) and all(
        abs(one - other) <= 4.0 for one, other in zip(above.xs, below.xs, strict=True)
    )


def append(above: RuledTable, below: RuledTable) -> None:
    """Add the rows of *below* to *above*, without a header row that is printed again."""
    first = [cell.text for cell in below.cells if cell.row == 0]
    skip = 1 if first and first == [cell.text for cell in above.cells if cell.row == 0] else 0
    for cell in below.cells:
        if cell.row >= skip:
            cell.row += above.rows - skip
            above.cells.append(cell)
    above.rows += below.rows - skip
