"""A workbook compared with the record: what each row would change, or why it is refused. Reads only.

A cell that still says what the export says is never read anew, so that a person who has left, or a unit that was
closed, does not stop a row.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, BinaryIO

from django.db.models import Q
from django.utils.translation import gettext as _now

from zhenggai.docparse.understand.status import find_status
from zhenggai.findings.access import visible_findings, visible_rounds
from zhenggai.findings.changes import Changes, changes_since, compare, governed_label, locked
from zhenggai.findings.deadlines import is_understood
from zhenggai.findings.errors import BadValue
from zhenggai.findings.fields import FINDING_FIELDS, MEASURE_FIELDS, Due, Field, Reading, in_words, root_of
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure, Status
from zhenggai.findings.names import Answer, Directory
from zhenggai.findings.shapes import FieldChange
from zhenggai.findings.workbook import layout
from zhenggai.findings.workbook.layout import CellColumn
from zhenggai.findings.workbook.reading import Cell, Row, SheetRows, read_sheets
from zhenggai.kit.text import comparison_key
from zhenggai.people.access import Actor, may
from zhenggai.people.models import Unit

EDIT, ASSIGN = "findings.edit", "findings.assign"


class RowKind(StrEnum):
    """What a row of the workbook would do."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WorkbookRow:
    """One row of the workbook, judged."""

    sheet: str
    """Name of the sheet."""
    number: int
    """Row as people count it."""
    kind: RowKind
    """What it would do."""
    label: str
    """Title of the finding, or beginning of the measure."""
    changes: tuple[FieldChange, ...]
    """Fields that would change."""
    place: str
    """Cell that is refused, ``H12``; empty otherwise."""
    reason: str
    """Why it is refused, as a sentence; empty otherwise."""
    warnings: tuple[str, ...] = ()
    """What should be looked at before it is applied, as sentences."""

    @property
    def clears(self) -> bool:
        """True when it would empty a field of the ledger."""
        return any(change.clears for change in self.changes)


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """A row that was exported and does not stand in the workbook any more."""

    sheet: str
    """Name of the sheet it stood on."""
    label: str
    """Title of the finding, or beginning of the measure."""


@dataclass(frozen=True, slots=True)
class WorkbookPreview:
    """What applying a workbook would do."""

    rows: tuple[WorkbookRow, ...]
    """Every row, in order of sheets and rows."""
    unknown_headers: tuple[str, ...]
    """Headers that mean nothing here and are disregarded."""
    absent: tuple[AbsentRow, ...] = ()
    """Rows that were exported and are not in the workbook any more: the ledger keeps them as they are."""

    @property
    def cleared(self) -> int:
        """How many fields of the ledger it would empty."""
        return sum(change.clears for row in self.rows for change in row.changes)

    def count(self, kind: RowKind | str) -> int:
        """Return how many rows are of *kind*."""
        return sum(row.kind == kind for row in self.rows)


class Refused(Exception):
    """A row cannot be taken; carries the cell and the sentence."""

    def __init__(self, place: str, reason: str) -> None:
        """Keep the place and the reason."""
        super().__init__(reason)
        self.place, self.reason = place, reason


@dataclass(slots=True)
class RowPlan:
    """A row with all that applying it needs."""

    row: Row
    """The row as read."""
    kind: RowKind
    """What it would do."""
    label: str
    """For people."""
    record: Finding | Measure | None = None
    """What it changes, or the unsaved record it adds; None when refused."""
    finding: Finding | None = None
    """The finding concerned."""
    reads: dict[Field, Any] = field(default_factory=dict)
    """Values to write."""
    changes: Changes = field(default_factory=dict)
    """What would change."""
    place: str = ""
    """Refused cell."""
    reason: str = ""
    """Why."""

    def judged(self, table: Mapping[str, Field]) -> WorkbookRow:
        """Return the row for people."""
        changes = tuple(
            FieldChange(name, str(table[name].label), in_words(table[name], pair[0]), in_words(table[name], pair[1]))
            for name, pair in self.changes.items()
        )
        warnings = tuple(self._warnings())
        return WorkbookRow(
            self.row.sheet, self.row.number, self.kind, self.label, changes, self.place, self.reason, warnings
        )

    def _warnings(self) -> Iterable[str]:
        for item, value in self.reads.items():
            if isinstance(value, Due) and item.name in self.changes and not is_understood(value.on, value.text):
                yield _now("%(label)s“%(text)s”未识别为日期") % {"label": item.label, "text": value.text}


