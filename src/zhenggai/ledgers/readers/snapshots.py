"""Ledgers imported whole, as DuckDB reads them: for each body the snapshot that holds at the moment, with its corrections.

A snapshot's file has ``row_id`` (text, unique in the file: the key) and a column for each field; a field declared later is empty,
one of another type is converted where it can be.  In the relation the body's id stands before it (``7:示检刑诉1号``), since two bodies
may know a row by the same key.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q

from zhenggai.ledgers.declared import kept_fields
from zhenggai.ledgers.duck import cursor, name, text
from zhenggai.ledgers.models import Overlay, Snapshot
from zhenggai.ledgers.readers.columns import SYSTEM, cast, json_structure, type_of, unit_column
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.packs.declarations import Ledger


def snapshots_relation(ledger: Ledger, as_of: datetime | None = None) -> Relation:
    """Return the rows of a ledger imported whole."""
    parts, corrections = [], []
    for snapshot in holding_snapshots(ledger.ledger, as_of):
        lines = overlay_lines(snapshot, as_of)
        corrections += lines
        parts.append(_select(ledger, snapshot, corrected=bool(lines)))
    parameters = {"corrections": "[" + ",".join(corrections) + "]"} if corrections else {}
    return Relation(" UNION ALL BY NAME ".join(parts) if parts else _nothing(ledger), parameters)


def holding_snapshots(ledger: str, as_of: datetime | None = None) -> list[Snapshot]:
    """Return the snapshot of each body that holds at a moment."""
    found = Snapshot.objects.filter(ledger=ledger).order_by()
    if as_of is None:
        found = found.filter(undone_at__isnull=True)
    else:
        found = found.filter(Q(undone_at__isnull=True) | Q(undone_at__gt=as_of), created_at__lte=as_of)
    newest = found.values("body").annotate(newest=Max("id")).values("newest")
    return list(Snapshot.objects.filter(pk__in=newest).order_by("body_id"))


def path_of(snapshot: Snapshot) -> Path:
    """Return where the file of a snapshot lies."""
    return Path(settings.ZHENGGAI_HOME) / snapshot.path


def overlay_lines(snapshot: Snapshot, as_of: datetime | None = None) -> list[str]:
    """Return the corrections of a snapshot that hold at a moment, each a JSON object."""
    found = Overlay.objects.filter(snapshot=snapshot)
    if as_of is None:
        found = found.filter(valid_to__isnull=True)
    else:
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), valid_from__lte=as_of)
    columns = ("row_id", "revision", "valid_from", "withdrawn", "changes")
    return [
        json.dumps(
            {
                "b": snapshot.body_id,
                "i": row_id,
                "r": revision,
                "c": str(since),
                "w": withdrawn,
                "n": list(changes),
                "d": changes,
            },
            ensure_ascii=False,
        )
        for row_id, revision, since, withdrawn, changes in found.order_by("id").values_list(*columns)
    ]


@lru_cache(maxsize=256)
def columns_in(path: str) -> dict[str, str]:
    """Return the columns of a Parquet file and their types; a snapshot's file never changes."""
    described = cursor().execute(f"DESCRIBE SELECT * FROM read_parquet({text(path)})").fetchall()
    return {str(row[0]): str(row[1]) for row in described}


def _select(ledger: Ledger, snapshot: Snapshot, *, corrected: bool) -> str:
    path = str(path_of(snapshot))
    there = columns_in(path)
    fields = kept_fields(ledger)
    columns = []
    for each in fields:
        code = name(each.code)
        column = next((old for old in (each.code, *each.renamed_from) if old in there), "")
        kept = f"s.{name(column)}" if column else "NULL"
        if there.get(column) != type_of(each):
            kept = f"TRY_CAST({kept} AS {type_of(each)})"
        if corrected:
            kept = f"CASE WHEN list_contains(o.line.n, {text(each.code)}) THEN {cast(each, f'o.line.d.{code}')} ELSE {kept} END"
        columns.append(f"{kept} AS {code}")
    since = text(snapshot.created_at.isoformat())
    revision, changed, withdrawn = "0", f"CAST({since} AS TIMESTAMPTZ)", "false"
    source = f"read_parquet({text(path)}) AS s"
    if corrected:
        revision, withdrawn = "coalesce(o.line.r, 0)", "coalesce(o.line.w, false)"
        changed = f"coalesce(CAST(o.line.c AS TIMESTAMPTZ), {changed})"
        line = (
            '[{"b":"BIGINT","i":"VARCHAR","r":"BIGINT","c":"VARCHAR","w":"BOOLEAN","n":["VARCHAR"],"d":'
            + json_structure(fields)
            + "}]"
        )
        lines = f"SELECT unnest(from_json($corrections, {text(line)})) AS line"
        source += f" LEFT JOIN ({lines}) AS o ON o.line.b = {snapshot.body_id} AND o.line.i = s.row_id"
    system = (
        f"{text(f'{snapshot.body_id}:')} || s.row_id AS row_id, CAST(NULL AS BIGINT) AS number, CAST({snapshot.body_id} AS BIGINT) AS body_id, "
        f"CAST({revision} AS BIGINT) AS revision, {changed} AS changed_at, {withdrawn} AS withdrawn, "
        "CAST(NULL AS VARCHAR) AS search, CAST(NULL AS VARCHAR) AS search_personal"
    )
    rows = f"SELECT {system}, {', '.join(columns)} FROM {source}"
    return f"SELECT *, {unit_column(name(ledger.unit) if ledger.unit else None)} AS unit_id FROM ({rows})"


def _nothing(ledger: Ledger) -> str:
    types = {**SYSTEM, **{each.code: type_of(each) for each in kept_fields(ledger)}}
    return (
        "SELECT " + ", ".join(f"CAST(NULL AS {kind}) AS {name(code)}" for code, kind in types.items()) + " WHERE false"
    )
