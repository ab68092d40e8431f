"""Tables of any spreadsheet, delimited text or Parquet file → Parquet files of text, without a cell passing through this process.

A stranger's file is read in a child of its own (:mod:`zhenggai.docparse.child`).  Each table becomes one Parquet file in the
caller's folder: ``n`` is the row in the source, from 1, then ``c0``, ``c1`` … hold every cell as text, as it stood there.
A million rows take seconds, since only the columns' text is moved.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from zhenggai.docparse.child import begin, finish, run_child
from zhenggai.docparse.errors import (
    Corrupt,
    EmptyFile,
    Encrypted,
    NotATable,
    ReadingCrashed,
    ReadingOutOfMemory,
    TooLarge,
    TooMuch,
    UnreadableFile,
    clean_name,
    error_from,
)
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.decode import decode
from zhenggai.docparse.readers.delimited import find_delimiter
from zhenggai.docparse.readers.limits import Limits, human_size
from zhenggai.docparse.readers.sheets.extent import check_ods, check_xls
from zhenggai.docparse.readers.sheets.marks import Marks, marks_of
from zhenggai.docparse.readers.sniff import sniff

MEBI = 1024 * 1024
STAGING = Limits(
    max_bytes=1024 * MEBI, max_unpacked=4096 * MEBI, max_part=2048 * MEBI, max_cells=40_000_000, max_area=60_000_000,
    memory_bytes=8192 * MEBI, wall_seconds=600, cpu_seconds=900,
)  # fmt: skip
"""Bounds for tables: far more cells than a document has."""
MOST_COLUMNS = 500
MOST_SHEETS = 100
MOST_MERGED = 20_000
HEADS_END = 20
"""Last row in which heads may stand; merged cells below it are data."""
_PROBE = 1024 * 1024
_LONGEST_CELL = 1_000_000
_NUMBER_LIKE = re.compile(r"[-+¥￥]?[0-9][0-9,]*(\.[0-9]+)?\s*(%|元|万元|亿元)?")
_VALUE_LIKE = re.compile(r"[-+¥￥]?[0-9][0-9,.]*%?|[0-9]{4}[-/.年][0-9].*|.*[〔\[][0-9]{4}[〕\]].*")
_WORKBOOKS = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods"})


@dataclass(frozen=True, slots=True)
class StagedTable:
    """One table of a file, as text."""

    name: str
    """Name of the sheet; empty for files of one table."""
    path: str
    """The Parquet file in the caller's folder."""
    rows: int
    """Rows of the source that the table spans."""
    columns: int
    """Columns ``c0`` …"""
    heads: tuple[str, ...] = ()
    """Names of the columns, where the file itself declares them (Parquet)."""
    note: str = ""
    """What was guessed, e.g. the encoding, in Chinese."""


def stage_tables(path: Path, folder: Path, *, name: str = "", limits: Limits = STAGING) -> list[StagedTable]:
    """Write each table of the file at *path* into *folder* and return what was written; empty tables are left out.

    Args:
        path: the file, whatever its name says it is.
        folder: an existing folder of the caller's own.
        name: the name people know the file by.
        limits: bounds on sizes and on the process.

    Raises:
        UnreadableFile: no table can be read, as :mod:`zhenggai.docparse.errors` tells.
    """
    shown = clean_name(name or path.name)
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise TooLarge(name=shown, size=human_size(size), limit=human_size(limits.max_bytes))
    request = {"path": str(path.resolve()), "folder": str(folder.resolve()), "name": shown, "limits": asdict(limits)}
    answer = json.loads(run_child(__name__, request, limits, shown))
    if "error" in answer:
        raise error_from(answer["error"], answer["slots"])
    try:
        tables = [StagedTable(**{**each, "heads": tuple(each["heads"])}) for each in answer["tables"]]
    except (TypeError, ValueError, KeyError) as error:
        raise ReadingCrashed(name=shown, reason="返回的结果不完整") from error
    if not tables:
        raise EmptyFile(name=shown)
    return tables


def serve() -> None:
    """Answer one request. Runs in the child only."""
    request, limits, out = begin()
    name = request["name"]
    try:
        tables = list(_stage(Path(request["path"]), Path(request["folder"]), name, limits))
        answer: dict[str, Any] = {"tables": [asdict(each) for each in tables]}
    except UnreadableFile as error:
        answer = {"error": error.code, "slots": {key: str(value) for key, value in error.slots.items()}}
    except (MemoryError, duckdb.OutOfMemoryException):
        answer = {"error": ReadingOutOfMemory.code, "slots": {"name": name}}
    finish(out, json.dumps(answer).encode())