@dataclass(slots=True)
class WorkbookPlan:
    """All rows of a workbook, planned."""

    findings: list[RowPlan]
    """Rows of the sheet 问题."""
    measures: list[RowPlan]
    """Rows of the sheet 措施."""
    unknown: tuple[str, ...]
    """Headers that mean nothing here."""
    absent: tuple[AbsentRow, ...] = ()
    """Exported rows that are not there any more."""

    def preview(self) -> WorkbookPreview:
        """Return the plan for people."""
        rows = [plan.judged(FINDING_FIELDS) for plan in self.findings]
        rows += [plan.judged(MEASURE_FIELDS) for plan in self.measures]
        return WorkbookPreview(tuple(rows), self.unknown, self.absent)


def preview_workbook(actor: Actor, file: BinaryIO) -> WorkbookPreview:
    """Return what applying the workbook would do, row by row; nothing is written.

    Raises:
        BadWorkbook: the file cannot be read as a ledger.
    """
    return plan_workbook(actor, read_workbook(file)).preview()


def read_workbook(file: BinaryIO) -> dict[str, SheetRows]:
    """Return the rows of a workbook, sheet by sheet; it can take seconds, and needs no database.

    Raises:
        BadWorkbook: the file cannot be read as a ledger.
    """
    fields = [str(column.header) for column in layout.FINDING_COLUMNS]
    measure_fields = [str(column.header) for column in layout.MEASURE_COLUMNS]
    keys = [str(layout.ID), str(layout.VERSION)]
    findings, measures = str(layout.FINDINGS_SHEET), str(layout.MEASURES_SHEET)
    return read_sheets(
        file,
        {
            findings: [*keys, str(layout.ROUND), *fields],
            measures: [str(layout.MEASURE_ID), *keys, str(layout.OF_FINDING), *measure_fields],
            str(layout.EXPORTED_SHEET): [str(layout.ID), str(layout.MEASURE_ID)],
        },
        {findings: str(layout.ID), measures: str(layout.MEASURE_ID)},
    )


def plan_workbook(actor: Actor, sheets: Mapping[str, SheetRows], *, lock: bool = False) -> WorkbookPlan:
    """Compare a workbook with the record.

    Args:
        actor: who brings it.
        sheets: as :func:`read_workbook` gives them.
        lock: True locks the findings, for applying the plan in the same transaction.
    """
    findings, measures = str(layout.FINDINGS_SHEET), str(layout.MEASURES_SHEET)
    finding_rows = sheets[findings].rows if findings in sheets else ()
    measure_rows = sheets[measures].rows if measures in sheets else ()
    unknown = tuple(dict.fromkeys(name for sheet in sheets.values() for name in sheet.unknown))
    planner = _Planner(actor, finding_rows, measure_rows, lock)
    return WorkbookPlan(
        [planner.plan_finding(row) for row in finding_rows],
        [planner.plan_measure(row) for row in measure_rows],
        unknown,
        tuple(_absent(actor, sheets)),
    )


def _absent(actor: Actor, sheets: Mapping[str, SheetRows]) -> Iterable[AbsentRow]:
    """Yield what the list of exported rows names and the sheets lack, as far as it stands on the ledger; two queries.

    A sheet that was left out altogether lacks nothing, nor do the measures of a finding that is named itself.
    """
    exported = sheets.get(str(layout.EXPORTED_SHEET))
    if exported is None:
        return
    gone: dict[str, set[uuid.UUID]] = {}
    for sheet, header in ((layout.FINDINGS_SHEET, layout.ID), (layout.MEASURES_SHEET, layout.MEASURE_ID)):
        if str(sheet) in sheets:
            there = {row.text(str(header)) for row in sheets[str(sheet)].rows}
            listed = {row.text(str(header)) for row in exported.rows}
            gone[str(sheet)] = {key for text in listed - there if (key := _uuid(text))}
    standing = visible_findings(actor, EDIT).order_by()
    lost = gone.get(str(layout.FINDINGS_SHEET), set())
    findings = standing.filter(stable_id__in=lost).order_by("round_id", "order") if lost else standing.none()
    for title in findings.values_list("title", flat=True):
        yield AbsentRow(str(layout.FINDINGS_SHEET), title[:60])
    lost_measures = gone.get(str(layout.MEASURES_SHEET), set())
    if lost_measures:
        measures = Measure.objects.filter(stable_id__in=lost_measures, withdrawn_at__isnull=True)
        measures = measures.filter(finding__in=standing.values("pk")).exclude(finding__stable_id__in=lost)
        for text in measures.order_by("finding__order", "order").values_list("text", flat=True):
            yield AbsentRow(str(layout.MEASURES_SHEET), text[:60])


