"""One page of a ledger, its count and its groups, whichever store the rows lie in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhenggai.ledgers.duck import name, run
from zhenggai.ledgers.expressions import condition_of
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.masks import mask
from zhenggai.ledgers.readers.conditions import Conditions, Units, order_of, require_open
from zhenggai.ledgers.readers.relation import relation_of
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.ledgers.row_query import EMPTY, RowQuery
from zhenggai.ledgers.shapes import Cell, Group, Line, RowPage
from zhenggai.ledgers.values import EXACT, write_decimal
from zhenggai.packs.declarations import FieldType, LedgerField

_SYSTEM = ("row_id", "body_id", "unit_id", "revision", "changed_at", "withdrawn")
MOST_GROUPS = 200


class Listing:
    """One reader's question to one ledger."""

    def __init__(self, form: Form, query: RowQuery, seen: Units, unmasked: Units) -> None:
        """Keep who asks what.

        Args:
            form: the ledger's fields.
            query: the question.
            seen: the units whose rows the reader sees.
            unmasked: the units whose rows the reader sees without masks.
        """
        self.form, self.query, self.seen = form, query, seen
        self.unmasked: Units = unmasked if query.personal else ()

    @property
    def personal(self) -> bool:
        """Whether any personal data may be shown."""
        return self.unmasked is None or bool(self.unmasked)

    def conditions(self) -> Conditions:
        """Return the conditions of the question.

        Raises:
            BadQuery: a filter or order cannot be used.
        """
        query, found = self.query, Conditions(self.form)
        found.within(self.seen)
        asked = [each.field for each in query.filters] + [each.lstrip("-") for each in query.sort] + [query.group]
        by_personal = require_open(self.form, asked, personal=self.personal)
        if by_personal:  # what a mask hides must not decide which rows are found
            found.within(self.unmasked)
        found.parts.append("withdrawn" if query.withdrawn else "NOT withdrawn")
        for each in query.filters:
            found.filter(each)
        if query.text:
            found.says(query.text, personal=self.personal and self.unmasked == self.seen)
        view = next((each for each in self.form.ledger.views if each.view == query.view), None)
        if view is not None and view.where is not None:
            found.parts.append(condition_of(self.form.ledger, view.where, query.as_of))
        return found

    def page(self) -> RowPage:
        """Return the page asked for: first which rows, by the few columns that decide it, then what they say."""
        relation, conditions = relation_of(self.form.ledger, self.query.as_of), self.conditions()
        columns = self.columns()
        ids, total = self._found(relation, conditions)
        lines = self._lines(relation, ids, columns) if ids else ()
        groups = tuple(self._groups(relation, conditions)) if total and self.query.group else ()
        return RowPage(self.form.ledger, self.query, columns, tuple(lines), total, groups)

    def one(self, row_id: str) -> Line | None:
        """Return one row with all fields, withdrawn or not, or ``None`` where the reader sees none."""
        relation = relation_of(self.form.ledger, self.query.as_of, only=row_id)
        conditions = Conditions(self.form)
        conditions.within(self.seen)
        conditions.parts.append(f"row_id = {conditions.parameter(row_id)}")
        fields = self.form.ledger.fields
        listed = ", ".join((*_SYSTEM, *(name(each.code) for each in fields)))
        found = self._run(f"SELECT {listed} FROM ({relation.sql}) WHERE {conditions.sql} LIMIT 1", relation, conditions)
        return build_line(self.form, found[0], fields, fields, self.unmasked) if found else None

    def columns(self) -> tuple[LedgerField, ...]:
        """Return the fields of the cells."""
        chosen = [code for code in self.query.columns if code in self.form.fields]
        return tuple(self.form.fields[code] for code in chosen) if chosen else self.form.ledger.fields

    def _run(self, statement: str, relation: Relation, conditions: Conditions) -> list[tuple[Any, ...]]:
        return run(statement, {**relation.parameters, **conditions.parameters})

    def _found(self, relation: Relation, conditions: Conditions) -> tuple[list[str], int]:
        """Return the ids of the page's rows in order, and how many rows the whole question has."""
        size = self.query.page_size
        keys, order = order_of(self.form, self.query.sort)
        chosen = ", ".join(f"{key} AS key{at}" for at, key in enumerate(keys))
        hits = f"SELECT row_id, number{', ' + chosen if chosen else ''} FROM ({relation.sql}) WHERE {conditions.sql}"
        page = f"SELECT row_id FROM hits ORDER BY {order} LIMIT {size} OFFSET {(self.query.page - 1) * size}"
        statement = f"WITH hits AS MATERIALIZED ({hits}) SELECT (SELECT count(*) FROM hits), (SELECT list(row_id) FROM ({page}))"
        total, ids = self._run(statement, relation, conditions)[0]
        return list(ids or ()), int(total)

    def _lines(self, relation: Relation, ids: Sequence[str], columns: Sequence[LedgerField]) -> list[Line]:
        ledger = self.form.ledger
        titles = ledger.title or ledger.key
        needed = dict.fromkeys((*(each.code for each in columns), *titles, *filter(None, (ledger.date,))))
        fields = [self.form.fields[code] for code in needed if code in self.form.fields]
        listed = ", ".join((*_SYSTEM, *(name(each.code) for each in fields)))
        wanted = Conditions(self.form)
        if ledger.store == "rows":
            wanted.parts.append(f"number IN ({', '.join(str(int(each)) for each in ids)})")
        else:
            wanted.parts.append(f"row_id IN ({', '.join(wanted.parameter(each) for each in ids)})")
        rows = self._run(f"SELECT {listed} FROM ({relation.sql}) WHERE {wanted.sql}", relation, wanted)
        place = {each: at for at, each in enumerate(ids)}
        rows.sort(key=lambda row: place[row[0]])
        return [build_line(self.form, row, fields, columns, self.unmasked) for row in rows]

    def _groups(self, relation: Relation, conditions: Conditions) -> Iterable[Group]:
        code = self.query.group
        system = {
            "body": "CAST(body_id AS VARCHAR)",
            "unit": "CAST(unit_id AS VARCHAR)",
            "changed": "CAST(changed_at AS DATE)",
        }
        field = self.form.fields.get(code)
        column = system.get(code, name(code))
        if field is not None and field.type == FieldType.CHOICES:
            column = f"unnest({column})"
        statement = (
            f"SELECT value, count(*) FROM (SELECT {column} AS value FROM ({relation.sql}) WHERE {conditions.sql})"
            f" GROUP BY value ORDER BY count(*) DESC, value LIMIT {MOST_GROUPS}"
        )
        for value, count in self._run(statement, relation, conditions):
            kept = plain_value(field, value) if field else (None if value is None else str(value))
            if field is None:
                shown = self.form.names.unit_name(str(kept)) if code != "changed" else str(kept)
            else:
                shown = self.form.show(code, {code: kept}, masked=not self.personal)
            yield Group(EMPTY if kept is None else str(kept), shown, int(count))


