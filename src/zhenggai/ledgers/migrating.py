"""What becomes of rows when the declaration of their ledger changes.

A new field needs nothing; a renamed one (``renamed_from``) is moved; one of another type is converted where its value can be read as
one.  What cannot stays as it is, readable, and is listed with its reason.  Fields no longer declared stay in the rows and in their history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.ledgers.declared import Shape, current, fingerprint_of, kept_fields, shape_of
from zhenggai.ledgers.forms import Data, Form, plain_text
from zhenggai.ledgers.masks import mask
from zhenggai.ledgers.models import LedgerState
from zhenggai.ledgers.values import CannotTake, parse_value, show_value
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField

_BY_LABEL = frozenset(
    {FieldType.CHOICE, FieldType.CHOICES, FieldType.BOOLEAN, FieldType.UNIT, FieldType.PERSON, FieldType.DATETIME}
)
"""Types whose kept values mean nothing to another type, but what people read may."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that could not be converted."""

    row: int
    """The row."""
    title: str
    """What stands for it."""
    field: str
    """Code of the field."""
    value: str
    """What it keeps saying; personal data masked."""
    reason: str
    """Why it is none of the new type."""

    def as_dict(self) -> dict[str, Any]:
        """Return the parts as plain values."""
        return {"row": self.row, "title": self.title, "field": self.field, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Steps:
    """What the change of a declaration asks of rows."""

    renamed: Mapping[str, str]
    """Old code → new code."""
    retyped: Mapping[str, LedgerField]
    """New code → the field as it was declared, under its new code."""
    added: tuple[str, ...]
    """Codes of new fields."""
    dropped: tuple[str, ...]
    """Codes no longer declared."""

    def __bool__(self) -> bool:
        return bool(self.renamed or self.retyped)


@dataclass(frozen=True, slots=True)
class Conformed:
    """What was, or would be, done to the rows of a ledger."""

    ledger: str
    """Which."""
    label: str
    """Its name."""
    steps: Steps
    """What the declaration asks."""
    rows: int
    """Rows that say something in another form."""
    misfits: tuple[Misfit, ...]
    """Values that could not be converted."""
    batch_id: int | None = None
    """What takes it back; None when nothing was written."""


def steps_of(ledger: Ledger, before: Shape) -> Steps:
    """Return what lies between the fields that rows conform to and those declared now."""
    now = shape_of(ledger)
    renamed: dict[str, str] = {}
    retyped: dict[str, LedgerField] = {}
    for each in kept_fields(ledger):
        old = each.code
        if old not in before:
            old = next((code for code in each.renamed_from if code in before and code not in now), old)
            if old != each.code:
                renamed[old] = each.code
        was = before.get(old)
        if was is not None and was != now[each.code]:
            retyped[each.code] = each.model_copy(
                update={"type": FieldType(was["type"]), "enumeration": was.get("enumeration")}
            )
    added = tuple(code for code in now if code not in before and code not in renamed.values())
    dropped = tuple(code for code in before if code not in now and code not in renamed)
    return Steps(renamed, retyped, added, dropped)


def outdated_ledgers() -> list[tuple[Ledger, Steps]]:
    """Return the ledgers whose rows do not conform to their declaration, and what is to be done."""
    found = []
    declared = current().ledgers
    for state in LedgerState.objects.exclude(fingerprint="").order_by("ledger"):
        ledger = declared.get(state.ledger)
        if ledger is not None and fingerprint_of(shape_of(ledger)) != state.fingerprint:
            found.append((ledger, steps_of(ledger, state.fields)))
    return found


def convert(form: Form, steps: Steps, data: Mapping[str, Any]) -> tuple[Data, dict[str, str]]:
    """Return what a row says under the new declaration, and what could not be converted, field → reason."""
    after: Data = {steps.renamed.get(code, code): value for code, value in data.items()}
    wrong: dict[str, str] = {}
    setting = form.setting(after)
    for code, old in steps.retyped.items():
        value = after.get(code)
        if value is None:
            continue
        text = show_value(old, value, setting) if old.type in _BY_LABEL else plain_text(value)
        if old.type == FieldType.DATETIME and form.fields[code].type == FieldType.DATE:
            text = text[:10]
        try:
            new = parse_value(form.fields[code], text, setting)
        except CannotTake as error:
            wrong[code] = str(error)
            continue
        if new is None:
            wrong[code] = _now("转换后为空")
        else:
            after[code] = new
    return after, wrong


def misfit(form: Form, row: int, data: Mapping[str, Any], code: str, reason: str) -> Misfit:
    """Return a value that could not be converted, as it is told."""
    return Misfit(row, form.title_of(data), code, mask(form.fields[code], plain_text(data.get(code))), reason)