class _Planner:
    """The record as the rows of one workbook need it, read in bulk."""

    def __init__(self, actor: Actor, findings: Sequence[Row], measures: Sequence[Row], lock: bool) -> None:
        self.actor = actor
        header, measure_header = str(layout.ID), str(layout.MEASURE_ID)
        wanted = {key for row in (*findings, *measures) if (key := _uuid(row.text(header)))}
        found = visible_findings(actor, EDIT).filter(stable_id__in=wanted).order_by("pk")
        if lock:
            found = locked(Finding.objects.filter(pk__in=list(found.values_list("pk", flat=True))).order_by("pk"))
        else:
            found = found.select_related("round__unit", "aspect", "unit", "leader", "department", "owner")
        self.findings = {finding.stable_id: finding for finding in found}
        keys = [finding.pk for finding in self.findings.values()]
        self.assignable = set(visible_findings(actor, ASSIGN).filter(pk__in=keys).values_list("pk", flat=True))
        self.measures = {
            measure.stable_id: measure
            for measure in Measure.objects.filter(finding_id__in=keys, withdrawn_at__isnull=True).select_related(
                "leader", "department", "owner"
            )
        }
        self.assist: dict[int, list[Unit]] = {}
        through = Finding.assist_departments.through.objects.filter(finding_id__in=keys).select_related("unit")
        for link in through:
            self.assist.setdefault(link.finding_id, []).append(link.unit)
        self.measure_assist: dict[int, list[Unit]] = {}
        of_measures = Measure.assist_departments.through.objects.filter(measure__finding_id__in=keys)
        for tie in of_measures.select_related("unit"):
            self.measure_assist.setdefault(tie.measure_id, []).append(tie.unit)
        rounds = list(visible_rounds(actor, EDIT).select_related("unit"))
        named = Counter(round_.name for round_ in rounds)
        self.rounds = {round_.name: round_ for round_ in rounds if named[round_.name] == 1}
        self.several = frozenset(name for name, count in named.items() if count > 1)
        self.aspects: dict[int, list[Aspect]] = {}
        for aspect in Aspect.objects.filter(Q(round__in=[each.pk for each in rounds])):
            self.aspects.setdefault(aspect.round_id, []).append(aspect)
        ids = [row.text(header) for row in findings] + [row.text(measure_header) for row in measures]
        self.repeated = {key for key, count in Counter(filter(None, ids)).items() if count > 1}
        self._directories: dict[str, Directory] = {}
        self._conflicts: dict[int, str] = {}

    def directory(self, unit: Unit) -> Directory:
        """Return the names of the tree that *unit* stands in."""
        root = root_of(unit)
        if root not in self._directories:
            self._directories[root] = Directory(root)
        return self._directories[root]

    def plan_finding(self, row: Row) -> RowPlan:
        """Return what a row of the sheet 问题 would do."""
        label = row.text(str(FINDING_FIELDS["title"].label))[:60]
        try:
            if not row.text(str(layout.ID)):
                return self._new_finding(row, label)
            finding = self._finding(row)
            reads = dict(self._changed_cells(row, layout.FINDING_COLUMNS, finding, finding))
            changes = compare(finding, reads, self.assist.get(finding.pk, []))
            self._permit(row, finding, changes)
            self._permit_unit(row, reads)
            return self._done(row, finding.title[:60], finding, finding, reads, changes)
        except Refused as refusal:
            return _refusal(row, label, refusal)

    def plan_measure(self, row: Row) -> RowPlan:
        """Return what a row of the sheet 措施 would do."""
        label = row.text(str(MEASURE_FIELDS["text"].label))[:60]
        try:
            finding = self._finding(row, of_measure=True)
            text = row.text(str(layout.MEASURE_ID))
            if text:
                self._once(row, str(layout.MEASURE_ID))
                key = _uuid(text)
                measure = self.measures.get(key) if key else None
                if measure is None or measure.finding_id != finding.pk:
                    raise Refused(row.place(str(layout.MEASURE_ID)), _now("没有这个标识的措施，或它不属于该问题"))
            else:
                measure = Measure(finding=finding)
            reads = dict(self._changed_cells(row, layout.MEASURE_COLUMNS, measure, finding))
            if not text and not reads.get(MEASURE_FIELDS["text"]):
                raise Refused(row.place(str(MEASURE_FIELDS["text"].label)), _now("新增的措施没有内容"))
            changes = compare(measure, reads, self.measure_assist.get(measure.pk or 0, []))
            self._permit(row, finding, changes, adds=not text, of_measure=True)
            plan = self._done(row, label or str(measure), measure, finding, reads, changes)
            if not text:
                plan.kind = RowKind.NEW
            return plan
        except Refused as refusal:
            return _refusal(row, label, refusal)

    def _finding(self, row: Row, *, of_measure: bool = False) -> Finding:
        header = str(layout.ID)
        if not of_measure:
            self._once(row, header)
        key = _uuid(row.text(header))
        finding = self.findings.get(key) if key else None
        if finding is None:
            raise Refused(row.place(header), _now("台账中没有这个标识的问题，或您无权修改它"))
        return finding

    def _once(self, row: Row, header: str) -> None:
        if row.text(header) in self.repeated:
            raise Refused(row.place(header), _now("同一标识在文件中出现了多次"))

    def _done(
        self,
        row: Row,
        label: str,
        record: Finding | Measure,
        finding: Finding,
        reads: dict[Field, Any],
        changes: Changes,
    ) -> RowPlan:
        kind = RowKind.CHANGED if changes else RowKind.UNCHANGED
        return RowPlan(row, kind, label, record, finding, reads, changes)

    def _permit(
        self, row: Row, finding: Finding, changes: Changes, *, adds: bool = False, of_measure: bool = False
    ) -> None:
        """Refuse a change of what was changed since the export; a measure typed in below overwrites nothing."""
        if not changes or (adds and not row.text(str(layout.VERSION))):
            return
        version = str(layout.VERSION)
        if row.text(version) != str(finding.version):
            if finding.pk not in self._conflicts:
                shown = row.text(version)
                exported = int(shown) if shown.isdecimal() and len(shown) < 10 else 0
                self._conflicts[finding.pk] = changes_since(finding, exported)
            slots = {"changes": self._conflicts[finding.pk]}
            raise Refused(row.place(version), _now("导出之后台账已有修改（%(changes)s），请重新导出后再改") % slots)
        label = governed_label(finding, changes, of_measure=of_measure)
        if label:
            raise Refused(row.place(label), _now("已按批准的整改方案办理，状态和时限随审核与延期变化，不能由表格修改"))
        if finding.pk not in self.assignable and any(name in _ASSIGNED for name in changes):
            name = next(name for name in changes if name in _ASSIGNED)
            raise Refused(row.place(str(FINDING_FIELDS[name].label)), _now("您没有分派责任的权限"))

    def _permit_unit(self, row: Row, reads: Mapping[Field, Any]) -> None:
        unit = reads.get(FINDING_FIELDS["unit"])
        if unit is not None and not may(self.actor, EDIT, unit):
            raise Refused(row.place(str(FINDING_FIELDS["unit"].label)), _now("您无权把问题归到这个单位"))

    def _changed_cells(
        self, row: Row, columns: Sequence[CellColumn], record: Finding | Measure, finding: Finding
    ) -> Iterable[tuple[Field, Any]]:
        """Yield the fields whose cells no longer say what the export says, with what is to be stored."""
        directory = self.directory(finding.unit)
        is_new = record.pk is None
        assisting = self.assist if isinstance(record, Finding) else self.measure_assist
        assist = [] if is_new else assisting.get(record.pk, [])
        different: dict[str, dict[bool, Cell]] = {}
        for column in columns:
            cell = row.cells.get(str(column.header))
            if cell is None or (is_new and cell.value == "" and not cell.is_formula):
                continue
            shown = layout.cell_value(column, record, directory, assist)
            if cell.is_formula:
                raise Refused(cell.place, _now("公式没有算出的值，请改写成文字或日期"))
            if not _says_the_same(cell.value, shown):
                different.setdefault(column.field.name, {})[column.is_words] = cell
        for column in columns:
            cells = different.pop(column.field.name, None)
            if cells is not None:
                cell = cells.get(False) or cells[True]
                try:
                    yield column.field, self._read(column.field, cells, record, finding, directory)
                except BadValue as error:
                    raise Refused(cell.place, str(error.describe().what)) from error

    def _read(
        self, item: Field, cells: Mapping[bool, Cell], record: Finding | Measure, finding: Finding, directory: Directory
    ) -> Any:
        reading = Reading(finding.round, root_of(finding.unit))
        if item.kind == "due":
            return _read_due(item, cells, reading)
        value = cells[False].value
        text = str(value).strip()
        if not text:
            return reading.read(item, [] if item.kind == "units" else None)
        near = finding.round.unit
        match item.kind:
            case "person":
                return reading.read(item, _one(item, text, directory.person(text)))
            case "unit":
                return reading.read(item, _one(item, text, directory.unit(text, near)))
            case "units":
                return reading.read(item, [_one(item, part, directory.unit(part, near)) for part in _listed(text)])
            case "aspect":
                return reading.read(item, self._aspect(item, text, finding))
            case "choice" if item.choices is Status and text not in map(str, Status.labels):
                return reading.read(item, find_status(text) or text)
        return reading.read(item, text)

    def _aspect(self, item: Field, text: str, finding: Finding) -> Aspect:
        key = comparison_key(text)
        for aspect in self.aspects.get(finding.round_id, ()):
            if key in (comparison_key(layout.aspect_words(aspect)), comparison_key(aspect.title)):
                return aspect
        raise BadValue(label=item.label, value=text, reason=_now("本轮次没有这个方面"))

    def _new_finding(self, row: Row, label: str) -> RowPlan:
        title = row.text(str(FINDING_FIELDS["title"].label))
        if not title:
            raise Refused(
                row.place(str(FINDING_FIELDS["title"].label)), _now("没有标识也没有问题标题，无法判断这一行是什么")
            )
        round_ = self._round(row)
        if not may(self.actor, EDIT, round_.unit):
            raise Refused(row.place(str(layout.ROUND)), _now("您无权在该轮次新增问题"))
        finding = Finding(round=round_, unit=round_.unit)
        reads = dict(self._changed_cells(row, layout.FINDING_COLUMNS, finding, finding))
        changes = compare(finding, reads, [])
        self._permit_unit(row, reads)
        if any(name in _ASSIGNED for name in changes) and not may(self.actor, ASSIGN, round_.unit):
            raise Refused(row.place(str(layout.ID)), _now("您没有分派责任的权限"))
        return RowPlan(row, RowKind.NEW, label, finding, finding, reads, changes)

    def _round(self, row: Row) -> InspectionRound:
        header = str(layout.ROUND)
        name = row.text(header)
        if name in self.rounds:
            return self.rounds[name]
        if name in self.several:
            # Units may name their rounds alike: the one whose findings stand in the same workbook is meant.
            near = {finding.round_id: finding.round for finding in self.findings.values() if finding.round.name == name}
            if len(near) == 1:
                return next(iter(near.values()))
            raise Refused(
                row.place(header), _now("有几个单位的巡察轮次都叫这个名称，请只导出其中一轮，在那份表格里新增")
            )
        if not name:
            known = {finding.round_id: finding.round for finding in self.findings.values()}
            if len(known) == 1:
                return next(iter(known.values()))
            raise Refused(row.place(header), _now("请写明新增问题属于哪个巡察轮次"))
        raise Refused(row.place(header), _now("没有名为“%(name)s”的巡察轮次，或您无权修改") % {"name": name[:60]})