def _stage(path: Path, folder: Path, name: str, limits: Limits) -> Iterator[StagedTable]:
    with path.open("rb") as handle:
        head = handle.read(_PROBE)
    if head.startswith(b"PAR1"):
        yield _stage_parquet(path, folder, name)
        return
    if not _is_workbook_head(head):
        yield from _stage_text(path, head, folder, name)
        return
    data = path.read_bytes()
    kind = sniff(data, name, limits).kind
    if kind not in _WORKBOOKS:
        raise NotATable(name=name)
    if kind == "xls":
        check_xls(data, name, limits)
    else:
        with Archive(data, name, limits) as archive:
            if kind == "ods":
                check_ods(archive, limits)
            # What an .xlsx claims is not looked through beforehand, which takes longer than reading it: this process is bounded.
    del data
    yield from _stage_workbook(path, folder, name, limits)


def _is_workbook_head(head: bytes) -> bool:
    return head.startswith(
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08", b"\x09\x02", b"\x09\x04", b"\x09\x00\x04")
    )


def _stage_workbook(path: Path, folder: Path, name: str, limits: Limits) -> Iterator[StagedTable]:
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            metas = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        if len(metas) > MOST_SHEETS:
            raise TooMuch(name=name, amount=f"{len(metas)} 张工作表", limit=f"{MOST_SHEETS} 张工作表")
        reader = fastexcel.read_excel(str(path))
        for number, meta in enumerate([each for each in metas if each.visible == SheetVisibleEnum.Visible] or metas):
            sheet = reader.load_sheet(meta.name, header_row=None, skip_rows=0, dtypes="string")
            if not sheet.width or not sheet.height:
                continue
            if sheet.width > MOST_COLUMNS:
                raise TooMuch(name=name, amount=f"{sheet.width} 列", limit=f"{MOST_COLUMNS} 列")
            if sheet.height * sheet.width > limits.max_area:
                amount = f"工作表的范围有 {sheet.height * sheet.width} 个格子"
                raise TooMuch(name=name, amount=amount, limit=f"{limits.max_area} 个格子")
            staged = folder / f"sheet-{number}.parquet"
            marks = marks_of(path, meta.name)
            first, merged = _spans(path, meta.name) if marks.merges or marks.percents else (0, [])
            percents = {column - first: spans for column, spans in marks.percents.items()}
            if rows := _arrow_to_parquet(sheet, staged, percents):
                note = _fill_down(
                    staged, [(top, left - first, bottom, right - first) for top, left, bottom, right in merged]
                )
                yield StagedTable(meta.name, str(staged), rows, sheet.width, note=note + _failures(marks))
    except PasswordError as error:
        raise Encrypted(name=name) from error
    except (CalamineError, fastexcel.FastExcelError, OSError, ValueError) as error:
        raise Corrupt(name=name, reason="工作簿内部结构已损坏") from error


def _failures(marks: Marks) -> str:
    """Return, in Chinese, which cells have a formula without a value."""
    if not marks.failures:
        return ""
    places = "、".join(marks.failed) + ("等" if marks.failures > len(marks.failed) else "")
    return f"{marks.failures} 个单元格是公式错误（{places}），按空白读取，请在原表中改正。"


def _spans(path: Path, name: str) -> tuple[int, list[tuple[int, int, int, int]]]:
    """Return the first column of a sheet, from 0, and what is merged in it: first row and column, last row and column."""
    with CalamineWorkbook.from_path(str(path)) as workbook:
        sheet = workbook.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        return first, [(*begin, *end) for begin, end in sheet.merged_cell_ranges or ()]


def _arrow_to_parquet(
    sheet: fastexcel.ExcelSheet, staged: Path, percents: Mapping[int, Sequence[tuple[int, int]]]
) -> int:
    """Turn a sheet into Parquet, cells as people write them; rows in which nothing stands are left out. Return how many are left.

    Args:
        sheet: its values.
        staged: the file to write.
        percents: column → first and last rows of the cells that are shown as a share of a hundred: 0.08 is read as 8%.
    """
    connection = _connect()
    connection.register("sheet", sheet)
    connection.execute("CREATE TABLE percents (place INTEGER, low BIGINT, high BIGINT)")
    marked = [f"({column}, {low}, {high})" for column, spans in percents.items() for low, high in spans]
    for at in range(0, len(marked), 10_000):
        connection.execute(f"INSERT INTO percents VALUES {', '.join(marked[at : at + 10_000])}")
    cells = ", ".join(
        f"{_shown_share(f'#{column + 2}', column) if column in percents else _shown(f'#{column + 2}')} AS c{column}"
        for column in range(sheet.width)
    )
    some = " OR ".join(f"c{column} IS NOT NULL" for column in range(sheet.width))
    # The file comes from one stream, which DuckDB reads in its order.
    connection.execute(
        f"COPY (SELECT * FROM (SELECT n, {cells} FROM (SELECT row_number() OVER () AS n, * FROM sheet)) WHERE {some}) "
        f"TO {_text(str(staged))} (FORMAT parquet)"
    )
    return _count(connection, staged)


