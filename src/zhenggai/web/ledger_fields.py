"""The fields of a row as its form draws them: which widget, what stands in it, what may be chosen, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhenggai.ledgers.queries import Form
from zhenggai.ledgers.values import show_wan
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField
from zhenggai.people.models import Unit

PREFIX = "v."
"""Begins the name of each field of a form, so that none collides with what else a form sends."""
RADIOS = 5
"""Choices up to which all are shown at once."""
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.PERCENT})


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as the form shows it."""

    field: LedgerField
    """What is declared."""
    name: str
    """Name of the control."""
    kind: str
    """``text area number money day moment radios select checks lookup``."""
    value: Any
    """What stands in it: text, or a list of codes for ``checks``."""
    options: tuple[tuple[str, str], ...] = ()
    """Values and words, where it is chosen."""
    needed: bool = False
    """Whether it may not be left empty."""
    error: str = ""
    """What is wrong with it."""
    hint: str = ""
    """What the value amounts to: yuan in 万元, the row a key names."""
    hidden: str = ""
    """What the reader sees of personal data they may not read; left empty, it stays."""

    @property
    def is_wide(self) -> bool:
        """Whether it takes a line of its own."""
        return self.kind in ("area", "checks") or (self.kind == "radios" and len(self.options) > 3)


def entered(post: QueryDict, form: Form) -> dict[str, object]:
    """Return what a form sent for the fields of a ledger, field code → text or list of texts."""
    found: dict[str, object] = {}
    for code, field in form.kept.items():
        name = PREFIX + code
        if field.type == FieldType.CHOICES:
            if name in post or f"{name}." in post:
                found[code] = [value for value in post.getlist(name) if value]
        elif name in post:
            found[code] = str(post[name]).replace("\r\n", "\n")
    return found


def as_entered(field: LedgerField, value: Any) -> str | list[str]:
    """Return a kept value in the form in which a form sends it back."""
    if field.type == FieldType.CHOICES:
        return list(value or [])
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("T", " ") if field.type == FieldType.DATETIME else str(value)


def starting_values(ledger: Ledger) -> dict[str, object]:
    """Return what a new form starts with."""
    return {each.code: as_entered(each, each.default) for each in ledger.fields if each.default is not None}


def form_fields(
    form: Form,
    values: Mapping[str, Any],
    problems: Mapping[str, str],
    *,
    body: Unit,
    hidden: Mapping[str, str] | None = None,
) -> list[FormField]:
    """Return the fields of a form.

    Args:
        form: the ledger's fields.
        values: what stands in them, as :func:`as_entered` gives it.
        problems: field code → what is wrong.
        body: the body whose row it is.
        hidden: personal data the person may not read, as they see it.
    """
    return [
        form_field(
            form, field, values, problems.get(field.code, ""), body=body, hidden=(hidden or {}).get(field.code, "")
        )
        for field in form.kept.values()
    ]


def form_field(
    form: Form, field: LedgerField, values: Mapping[str, Any], error: str = "", *, body: Unit, hidden: str = ""
) -> FormField:
    """Return one field of a form."""
    value = values.get(field.code, [] if field.type == FieldType.CHOICES else "")
    needed = (field.required or field.code in form.ledger.key) and not hidden
    options = _options(form, field, value, values, body)
    return FormField(
        field,
        PREFIX + field.code,
        _kind(field, options),
        value,
        options,
        needed,
        error,
        "" if error else hint_of(form, field, value),
        hidden,
    )


def _kind(field: LedgerField, options: tuple[tuple[str, str], ...]) -> str:
    kind = field.type
    if kind == FieldType.LONG_TEXT:
        return "area"
    if kind in _NUMBERS:
        return "number"
    if kind == FieldType.CHOICES:
        return "checks"
    if kind in (FieldType.CHOICE, FieldType.BOOLEAN):
        return "radios" if len(options) <= RADIOS else "select"
    if kind in (FieldType.UNIT, FieldType.DEPARTMENT):
        return "select"
    if kind in (FieldType.REFERENCE, FieldType.PERSON):
        return "lookup"
    simple = {FieldType.MONEY: "money", FieldType.DATE: "day", FieldType.DATETIME: "moment"}
    return simple.get(kind, "text")


def _options(
    form: Form, field: LedgerField, value: Any, values: Mapping[str, Any], body: Unit
) -> tuple[tuple[str, str], ...]:
    match field.type:
        case FieldType.BOOLEAN:
            found = [("true", _("是")), ("false", _("否"))]
        case FieldType.CHOICE | FieldType.CHOICES:
            day = form.day_of({form.ledger.date or "": values.get(form.ledger.date or "")})
            found = [(each.code, each.label) for each in form.choices.values(field.enumeration or "", day)]
        case FieldType.UNIT:
            units = form.names.units().values()
            found = [
                (str(each.pk), str(each))
                for each in units
                if each.kind != Unit.Kind.DEPARTMENT and (each.closed_on is None or str(each.pk) == value)
            ]
        case FieldType.DEPARTMENT:
            inside = [
                each
                for each in form.names.units().values()
                if each.kind == Unit.Kind.DEPARTMENT and each.path.startswith(body.path) and each.closed_on is None
            ]
            found = [(each.name, each.name) for each in inside]
        case _:
            return ()
    known = {code for code, _words in found}
    held = value if isinstance(value, list) else [value]
    # A value that is offered no more stays in the rows that have it.
    found += [
        (str(each), form.show(field.code, {field.code: value}) or str(each))
        for each in held
        if each and each not in known
    ]
    return tuple(found)


def hint_of(form: Form, field: LedgerField, value: Any) -> str:
    """Return what a value amounts to, where that helps at the form."""
    if field.type == FieldType.MONEY and isinstance(value, str):
        digits = value.replace(",", "").strip()
        if digits.replace(".", "", 1).isdecimal() and digits.isascii() and float(digits) >= 10_000:
            return _("合 %(amount)s") % {"amount": show_wan(digits)}
    if field.type == FieldType.PERSON and isinstance(value, str) and value:
        name = form.names.person_name(value)
        return name if name != value else ""
    return ""
