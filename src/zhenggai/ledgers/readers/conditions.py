"""A question of a list as conditions over a relation; what people typed goes into parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhenggai.kit.words import query_words
from zhenggai.ledgers.duck import name, text
from zhenggai.ledgers.errors import BadQuery
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.readers.columns import type_of, words_of
from zhenggai.ledgers.row_query import EMPTY, Filter, Operator
from zhenggai.ledgers.values import CannotTake, parse_value
from zhenggai.packs.declarations import FieldType, LedgerField

_AS_TYPED = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE, FieldType.DEPARTMENT})
Units = Sequence[int] | None
"""Ids of units; ``None`` for all."""


class Conditions:
    """Conditions that must all hold, with their parameters."""

    def __init__(self, form: Form) -> None:
        """Begin without any."""
        self.form = form
        self.parts: list[str] = []
        self.parameters: dict[str, Any] = {}

    @property
    def sql(self) -> str:
        """What stands behind WHERE."""
        return " AND ".join(f"({part})" for part in self.parts) or "true"

    def parameter(self, value: Any) -> str:
        """Return the name by which a statement speaks of *value*."""
        code = f"p{len(self.parameters)}"
        self.parameters[code] = value
        return f"${code}"

    def within(self, units: Units, *, about: bool = True) -> None:
        """Hold that the row is kept by one of *units* or, with *about*, speaks of one."""
        if units is None:
            return
        listed = ", ".join(str(int(unit)) for unit in units) or "NULL"
        # Unknown counts as no behind WHERE, so nothing has to say so.
        self.parts.append(f"body_id IN ({listed})" + (f" OR unit_id IN ({listed})" if about else ""))

    def says(self, words: str, *, personal: bool) -> None:
        """Hold that every word of a search occurs in the row; in its personal data only for those who may read it."""
        ledger = self.form.ledger
        spoken = f"coalesce(search, {words_of(ledger, personal=False)})"
        if personal:
            spoken = (
                f"concat_ws({text(chr(10))}, {spoken}, coalesce(search_personal, {words_of(ledger, personal=True)}))"
            )
        found = query_words(words)
        if words.strip() and not found:
            self.parts.append("false")
        self.parts += [f"contains({spoken}, {self.parameter(word)})" for word in found]

    def filter(self, each: Filter) -> None:
        """Hold one filter.

        Raises:
            BadQuery: its value is none of the field.
        """
        if each.field in ("body", "unit"):
            ids = [int(value) for value in each.values if value.isascii() and value.isdigit()]
            self.parts.append(f"{each.field}_id IN ({', '.join(map(str, ids)) or 'NULL'})")
            return
        field = self.form.fields[each.field]
        column = name(field.code)
        match each.operator:
            case Operator.EMPTY:
                empty = f"{column} IS NULL"
                self.parts.append(empty if each.values[-1] == "1" else f"NOT ({empty})")
            case Operator.HAS:
                self.parts.append(self._contains(column, each.values[-1]))
            case Operator.FROM:
                self.parts.append(f"{column} >= {self._bound(field, each.values[-1])}")
            case Operator.TO:
                value = self._bound(field, each.values[-1])
                if field.type == FieldType.DATETIME and len(each.values[-1]) <= 10:
                    self.parts.append(f"{column} < {value} + INTERVAL 1 DAY")
                else:
                    self.parts.append(f"{column} <= {value}")
            case Operator.IN:
                self.parts.append(self._one_of(field, each.values))

    def _contains(self, column: str, typed: str) -> str:
        # Chinese knows no capitals, and making a whole column small takes longer than searching it.
        cased = typed.lower() != typed.upper()
        return f"contains({f'lower({column})' if cased else column}, {self.parameter(typed.lower())})"

    def _bound(self, field: LedgerField, typed: str) -> str:
        return f"CAST({self.parameter(self._value(field, typed, strict=True))} AS {type_of(field)})"

    def _one_of(self, field: LedgerField, values: Sequence[str]) -> str:
        column = name(field.code)
        wanted = [self._value(field, value) for value in values if value != EMPTY]
        parts = [f"{column} IS NULL"] if EMPTY in values else []
        if wanted and field.type == FieldType.CHOICES:
            listed = ", ".join(f"CAST({self.parameter(value)} AS VARCHAR)" for value in wanted)
            parts.append(f"list_has_any({column}, [{listed}])")
        elif wanted:
            listed = ", ".join(f"TRY_CAST({self.parameter(value)} AS {type_of(field)})" for value in wanted)
            parts.append(f"{column} IN ({listed})")
        return " OR ".join(parts) or "false"

    def _value(self, field: LedgerField, typed: str, *, strict: bool = False) -> str:
        if field.type in _AS_TYPED:
            return typed
        try:
            value = parse_value(
                field.model_copy(update={"minimum": None, "maximum": None}), typed, self.form.setting({})
            )
        except CannotTake as error:
            if strict:
                raise BadQuery(label=field.label, reason=str(error)) from None
            return typed  # a code of another time, which rows may still have
        if isinstance(value, list):
            return value[0] if value else typed
        return str(value).lower() if isinstance(value, bool) else str(value)


def order_of(form: Form, sort: Sequence[str]) -> tuple[list[str], str]:
    """Return the expressions sorted by and what stands behind ORDER BY, where they are called ``key0``, ``key1`` …

    The order of entry comes last, the newest first, so that pages never overlap.
    """
    keys = [_sorted_by(form, each.lstrip("-")) for each in sort]
    parts = [f"key{at} {'DESC' if each.startswith('-') else 'ASC'} NULLS LAST" for at, each in enumerate(sort)]
    return keys, ", ".join([*parts, *(["number DESC"] if form.ledger.store == "rows" else []), "row_id"])


def _sorted_by(form: Form, code: str) -> str:
    if code == "changed":
        return "changed_at"
    if code in ("body", "unit"):
        return _place([str(key) for key in form.names.units()], f"CAST({code}_id AS VARCHAR)")
    field = form.fields[code]
    if field.type == FieldType.UNIT:
        return _place([str(key) for key in form.names.units()], name(code))
    if field.type == FieldType.CHOICE:
        codes = [value.code for value in form.choices.values(field.enumeration or "", form.today)]
        return _place(codes, name(code))
    return name(code)


def _place(values: Sequence[str], column: str) -> str:
    listed = ", ".join(text(value) for value in values)
    return f"list_position([{listed}], {column})" if values else column


PERSONAL_NEEDED = _("这是个人信息，须先选择查看未遮盖的内容")
"""Why a masked field is no condition: who could ask whether it is 张三 would learn it."""


def require_open(form: Form, codes: Sequence[str], *, personal: bool) -> bool:
    """Return whether one of the fields *codes* is personal data; go on only when those may be asked for.

    Raises:
        BadQuery: one is, and they may not.
    """
    marked = [form.fields[code] for code in codes if code in form.fields and form.fields[code].personal]
    if marked and not personal:
        raise BadQuery(label=marked[0].label, reason=str(PERSONAL_NEEDED))
    return bool(marked)