def build_line(
    form: Form, row: Sequence[Any], fields: Sequence[LedgerField], columns: Sequence[LedgerField], unmasked: Units
) -> Line:
    """Return a row of a statement as a line: the columns of ``_SYSTEM``, then *fields*."""
    row_id, body, unit, revision, changed, withdrawn = row[: len(_SYSTEM)]
    data = {
        each.code: plain_value(each, value)
        for each, value in zip(fields, row[len(_SYSTEM) :], strict=True)
        if value is not None
    }
    open_ = unmasked is None or body in unmasked or unit in unmasked
    return Line(
        row_id=row_id, title=form.title_of(data) or row_id, body_id=body, unit_id=unit, body=form.names.unit_name(str(body)),
        unit=form.names.unit_name(str(unit)), revision=revision, changed_at=changed, withdrawn=withdrawn,
        cells=tuple(build_cell(form, each, data, unmasked=open_) for each in columns),
    )  # fmt: skip


def build_cell(form: Form, field: LedgerField, data: Mapping[str, Any], *, unmasked: bool) -> Cell:
    """Return a field of a row as its reader may see it."""
    value = data.get(field.code)
    shown = form.show(field.code, data, masked=False)
    if field.personal is None or unmasked:
        return Cell(field.code, shown, False, value)
    return Cell(field.code, mask(field, shown), bool(shown), None)


def plain_value(field: LedgerField | None, value: Any) -> Any:
    """Return a value of DuckDB in the form in which rows keep it."""
    if isinstance(value, Decimal):
        least = 2 if field is not None and field.type == FieldType.MONEY else 0
        return write_decimal(value, least)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and field is not None and field.type in EXACT:
        return write_decimal(Decimal(str(value)))
    return value
