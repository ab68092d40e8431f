"""Rows kept in the database, as DuckDB reads them.

What a ledger says at a moment is what its versions up to some id say: ids follow the order of commits.  The last few thousand of
them come from the database itself, inside the caller's transaction; the bulk of a large ledger comes from a *base*, a Parquet file
below ``cache`` of the data folder that holds all rows as they were after one version.  A base is derived: it may be deleted at any
time, is never changed, and is used only while that version stands in the database as the same act wrote it (a restored backup
or an undone transaction may have put another one in its place).
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from zhenggai.ledgers.declared import fingerprint_of, kept_fields, shape_of
from zhenggai.ledgers.duck import cursor, name, text
from zhenggai.ledgers.models import RowVersion
from zhenggai.ledgers.readers.columns import cast, json_structure, struct_type, unit_column
from zhenggai.ledgers.readers.memory import source_of
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.packs.declarations import Ledger

MOST_FRESH = 1_000
"""Versions read from the database each time; beyond, a new base is made."""
_BASES_KEPT = 4
_CHUNK = 5_000
_AT_ONCE = 500
_NAME = re.compile(r"(?P<print>[0-9a-f]{16})-(?P<version>\d+)-(?P<act>[0-9a-f]{32})\.parquet")
_LINE = {"i": "VARCHAR", "b": "BIGINT", "r": "BIGINT", "c": "VARCHAR", "w": "BOOLEAN", "s": "VARCHAR", "p": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the history of a ledger: after one version and before the next."""

    version: int
    """Id of the version; 0 before the first."""
    act: uuid.UUID | None
    """The act that wrote it."""
    past: bool
    """Whether versions may stand after it."""


@dataclass(frozen=True, slots=True)
class Base:
    """All rows as they were at a point."""

    path: Path
    """The Parquet file."""
    version: int
    """Id of the last version in it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A ledger at a point, in the two parts that make it up."""

    base: Base | None
    """The bulk of a large ledger."""
    lines: tuple[str, ...]
    """Rows that are not in the base or changed after it, each a JSON object; see :data:`_LINE`."""
    point: Point
    """Where in the history."""


def rows_relation(
    ledger: Ledger, as_of: datetime | None = None, *, only: str = "", from_files: bool = False
) -> Relation:
    """Return the rows of a ledger kept by hand, or only one of them, withdrawn ones marked."""
    parts = _one(ledger, as_of, only) if only else parts_of(ledger, as_of)
    fresh, parameters = _fresh(ledger), {"fresh": "[" + ",".join(parts.lines) + "]"}
    if parts.base is None:
        return Relation(fresh, parameters)
    base = f"read_parquet({text(str(parts.base.path))})" if from_files else source_of(parts.base.path)
    old = f"SELECT * FROM {base}"
    if not parts.lines:
        return Relation(old)
    changed = """SELECT CAST(line.i AS BIGINT) FROM (SELECT unnest(from_json($fresh, '[{"i":"VARCHAR"}]')) AS line)"""
    return Relation(f"{old} WHERE number NOT IN ({changed}) UNION ALL BY NAME {fresh}", parameters)


def rows_after(ledger: Ledger, rows: Sequence[int], version: int) -> Relation:
    """Return some rows of a ledger kept by hand as they were after a version; those that came later are left out."""
    lines: list[str] = []
    for start in range(0, len(rows), _AT_ONCE):
        versions = RowVersion.objects.filter(row_id__in=rows[start : start + _AT_ONCE], id__lte=version).order_by()
        newest = list(versions.values("row_id").annotate(newest=Max("id")).values_list("newest", flat=True))
        lines += _lines(RowVersion.objects.filter(pk__in=newest).order_by(), past=True)
    return Relation(_fresh(ledger), {"fresh": "[" + ",".join(lines) + "]"})