def _shown_share(cell: str, column: int) -> str:
    """Return the expression of a cell in a column with shares of a hundred: there 0.08 stands for 8%."""
    hundred = f"round(TRY_CAST({cell} AS DECIMAL(30, 12)) * 100, 6)"
    share = f"regexp_replace(CAST({hundred} AS VARCHAR), '\\.?0+$', '') || '%'"
    there = f"n IN (SELECT unnest(range(low, high + 1)) FROM percents WHERE place = {column})"
    return f"CASE WHEN {there} AND TRY_CAST({cell} AS DECIMAL(30, 12)) IS NOT NULL THEN {share} ELSE {_shown(cell)} END"


def _fill_down(staged: Path, merged: Sequence[tuple[int, int, int, int]]) -> str:
    """Write a text that stands for several rows into each of them, below the heads; return what was done, in Chinese.

    A number is not repeated, since sums would count it as often as there are rows.
    """
    tall = [(top + 1, left, bottom + 1) for top, left, bottom, _right in merged if bottom > top]
    if not tall:
        return ""
    connection = _connect()
    connection.execute(f"CREATE TABLE cells AS SELECT * FROM read_parquet({_text(str(staged))})")
    width = len(connection.execute("DESCRIBE cells").fetchall()) - 1
    filled = 0
    for top, column, bottom in tall[:MOST_MERGED]:
        if not 0 <= column < width or not _among_data(connection, top, bottom, width):
            continue
        found = connection.execute(f"SELECT c{column} FROM cells WHERE n = {top}").fetchone()
        if found and found[0] and not _NUMBER_LIKE.fullmatch(found[0]):
            connection.execute(f"UPDATE cells SET c{column} = ? WHERE n > {top} AND n <= {bottom}", [found[0]])
            filled += 1
    if not filled:
        return ""
    connection.execute(f"COPY (SELECT * FROM cells ORDER BY n) TO {_text(str(staged))} (FORMAT parquet)")
    return f"{filled} 处纵向合并的单元格已把内容填到所跨的每一行；合并的数字只记在第一行。"


def _among_data(connection: duckdb.DuckDBPyConnection, top: int, bottom: int, width: int) -> bool:
    """Return whether rows hold data rather than heads: they are many, far down, or hold a number or a day."""
    if bottom - top > 3 or top > HEADS_END:
        return True
    rows = connection.execute(f"SELECT * FROM cells WHERE n BETWEEN {top} AND {bottom}").fetchall()
    return any(cell and _VALUE_LIKE.fullmatch(cell) for row in rows for cell in row[1 : width + 1])


def _shown(cell: str) -> str:
    """Return the expression of a cell as people write it: days without midnight, times without a day, truth as 是 and 否."""
    plain = f"nullif(replace({cell}, chr(13), ''), '')"
    return (
        f"CASE WHEN {cell} = 'true' THEN '是' WHEN {cell} = 'false' THEN '否' "
        f"WHEN length({cell}) = 19 AND ends_with({cell}, ' 00:00:00') THEN left({cell}, 10) "
        f"WHEN length({cell}) = 19 AND regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} [0-9]{{2}}:[0-9]{{2}}:00') THEN left({cell}, 16) "
        f"ELSE {plain} END"
    )


def _stage_text(path: Path, head: bytes, folder: Path, name: str) -> Iterator[StagedTable]:
    if not head.strip():
        raise EmptyFile(name=name)
    cut = head if len(head) < _PROBE else head[: head.rfind(b"\n") + 1 or len(head)]
    found = sniff(cut, name, STAGING)
    if found.kind not in ("csv", "txt") or found.decoded is None:
        raise NotATable(name=name)
    decoded = decode(cut, name)
    delimiter = find_delimiter(decoded.text)
    plain = folder / "table.csv"
    if _to_utf8(path, plain, decoded.encoding, name) % 2:
        _check_quotes(plain, delimiter, name)
    width = _width(plain, delimiter, most=1000)
    staged = folder / "table.parquet"
    try:
        rows = _to_parquet(plain, staged, width, delimiter, name)
    except Corrupt:
        wider = _width(plain, delimiter, most=None)
        if wider <= width:
            raise
        width = wider
        rows = _to_parquet(plain, staged, width, delimiter, name)
    plain.unlink()
    if rows:
        yield StagedTable("", str(staged), rows, width, note=decoded.note)


