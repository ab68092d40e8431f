"""What the two sheets hold: which column shows which field, and how a stored value looks in a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.fields import FINDING_FIELDS, MEASURE_FIELDS, Field, stored_value
from zhenggai.findings.models import Aspect, Finding, Measure
from zhenggai.findings.names import Directory
from zhenggai.people.models import Unit, User

FINDINGS_SHEET, MEASURES_SHEET = _("问题"), _("措施")
EXPORTED_SHEET = _("导出清单")
"""Hidden list of the exported rows, by which those that were deleted are noticed."""
ID, MEASURE_ID, VERSION, ROUND = _("问题标识"), _("措施标识"), _("版本"), _("巡察轮次")
DUE_WORDS = _("整改时限（原文）")
OF_FINDING = _("所属问题")
FINDING_ORDER = (
    "aspect", "no", "parent_title", "title", "description", "kind", "unit", "status", "leader", "department", "assist",
    "owner", "due", "completion_criteria", "supervisor_text", "leader_text", "department_text", "assist_text",
    "owner_text", "status_text", "parent_no",
)  # fmt: skip
MEASURE_ORDER = (
    "text",
    "nature",
    "criterion",
    "progress",
    "status",
    "leader",
    "department",
    "assist",
    "owner",
    "due",
    "leader_text",
    "department_text",
    "assist_text",
    "owner_text",
)
_WIDTHS = {"title": 36.0, "description": 48.0, "text": 60.0, "progress": 40.0, "criterion": 30.0, "completion_criteria": 30.0, "aspect": 20.0,
           "parent_title": 20.0, "no": 6.0, "due": 12.0, "status": 11.0, "kind": 10.0}  # fmt: skip
_WRAPPED = {
    "criterion",
    "title",
    "description",
    "text",
    "progress",
    "completion_criteria",
    "aspect",
    "parent_title",
    "assist",
}


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One editable column: a field, or the words beside a deadline."""

    header: str | Promise
    """What stands in the first row."""
    field: Field
    """The field it shows."""
    is_words: bool = False
    """True for the words of a deadline, False for its day."""

    @property
    def width(self) -> float:
        """Width in characters."""
        return 16.0 if self.is_words else _WIDTHS.get(self.field.name, 14.0)

    @property
    def wrap(self) -> bool:
        """Whether long text breaks into lines."""
        return self.field.name in _WRAPPED

    @property
    def choices(self) -> tuple[str, ...]:
        """Words offered in the cell."""
        return tuple(str(label) for label in self.field.choices.labels) if self.field.choices else ()


def _columns(table: Mapping[str, Field], order: tuple[str, ...]) -> tuple[CellColumn, ...]:
    found: list[CellColumn] = []
    for name in order:
        found.append(CellColumn(table[name].label, table[name]))
        if name == "due":
            found.append(CellColumn(DUE_WORDS, table[name], is_words=True))
    return tuple(found)


FINDING_COLUMNS = _columns(FINDING_FIELDS, FINDING_ORDER)
MEASURE_COLUMNS = _columns(MEASURE_FIELDS, MEASURE_ORDER)

CellValue = str | date | None


def aspect_words(aspect: Aspect | None) -> str:
    """Return how an aspect is written in a cell."""
    if aspect is None:
        return ""
    return f"{aspect.no}、{aspect.title}" if aspect.no else aspect.title


def cell_value(
    column: CellColumn, record: Finding | Measure, directory: Directory, assist: list[Unit] | None = None
) -> CellValue:
    """Return what stands in the cell of *record*."""
    value = stored_value(column.field, record, assist)
    if column.field.kind == "due":
        return value.text if column.is_words else value.on  # type: ignore[no-any-return]  # a Due
    return _WRITERS[column.field.kind](column.field, value, directory)


_Writer = Callable[[Field, Any, Directory], str]


def _write_choice(field: Field, value: Any, _directory: Directory) -> str:
    assert field.choices is not None  # held by the field table
    return str(field.choices(value).label) if value else ""


def _write_units(_field: Field, value: list[Unit], directory: Directory) -> str:
    return "、".join(directory.unit_name_of(unit) for unit in value)


def _write_person(_field: Field, value: User | None, directory: Directory) -> str:
    return directory.name_of(value)


_WRITERS: dict[str, _Writer] = {
    "text": lambda _field, value, _directory: str(value),
    "choice": _write_choice,
    "aspect": lambda _field, value, _directory: aspect_words(value),
    "person": _write_person,
    "unit": lambda _field, value, directory: directory.unit_name_of(value),
    "units": _write_units,
}