def rows_between(ledger: Ledger, after: int, upto: int, most: int) -> list[int] | None:
    """Return the rows that versions after one and up to another speak of; None when they are more than *most*."""
    versions = RowVersion.objects.filter(ledger=ledger.ledger, id__gt=after, id__lte=upto).order_by()
    found = list(versions.values_list("row_id", flat=True).distinct()[: most + 1])
    return found if len(found) <= most else None


def stands(ledger: Ledger, version: int, act: str) -> bool:
    """Tell whether a version stands in the database as the same act wrote it."""
    return RowVersion.objects.filter(pk=version, ledger=ledger.ledger, act=act).exists()


def parts_of(ledger: Ledger, as_of: datetime | None = None) -> Parts:
    """Return a ledger at a moment as a base and the rows to put in the place of its own; makes a base when one is due."""
    point = point_at(ledger, as_of)
    base = newest_base(ledger, point)
    lines = _lines_after(ledger, point, base, as_of)
    if len(lines) > MOST_FRESH:
        base = make_base(ledger, point, as_of)
        lines = ()
    return Parts(base, lines, point)


def _fresh(ledger: Ledger) -> str:
    return select_lines(ledger, f"SELECT unnest(from_json($fresh, {text(lines_structure(ledger))})) AS line")


def _one(ledger: Ledger, as_of: datetime | None, row_id: str) -> Parts:
    point = point_at(ledger, as_of)
    number = int(row_id) if row_id.isascii() and row_id.isdigit() and len(row_id) < 19 else 0
    versions = _holding(ledger, point, 0, as_of).filter(row_id=number)
    return Parts(None, tuple(_lines(versions, past=point.past)), point)


def point_at(ledger: Ledger, as_of: datetime | None = None) -> Point:
    """Return the point in the history of a ledger that a moment stands for."""
    versions = RowVersion.objects.filter(ledger=ledger.ledger).order_by("-id")
    last = versions.values_list("id", "act", "valid_from").first()
    if last is not None and as_of is not None and last[2] > as_of:
        last = versions.filter(valid_from__lte=as_of).values_list("id", "act", "valid_from").first()
    version, act = last[:2] if last else (0, None)
    return Point(version, act, past=as_of is not None)


def newest_base(ledger: Ledger, point: Point) -> Base | None:
    """Return the base nearest before a point that the database still vouches for."""
    print_ = _print(ledger)
    found: dict[int, tuple[str, Path]] = {}
    folder = _folder(ledger)
    for file in os.listdir(folder) if folder.is_dir() else ():
        parts = _NAME.fullmatch(file)
        if parts and parts["print"] == print_ and int(parts["version"]) <= point.version:
            found[int(parts["version"])] = (parts["act"], folder / file)
    acts: dict[int, uuid.UUID] = {}
    if found and (max(found) != point.version or len(found) > 1):
        acts = dict(RowVersion.objects.filter(pk__in=found, ledger=ledger.ledger).values_list("pk", "act"))
    if point.act is not None:
        acts[point.version] = point.act
    for version in sorted(found, reverse=True):
        act, path = found[version]
        if version in acts and acts[version].hex == act:
            return Base(path, version)
    return None


def make_base(ledger: Ledger, point: Point, as_of: datetime | None = None) -> Base | None:
    """Write all rows at a point into a file that later reads start from."""
    if point.act is None:
        return None
    folder = _folder(ledger)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{_print(ledger)}-{point.version}-{point.act.hex}.parquet"
    with tempfile.TemporaryDirectory(dir=folder) as room:
        lines, made = Path(room) / "lines.json", Path(room) / "made.parquet"
        with lines.open("w", encoding="utf-8") as file:
            for line in _lines(_holding(ledger, point, 0, as_of), past=point.past):
                file.write(line + "\n")
        columns = {**_LINE, "d": struct_type(kept_fields(ledger))}
        declared = "{" + ", ".join(f"{code}: {text(kind)}" for code, kind in columns.items()) + "}"
        source = f"read_json({text(str(lines))}, format = 'newline_delimited', columns = {declared})"
        rows = select_lines(ledger, f"SELECT line FROM {source} AS line")
        cursor().execute(f"COPY ({rows}) TO {text(str(made))} (FORMAT parquet, ROW_GROUP_SIZE 30000)")
        os.replace(made, path)
    _clear(folder, path)
    return Base(path, point.version)


