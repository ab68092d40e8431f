"""The fields of a finding and of a measure that people change.

Name, words, permission, and how a plain value becomes a stored one.

Pages, bulk acts, workbooks and the history of a finding all read this one table. A value may be form text, a key, a
record or a date; ``None`` and empty text clear what may be cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.deadlines import MAX_TEXT, resolve_deadline
from zhenggai.findings.errors import BadValue, UnknownField
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure, Status
from zhenggai.people.access import current_posts
from zhenggai.people.models import Unit, User

FieldKind = Literal["text", "choice", "aspect", "person", "unit", "units", "due"]
_EDIT, _ASSIGN = "findings.edit", "findings.assign"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that people change."""

    name: str
    """Name in forms and in the trail, for ever."""
    label: str | Promise
    """What people call it."""
    kind: FieldKind
    """How a value is read and written."""
    attribute: str
    """Model field."""
    permission: str = _EDIT
    """Permission that changing it needs."""
    longest: int = 0
    """Most characters of a text; 0 for a long text."""
    required: bool = False
    """True when it cannot be cleared."""
    choices: type[models.TextChoices] | None = None
    """Codes and words of a choice."""


def _table(*declared: Field) -> dict[str, Field]:
    return {item.name: item for item in declared}


FINDING_FIELDS = _table(
    Field("no", _("序号"), "text", "no", longest=20),
    Field("title", _("问题"), "text", "title", longest=500, required=True),
    Field("description", _("具体表现"), "text", "description"),
    Field("kind", _("类别"), "choice", "kind", required=True, choices=Finding.Kind),
    Field("unit", _("单位"), "unit", "unit", required=True),
    Field("aspect", _("方面"), "aspect", "aspect"),
    Field("parent_no", _("上级序号"), "text", "parent_no", longest=20),
    Field("parent_title", _("上级标题"), "text", "parent_title", longest=500),
    Field("status", _("状态"), "choice", "status", required=True, choices=Status),
    Field("status_text", _("状态原文"), "text", "status_text", longest=200),
    Field("leader", _("责任领导"), "person", "leader", _ASSIGN),
    Field("leader_text", _("责任领导（原文）"), "text", "leader_text", longest=200),
    Field("department", _("责任部门"), "unit", "department", _ASSIGN),
    Field("department_text", _("责任部门（原文）"), "text", "department_text", longest=300),
    Field("assist", _("配合部门"), "units", "assist_departments", _ASSIGN),
    Field("assist_text", _("配合部门（原文）"), "text", "assist_text", longest=300),
    Field("owner", _("责任人"), "person", "owner", _ASSIGN),
    Field("owner_text", _("责任人（原文）"), "text", "owner_text", longest=200),
    Field("supervisor_text", _("督办"), "text", "supervisor_text", longest=200),
    Field("due", _("整改时限"), "due", "due_on", _ASSIGN),
    Field("completion_criteria", _("完成标准"), "text", "completion_criteria"),
)
MEASURE_FIELDS = _table(
    Field("text", _("整改措施"), "text", "text", required=True),
    Field("nature", _("性质"), "choice", "nature", choices=Measure.Nature),
    Field("criterion", _("完成标准"), "text", "criterion"),
    Field("progress", _("整改进展"), "text", "progress"),
    Field("status", _("状态"), "choice", "status", required=True, choices=Status),
    Field("leader", _("责任领导"), "person", "leader"),
    Field("leader_text", _("责任领导（原文）"), "text", "leader_text", longest=200),
    Field("department", _("责任部门"), "unit", "department"),
    Field("department_text", _("责任部门（原文）"), "text", "department_text", longest=300),
    Field("assist", _("配合部门"), "units", "assist_departments"),
    Field("assist_text", _("配合部门（原文）"), "text", "assist_text", longest=300),
    Field("owner", _("责任人"), "person", "owner"),
    Field("owner_text", _("责任人（原文）"), "text", "owner_text", longest=200),
    Field("due", _("整改时限"), "due", "due_on"),
)
GOVERNED = ("status", "status_text", "due")
"""Fields of a finding that only the loop moves once an approved plan governs it."""
GOVERNED_OF_MEASURE = ("status",)
"""Likewise of its measures."""
ASSIGNABLE = ("leader", "department", "assist", "owner", "due", "status")
ASSIGNABLE_OF_MEASURE = ("nature", "criterion", "leader", "department", "owner", "due")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the day it ends on, and its words."""

    on: date | None
    """The day; None for words without one."""
    text: str
    """As written; empty when a plain date was given."""

    def __str__(self) -> str:
        if self.on is None or not self.text:
            return self.text if self.on is None else self.on.isoformat()
        return f"{self.on.isoformat()}({self.text})"


@dataclass(slots=True)
class Reading:
    """What is needed to turn plain values into stored ones: the round, the day, and records looked up once."""

    round: InspectionRound | None
    """Round that aspects and relative deadlines belong to; None for a bulk act over several rounds."""
    root: str
    """Path of the root unit that people and departments must belong to; empty allows all."""
    today: date = field(default_factory=timezone.localdate)
    """Day that ``下周五`` counts from."""
    _records: dict[tuple[type, int], Any] = field(default_factory=dict)

    def read(self, item: Field, value: object) -> Any:
        """Return what is stored for *value*.

        Raises:
            BadValue: the field cannot take it.
        """
        empty = value is None or (isinstance(value, str) and not value.strip()) or value == ()
        if empty and item.required:
            raise BadValue(label=item.label, value="", reason=_now("不能为空"))
        match item.kind:
            case "text":
                return self._text(item, value)
            case "choice":
                return "" if empty else self._choice(item, value)
            case "due":
                return self._due(item, value)
            case "units":
                given = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
                return _in_order({self._unit(item, one) for one in given if one not in (None, "")})
        if empty:
            return None
        if item.kind == "person":
            return self._person(item, value)
        return self._unit(item, value) if item.kind == "unit" else self._aspect(item, value)

    def _text(self, item: Field, value: object) -> str:
        if not isinstance(value, str) and value is not None:
            raise BadValue(label=item.label, value=value, reason=_now("应为文字"))
        text = clean_text(value or "", lines=not item.longest)
        if item.longest and len(text) > item.longest:
            raise BadValue(
                label=item.label,
                value=text[:20] + "…",
                reason=_now("最多 %(longest)s 个字") % {"longest": item.longest},
            )
        return text

    def _choice(self, item: Field, value: object) -> str:
        assert item.choices is not None  # held by the table above
        for code, label in item.choices.choices:
            if value in (code, str(label)):
                return str(code)
        allowed = "、".join(str(label) for label in item.choices.labels)
        raise BadValue(label=item.label, value=value, reason=_now("只能是 %(allowed)s") % {"allowed": allowed})

    def _due(self, item: Field, value: object) -> Due:
        if isinstance(value, Due):
            return value
        if isinstance(value, date):
            return Due(value, "")
        text = self._text(item, value)[: MAX_TEXT + 1]
        if len(text) > MAX_TEXT:
            reason = _now("最多 %(longest)s 个字") % {"longest": MAX_TEXT}
            raise BadValue(label=item.label, value=text[:20] + "…", reason=reason)
        try:
            return Due(date.fromisoformat(text), "")
        except ValueError:
            feedback_on = self.round.feedback_on if self.round else None
            return Due(resolve_deadline(text, feedback_on=feedback_on, today=self.today), text)

    def _record(self, item: Field, model: type[models.Model], value: object) -> Any:
        if isinstance(value, model):
            return value
        try:
            key = int(str(value))
        except ValueError:
            raise BadValue(label=item.label, value=value, reason=_now("不在可选范围内")) from None
        if (model, key) not in self._records:
            self._records[model, key] = model._default_manager.filter(pk=key).first() if 0 < key < 2**63 else None
        record = self._records[model, key]
        if record is None:
            raise BadValue(label=item.label, value=value, reason=_now("不在可选范围内"))
        return record

    def _person(self, item: Field, value: object) -> User:
        person: User = self._record(item, User, value)
        if not person.is_active:
            raise BadValue(label=item.label, value=person.name, reason=_now("该账号已停用"))
        here = current_posts().filter(user=person, unit__path__startswith=self.root)
        # A record was looked up by its name in this tree; a key comes from a form, where anything can stand.
        if self.root and not isinstance(value, User) and not here.exists():
            raise BadValue(label=item.label, value=value, reason=_now("不在可选范围内"))
        return person

    def _unit(self, item: Field, value: object) -> Unit:
        unit: Unit = self._record(item, Unit, value)
        if unit.closed_on is not None:
            raise BadValue(label=item.label, value=unit.name, reason=_now("该单位已撤销"))
        if not unit.path.startswith(self.root):
            raise BadValue(label=item.label, value=unit.name, reason=_now("不属于本单位"))
        return unit

    def _aspect(self, item: Field, value: object) -> Aspect:
        aspect: Aspect = self._record(item, Aspect, value)
        if self.round is None or aspect.round_id != self.round.pk:
            raise BadValue(label=item.label, value=aspect.title, reason=_now("不属于本轮次"))
        return aspect


def _in_order(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (unit.order, unit.pk))


def clean_text(text: str, *, lines: bool = False) -> str:
    """Return *text* without control characters and outer spaces; line ends become spaces unless *lines* are kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = text.replace("\n", " ")
    return "".join(char for char in text if char in "\n\t" or (char >= " " and char != "\x7f")).strip()


