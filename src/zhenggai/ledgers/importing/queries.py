"""Reading imports: one of them, those of a ledger, a first look at the rows, and the marked workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _now

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import IMPORT, access_ledger, reach_of
from zhenggai.ledgers.importing.shapes import CellProblem, read_problems
from zhenggai.ledgers.importing.staged import StagedRow, data_rows, top_rows
from zhenggai.ledgers.importing.store import folder_of, problems_path
from zhenggai.ledgers.models import LedgerImport
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor
from zhenggai.render.xlsx import Column, Sheet, render_workbook


@dataclass(frozen=True, slots=True)
class Preview:
    """The top of the chosen table."""

    rows: list[StagedRow]
    """First rows, heads among them."""
    labels: list[str]
    """Head of each column."""
    mapping: dict[int, str]
    """Column → field code."""
    problems: dict[int, list[CellProblem]]
    """Row → what trying found, for the rows shown."""


def visible_imports(actor: Actor, ledger: Ledger) -> QuerySet[LedgerImport]:
    """Return the imports into a ledger for bodies the actor imports for, newest first."""
    reached = reach_of(actor, ledger, IMPORT)
    found = LedgerImport.objects.filter(ledger=ledger.ledger).select_related("body", "actor", "file", "batch")
    if reached.everything:
        return found
    return found.filter(reached.units("body__path")) if reached else found.none()


def access_import(actor: Actor, key: int) -> LedgerImport:
    """Return one import.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    one = LedgerImport.objects.filter(pk=key).first()
    if one is None:
        raise NotFound
    found = visible_imports(actor, access_ledger(actor, one.ledger)).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def staged_path(import_: LedgerImport) -> Path:
    """Return the Parquet file of the chosen table."""
    return folder_of(import_.pk) / str(import_.tables[import_.table]["file"])


def preview(import_: LedgerImport, most: int = 30) -> Preview:
    """Return the top of the chosen table, with what trying found there."""
    rows = top_rows(staged_path(import_), most)
    shown = {row.n for row in rows}
    problems: dict[int, list[CellProblem]] = {}
    for each in read_problems(problems_path(import_.pk)):
        if each.n in shown:
            problems.setdefault(each.n, []).append(each)
    mapping = {int(column): field for column, field in import_.mapping.items()}
    return Preview(rows, list(import_.labels), mapping, problems)


def problems_of(import_: LedgerImport, most: int = 100) -> list[CellProblem]:
    """Return the first problems that trying found, in the order of rows."""
    return sorted(read_problems(problems_path(import_.pk)), key=lambda each: each.n)[:most]


def marked_workbook(import_: LedgerImport) -> bytes:
    """Return the rows that cannot be taken as a workbook, each with its number in the source and what is wrong with it.

    It has the heads of the source, so that the mended rows can be imported as they are.
    """
    wrong: dict[int, list[str]] = {}
    for each in read_problems(problems_path(import_.pk)):
        wrong.setdefault(each.n, []).append(each.message)
    heads = [label or _now("第%(n)s列") % {"n": index + 1} for index, label in enumerate(import_.labels)]
    columns = [Column(_now("存在的问题"), 46), Column(_now("原行号"), 9), *(Column(head, 18) for head in heads)]
    sheet = Sheet(name=_now("需要改正的行"), columns=tuple(columns), rows=_marked(import_, wrong, len(heads)))
    return render_workbook([sheet], title=import_.name)


def _marked(import_: LedgerImport, wrong: dict[int, list[str]], width: int) -> Iterator[list[str | int | None]]:
    if not wrong:
        return
    for piece in data_rows(staged_path(import_), import_.after):
        for row in piece:
            if row.n in wrong:
                cells = (row.cells + [None] * width)[:width]
                yield ["；".join(wrong[row.n]), row.n, *cells]