_ASSIGNED = frozenset(name for name, item in FINDING_FIELDS.items() if item.permission == ASSIGN)


def _refusal(row: Row, label: str, refusal: Refused) -> RowPlan:
    return RowPlan(row, RowKind.REFUSED, label, place=refusal.place, reason=refusal.reason)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _says_the_same(cell: str | date, shown: str | date | None) -> bool:
    if isinstance(shown, date):
        return cell == shown or str(cell) == shown.isoformat()
    return str(cell).split() == (shown or "").split()


def _read_due(item: Field, cells: Mapping[bool, Cell], reading: Reading) -> Due:
    """Return the deadline: a changed day drops words that were not changed with it.

    Changed words alone are resolved.
    """
    day, words = cells.get(False), cells.get(True)
    if day is None:
        assert words is not None  # the caller saw a difference in one of them
        due: Due = reading.read(item, str(words.value))
        return due
    due = reading.read(item, day.value if isinstance(day.value, date) else str(day.value))
    return Due(due.on, reading.read(item, str(words.value)).text) if words is not None else due


def _one(item: Field, text: str, answer: Answer[Any]) -> Any:
    if answer.record is not None:
        return answer.record
    if answer.candidates:
        names = "、".join(
            f"{one.name}({one.username})"
            if hasattr(one, "username")
            else f"{one.parent.name if one.parent else ''}/{one.name}"
            for one in answer.candidates[:4]
        )
        raise BadValue(
            label=item.label, value=text, reason=_now("有多个同名，请写成其中一个：%(names)s") % {"names": names}
        )
    raise BadValue(label=item.label, value=text, reason=_now("系统中没有这个名称"))


def _listed(text: str) -> list[str]:
    return [
        part.strip()
        for part in text.replace(",", "、").replace("，", "、").replace(";", "、").split("、")
        if part.strip()
    ]