def root_of(unit: Unit) -> str:
    """Return the path of the root above *unit*."""
    return unit.path.split(".", 1)[0] + "."


def stored_value(item: Field, record: Finding | Measure, assist: list[Unit] | None = None) -> Any:
    """Return what *record* holds for the field, comparable with what :meth:`Reading.read` returns."""
    if item.kind == "due":
        return Due(record.due_on, record.due_text)
    if item.kind == "units":
        if assist is None:
            assist = list(record.assist_departments.all()) if record.pk else []
        return _in_order(assist)
    return getattr(record, item.attribute)


def in_trail(item: Field, value: Any) -> str:
    """Return the form of a stored value that goes to the trail.

    Words, with the key for people and units; codes for choices.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(in_trail(item, one) for one in value)
    if isinstance(value, (User, Unit)):
        return f"{value.name}#{value.pk}"
    return str(value)


def in_words(item: Field | None, kept: object) -> str:
    """Return the words for people of what :func:`in_trail` kept."""
    text = "" if kept is None else str(kept)
    if item is None or not text:
        return text
    if item.kind == "choice" and item.choices is not None and text in item.choices.values:
        return str(item.choices(text).label)
    if item.kind in {"person", "unit", "units"}:
        return "、".join(part.rpartition("#")[0] or part for part in text.split("、"))
    return text


def same_value(item: Field, old: Any, new: Any) -> bool:
    """Tell whether writing *new* would change nothing.

    A plain date that repeats the known day keeps the words beside it.
    """
    if item.kind == "due":
        return bool(old == new or (new.on is not None and new.on == old.on and not new.text))
    return bool(old == new)


def write_value(item: Field, record: Finding | Measure, value: Any) -> list[str]:
    """Put a read value on *record*, unsaved; return the model fields to save.

    Assisting departments are left to the caller.
    """
    if item.kind == "units":
        return []
    if item.kind == "due":
        record.due_on, record.due_text = value.on, value.text
        return ["due_on", "due_text"]
    setattr(record, item.attribute, value)
    return [item.attribute]


def known_fields(table: Mapping[str, Field], values: Mapping[str, object]) -> list[Field]:
    """Return the fields that *values* name.

    Raises:
        UnknownField: a name is none of the table's.
    """
    for name in values:
        if name not in table:
            raise UnknownField(field=name)
    return [table[name] for name in values]