def forget_bases(ledger: str) -> None:
    """Remove the bases of a ledger, whose rows are known by other words from now on."""
    folder = Path(settings.ZHENGGAI_HOME) / "cache" / "ledgers" / ledger
    for path in folder.glob("*.parquet"):
        path.unlink(missing_ok=True)


def lines_structure(ledger: Ledger) -> str:
    """Return the structure of a JSON list of lines."""
    parts = ",".join(f'"{code}":"{kind}"' for code, kind in _LINE.items())
    return "[{" + parts + f',"d":{json_structure(kept_fields(ledger))}' + "}]"


def select_lines(ledger: Ledger, source: str) -> str:
    """Return the statement that makes typed columns of *source*, whose one column ``line`` is a row as JSON gives it."""
    fields = [f"{cast(each, f'line.d.{name(each.code)}')} AS {name(each.code)}" for each in kept_fields(ledger)]
    unit = unit_column(f"line.d.{name(ledger.unit)}" if ledger.unit else None, "line.b")
    system = (
        f"line.i AS row_id, CAST(line.i AS BIGINT) AS number, line.b AS body_id, {unit} AS unit_id, line.r AS revision, "
        "CAST(line.c AS TIMESTAMPTZ) AS changed_at, line.w AS withdrawn, line.s AS search, line.p AS search_personal"
    )
    return f"SELECT {system}, {', '.join(fields)} FROM ({source})"


def _holding(ledger: Ledger, point: Point, after: int, as_of: datetime | None) -> QuerySet[RowVersion]:
    """Return the versions that hold at a point and came after another."""
    versions = RowVersion.objects.filter(ledger=ledger.ledger, id__gt=after, id__lte=point.version)
    if as_of is None:
        return versions.filter(valid_to__isnull=True)
    return versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))


def _lines_after(ledger: Ledger, point: Point, base: Base | None, as_of: datetime | None) -> tuple[str, ...]:
    """Return the lines of rows changed after *base*, one more than :data:`MOST_FRESH` at most."""
    after = base.version if base else 0
    if after == point.version:
        return ()
    holding = _holding(ledger, point, after, as_of).order_by("id")
    return tuple(_lines(holding[: MOST_FRESH + 1], past=point.past))


def _lines(versions: QuerySet[RowVersion], *, past: bool) -> Iterator[str]:
    """Yield each version as a line; the words of a past one are not those its row is known by now."""
    columns = ("row_id", "row__body_id", "revision", "valid_from", "withdrawn", "row__search", "row__search_personal")
    rows: Iterable[tuple[object, ...]] = versions.annotate(plain=Cast("data", TextField())).values_list(
        *columns, "plain"
    )
    if not versions.query.is_sliced:
        rows = rows.iterator(chunk_size=_CHUNK)  # type: ignore[attr-defined]  # a values_list is a QuerySet
    for row, body, revision, since, withdrawn, words, personal, data in rows:
        known = "" if past else f',"s":{json.dumps(words)},"p":{json.dumps(personal)}'
        flag = "true" if withdrawn else "false"
        yield f'{{"i":"{row}","b":{body},"r":{revision},"c":"{since}","w":{flag}{known},"d":{data}}}'


def _print(ledger: Ledger) -> str:
    return fingerprint_of({"": {"unit": ledger.unit}, **shape_of(ledger)})[:16]


def _folder(ledger: Ledger) -> Path:
    return Path(settings.ZHENGGAI_HOME) / "cache" / "ledgers" / ledger.ledger


def _clear(folder: Path, keep: Path) -> None:
    """Remove all but the newest bases; a reader that has one open keeps it."""
    with suppress(FileNotFoundError):
        bases = sorted(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in bases[_BASES_KEPT:]:
            if path != keep:
                path.unlink(missing_ok=True)