def _to_utf8(path: Path, target: Path, encoding: str, name: str) -> int:
    """Copy text in UTF-8 without byte order mark and null characters, in pieces; return how many quotes it has."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding in ("utf-8", "utf_8") else encoding)("strict")
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        at = quotes = 0
        while True:
            piece = source.read(4 * MEBI)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                reason = f"约第 {at + error.start} 字节处不是{encoding}编码的文字"
                raise Corrupt(name=name, reason=reason) from error
            at += len(piece)
            quotes += text.count('"')
            out.write(text.lstrip("\ufeff").replace("\x00", "") if at == len(piece) else text.replace("\x00", ""))
            if not piece:
                return quotes


def _check_quotes(plain: Path, delimiter: str, name: str) -> None:
    """Refuse text in which a quote is opened and never closed: all after it would be one cell, or nothing.

    Raises:
        Corrupt: the reason names the line from which on the quote is open.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with plain.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle, delimiter=delimiter, strict=True)
        line = 0
        try:
            for _ in rows:
                line = rows.line_num
        except csv.Error as error:
            raise Corrupt(name=name, reason=f"第 {line + 1} 行起引号不成对") from error


def _width(path: Path, delimiter: str, most: int | None) -> int:
    """Return the most columns a row has, of the first *most* rows."""
    csv.field_size_limit(_LONGEST_CELL)
    width = 1
    with path.open(encoding="utf-8", newline="") as handle:
        try:
            for number, row in enumerate(csv.reader(handle, delimiter=delimiter)):
                width = max(width, len(row))
                if most is not None and number >= most:
                    break
        except csv.Error:
            return min(width, MOST_COLUMNS)
    return min(width, MOST_COLUMNS)


def _to_parquet(plain: Path, staged: Path, width: int, delimiter: str, name: str, first: int = 1) -> int:
    """Turn delimited UTF-8 text into Parquet; return its rows.

    Raises:
        Corrupt: a row cannot be read; the reason names it.
    """
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    statement = (
        f"COPY (SELECT row_number() OVER () + {first - 1} AS n, * FROM read_csv({_text(str(plain))}, columns = {{{columns}}}, "
        f"delim = {_text(delimiter)}, quote = '\"', escape = '\"', header = false, auto_detect = false, null_padding = true, "
        f"max_line_size = {8 * MEBI}, parallel = false)) TO {_text(str(staged))} (FORMAT parquet)"
    )
    connection = _connect()
    try:
        connection.execute(statement)
    except duckdb.InvalidInputException as error:
        raise Corrupt(name=name, reason=_why(str(error))) from error
    return _count(connection, staged)


def _stage_parquet(path: Path, folder: Path, name: str) -> StagedTable:
    connection = _connect()
    staged = folder / "table.parquet"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_text(str(path))})").fetchall()
        if len(described) > MOST_COLUMNS:
            raise TooMuch(name=name, amount=f"{len(described)} 列", limit=f"{MOST_COLUMNS} 列")
        columns = ", ".join(_column(str(head), str(kind), number) for number, (head, kind, *_) in enumerate(described))
        connection.execute(
            f"COPY (SELECT row_number() OVER () AS n, {columns} FROM read_parquet({_text(str(path))})) "
            f"TO {_text(str(staged))} (FORMAT parquet)"
        )
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        raise Corrupt(name=name, reason="Parquet 内部结构已损坏") from error
    heads = tuple(str(row[0]) for row in described)
    return StagedTable("", str(staged), _count(connection, staged), len(heads), heads=heads)


def _column(head: str, kind: str, number: int) -> str:
    value = '"' + head.replace('"', '""') + '"'
    if kind.endswith("[]"):
        value = f"array_to_string({value}, '、')"
    elif kind == "BOOLEAN":
        value = f"CASE WHEN {value} THEN '是' WHEN NOT {value} THEN '否' END"
    return f"CAST({value} AS VARCHAR) AS c{number}"


def _connect() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for option in ("memory_limit = '2GB'", "threads = 2", "autoinstall_known_extensions = false",
                   "autoload_known_extensions = false", "allow_community_extensions = false"):  # fmt: skip
        connection.execute(f"SET {option}")
    return connection


def _count(connection: duckdb.DuckDBPyConnection, staged: Path) -> int:
    found = connection.execute(f"SELECT count(*) FROM read_parquet({_text(str(staged))})").fetchone()
    return int(found[0]) if found else 0


def _why(message: str) -> str:
    """Return the line that DuckDB names, in words."""
    line = message.partition("Line: ")[2].split("\n")[0].strip()
    return f"第 {line} 行读不出来：引号不成对，或列数与前面不同" if line.isdigit() else "有的行引号不成对，或列数不同"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
