"""The fields of a register's entries, declared: name, words, and how a plain value becomes a stored one.

A value may be form text, a key, a record, a day or a number; ``None`` and empty text clear what may be cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from zhenggai.findings.access import visible_findings, visible_rounds
from zhenggai.findings.errors import BadValue, UnknownField
from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.access import Actor, current_posts
from zhenggai.people.models import Unit, User

SlotKind = Literal["text", "lines", "choice", "day", "money", "count", "record", "records"]
Choose = Callable[[Actor, Unit], "QuerySet[Any]"]
MOST_MONEY = Decimal("99999999999999.99")
MOST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of an entry."""

    name: str
    """Name of the form field and the model's attribute, for ever."""
    label: str | Promise
    """What people call it."""
    kind: SlotKind = "text"
    """How a value is read."""
    longest: int = 200
    """Most characters of a text."""
    required: bool = False
    """True when it cannot be left empty."""
    choices: type[models.TextChoices] | None = None
    """Codes and words of a choice."""
    choose: Choose | None = None
    """Records that may be chosen, for an actor in a body."""
    help: str | Promise = ""
    """A line under the field."""
    restricted: bool = False
    """True when its value never goes to the trail."""


def people_of(actor: Actor, unit: Unit) -> QuerySet[User]:
    """Return the people who hold a post in *unit* or below it."""
    held = current_posts().filter(unit__path__startswith=unit.path).order_by().values("user_id")
    return User.objects.filter(pk__in=held).order_by("name", "id")


def departments_of(actor: Actor, unit: Unit) -> QuerySet[Unit]:
    """Return the open departments right below *unit*, and its grass-roots units."""
    return Unit.objects.filter(parent=unit, closed_on__isnull=True).order_by("kind", "order", "id")


def findings_of(actor: Actor, unit: Unit) -> QuerySet[Finding]:
    """Return the findings of *unit* and below that the actor sees, newest round first."""
    seen = visible_findings(actor).filter(unit__path__startswith=unit.path)
    return seen.order_by("-round__feedback_on", "-round", "order").only("id", "no", "title", "round")


def rounds_of(actor: Actor, unit: Unit) -> QuerySet[InspectionRound]:
    """Return the rounds of *unit* and of the bodies around it that the actor sees."""
    root = unit.path.split(".", 1)[0] + "."
    return visible_rounds(actor).filter(unit__path__startswith=root)


def read_values(
    slots: Mapping[str, Slot], values: Mapping[str, object], *, actor: Actor, unit: Unit
) -> dict[Slot, Any]:
    """Return what is stored for each of *values*.

    Raises:
        UnknownField: a name is none of the slots'.
        BadValue: a field cannot take its value.
    """
    for name in values:
        if name not in slots:
            raise UnknownField(field=name)
    return {slots[name]: _read(slots[name], value, actor, unit) for name, value in values.items()}


def _read(slot: Slot, value: object, actor: Actor, unit: Unit) -> Any:
    empty = value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())
    if empty and slot.required:
        raise BadValue(label=slot.label, value="", reason=_now("不能为空"))
    match slot.kind:
        case "text" | "lines":
            return _text(slot, value)
        case "choice":
            return "" if empty else _choice(slot, value)
        case "day":
            return None if empty else _day(slot, value)
        case "money":
            return None if empty else _money(slot, value)
        case "count":
            return None if empty else _count(slot, value)
        case "record":
            return None if empty else _records(slot, [value], actor, unit)[0]
    given = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return _records(slot, [one for one in given if one not in (None, "")], actor, unit)


def _text(slot: Slot, value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise BadValue(label=slot.label, value=value, reason=_now("应为文字"))
    text = clean_text(value or "", lines=slot.kind == "lines")
    if len(text) > slot.longest:
        reason = _now("最多 %(longest)s 个字") % {"longest": slot.longest}
        raise BadValue(label=slot.label, value=text[:20] + "…", reason=reason)
    return text


def _choice(slot: Slot, value: object) -> str:
    assert slot.choices is not None  # held by the declaration
    for code, label in slot.choices.choices:
        if value in (code, str(label)):
            return str(code)
    allowed = "、".join(str(label) for label in slot.choices.labels)
    raise BadValue(label=slot.label, value=value, reason=_now("只能是 %(allowed)s") % {"allowed": allowed})


def _day(slot: Slot, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        day = date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadValue(label=slot.label, value=value, reason=_now("应为日期，例如 2025-06-30")) from None
    if not 1990 <= day.year <= 2100:
        raise BadValue(label=slot.label, value=value, reason=_now("年份超出范围"))
    return day


def _money(slot: Slot, value: object) -> Decimal:
    try:
        amount = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise BadValue(label=slot.label, value=value, reason=_now("应为以元为单位的数字，例如 125000.50")) from None
    if not amount.is_finite() or not 0 < amount <= MOST_MONEY:
        raise BadValue(label=slot.label, value=value, reason=_now("应大于零"))
    if amount != amount.quantize(Decimal("0.01")):
        raise BadValue(label=slot.label, value=value, reason=_now("最多两位小数，精确到分"))
    return amount.quantize(Decimal("0.01"))


def _count(slot: Slot, value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:12]) <= MOST_COUNT:
        raise BadValue(label=slot.label, value=value, reason=_now("应为不小于 1 的整数"))
    return int(text)


def _records(slot: Slot, given: list[object], actor: Actor, unit: Unit) -> list[Any]:
    """Return the chosen records; only those offered may be chosen, whether by key or as a record."""
    assert slot.choose is not None  # held by the declaration
    keys = []
    for one in given:
        text = str(one.pk) if isinstance(one, models.Model) else str(one)
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise BadValue(label=slot.label, value=one, reason=_now("不在可选范围内"))
        keys.append(int(text))
    found = {record.pk: record for record in slot.choose(actor, unit).filter(pk__in=keys)} if keys else {}
    for one, key in zip(given, keys, strict=True):
        if key not in found:
            raise BadValue(label=slot.label, value=one, reason=_now("不在可选范围内"))
    return [found[key] for key in sorted(found)]


def in_trail(slot: Slot, value: Any) -> str:
    """Return the words of a stored value that go to the trail; codes for choices, keys beside records."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(in_trail(slot, one) for one in value)
    if isinstance(value, models.Model):
        return f"{value}#{value.pk}"
    return str(value)


def in_words(slot: Slot | None, kept: object) -> str:
    """Return the words for people of what :func:`in_trail` kept."""
    text = "" if kept is None else str(kept)
    if slot is None or not text:
        return text
    if slot.kind == "choice" and slot.choices is not None and text in slot.choices.values:
        return str(slot.choices(text).label)
    if slot.kind in {"record", "records"}:
        return "、".join(part.rpartition("#")[0] or part for part in text.split("、"))
    return text


def stored(slot: Slot, entry: models.Model) -> Any:
    """Return what *entry* holds for the field, comparable with what :func:`read_values` returns."""
    if slot.kind == "records":
        return sorted(getattr(entry, slot.name).all(), key=lambda record: record.pk) if entry.pk else []
    if slot.kind == "record" and getattr(entry, f"{slot.name}_id") is None:
        return None
    return getattr(entry, slot.name)
