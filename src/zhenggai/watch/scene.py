"""What judging shares for one ledger of one body: the engine with the rows, the words, the people and units rows name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.utils import timezone

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.names import Names
from zhenggai.packs import deadlines
from zhenggai.packs.declarations import FieldType, Ledger, Rule
from zhenggai.packs.expressions import table_of
from zhenggai.people.models import Unit, User
from zhenggai.policy.queries import work_calendar
from zhenggai.rulesql.dialects import DUCKDB
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.plans import Reading, Run
from zhenggai.rulesql.plans.base import Writer
from zhenggai.watch.compiling import Context, bound_parameters
from zhenggai.watch.engine import LedgerEngine
from zhenggai.watch.facts import Place
from zhenggai.watch.settings import Effective
from zhenggai.watch.wording import Words

Row = dict[str, Any]
"""Column → value of one row, with ``row_id``, ``body_id`` and ``unit_id``."""
SYSTEM = ("row_id", "body_id", "unit_id")
_AT_ONCE = 20_000


class Scene:
    """One ledger of one body at a moment; give it back with ``with``."""

    def __init__(
        self, ledger: Ledger, body: Unit, as_of: datetime, about: Unit | None = None, *, whole: bool = True
    ) -> None:
        """Take the ledger and the body; rows are read when they are asked for.

        Args:
            ledger: the ledger.
            body: the body.
            as_of: the moment.
            about: the unit about which rows must be; None for all.
            whole: whether all rows of the ledger are at hand; else those that the engine is given by name.
        """
        self.ledger, self.body, self.as_of, self.whole = ledger, body, as_of, whole
        self.day: date = timezone.localdate(as_of)
        self.declared = current()
        self.table = table_of(ledger, self.declared)
        self.time_limits = deadlines.in_force(settings.ZHENGGAI_HOME)
        self.calendar = work_calendar()
        units = Unit.objects.filter(path__startswith=body.path)
        self.units: dict[int, Unit] = {unit.pk: unit for unit in units.order_by("path")}
        self.bodies = [unit for unit in self.units.values() if unit.kind != Unit.Kind.DEPARTMENT]
        below = None if about is None else [key for key, unit in self.units.items() if unit.path.startswith(about.path)]
        self.engine = LedgerEngine([unit.pk for unit in self.bodies], as_of, units=below)
        self.names = Names()
        self.words = Words(ledger, self.day, self.names)
        self._people: dict[str, int] | None = None

    def __enter__(self) -> Self:
        if self.whole:
            self.engine.take(self.ledger)
        return self

    def __exit__(self, *_about: object) -> None:
        self.engine.close()

    def reading(self, each: Effective) -> Reading:
        """Return with what the texts of a rule are read."""
        return Reading(bound_parameters(each.values), self.time_limits.limits)

    def context(self, each: Effective) -> Context:
        """Return the same with the ledger and the shared ladders."""
        return Context(self.ledger, self.table, self.reading(each), self.time_limits.schemes)

    def run(self) -> Run:
        """Return what the run is for."""
        return Run(self.day, calendar=self.calendar)

    def other(self, code: str) -> Ledger:
        """Return another ledger, with its rows at hand.

        Raises:
            NotFound: no pack declares it.
        """
        found = self.declared.ledgers.get(code)
        if found is None:
            raise NotFound
        self.engine.take(found)
        return found

    def count(self) -> int:
        """Return how many rows there are."""
        return int(str(self.engine.query(f"SELECT count(*) FROM {self.engine.take(self.ledger)}")[0][0]))

    def rows(
        self, ids: Iterable[str], columns: Iterable[str], more: Mapping[str, Expression] | None = None
    ) -> dict[str, Row]:
        """Return values of rows by their ids: named columns, and named expressions."""
        asked = list(dict.fromkeys(ids))
        found: dict[str, Row] = {}
        for start in range(0, len(asked), _AT_ONCE):
            listed = ", ".join(DUCKDB.text(key) for key in asked[start : start + _AT_ONCE])
            ids_sql = f"SELECT unnest([{listed}])"
            found.update({row["row_id"]: row for row in self.select(columns, f"row_id IN ({ids_sql})", more)})
        return found

    def select(self, columns: Iterable[str], where: str, more: Mapping[str, Expression] | None = None) -> list[Row]:
        """Return values of the rows that meet a condition written by the engine."""
        asked = more or {}
        writer = self.writer(asked.values())
        names = [*SYSTEM, *(code for code in dict.fromkeys(columns) if code in self.words.fields)]
        parts = [DUCKDB.identifier(name) for name in names]
        parts += [f"{writer.sql(each)} AS {DUCKDB.identifier(name)}" for name, each in asked.items()]
        text = f"SELECT {', '.join(parts)} FROM {self.engine.take(self.ledger)} WHERE {where}"
        return [dict(zip((*names, *asked), row, strict=True)) for row in self.engine.query(text)]

    def writer(self, expressions: Iterable[Expression]) -> Writer:
        """Return what writes expressions for the engine."""
        calendar = any(each.asks_calendar for each in expressions)
        return self.engine._writer(self.run(), calendar)

    def columns_for(self, rule: Rule, expressions: Sequence[Expression] = ()) -> list[str]:
        """Return the columns that an alert of a rule shows or needs."""
        shown = [each.code for each in self.words.slots(rule.message)]
        titled = self.ledger.title or self.ledger.key or tuple(self.words.fields)[:1]
        asked = [name for each in expressions for name in each.column_names]
        told = [rule.recipient] if rule.recipient else []
        return list(dict.fromkeys([*titled, *shown, *told, *asked]))

    def shown(self, row: Row, codes: Iterable[str]) -> dict[str, str]:
        """Return values of a row as people read them, by code."""
        return {code: self.words.shown(code, row.get(code)) for code in codes if code in self.words.fields}

    def place(self, rule: Rule, row: Row) -> Place:
        """Return whom an alert about a row concerns: the person, department or unit its rule names, or the row's own."""
        body = row.get("body_id") if row.get("body_id") in self.units else self.body.pk
        unit = row.get("unit_id") if row.get("unit_id") in self.units else body
        person: int | None = None
        field = self.words.fields.get(rule.recipient or "")
        value = row.get(field.code) if field is not None else None
        if field is not None and value is not None:
            if field.type == FieldType.PERSON:
                person = self.people().get(str(value))
            elif field.type == FieldType.DEPARTMENT:
                unit = self.department(str(value), unit) or unit
            elif field.type == FieldType.UNIT and str(value).isdigit() and int(value) in self.units:
                unit = int(value)
        return Place(body, unit, person)

    def department(self, name: str, near: int | None) -> int | None:
        """Return the id of the department of that name below a unit, or anywhere when only one is called so."""
        called = [unit for unit in self.units.values() if unit.kind == Unit.Kind.DEPARTMENT and unit.name == name]
        home = self.units.get(near or 0)
        if home is not None:
            at_home = [unit for unit in called if unit.parent_id == home.pk]
            if at_home:
                return at_home[0].pk
        return called[0].pk if len(called) == 1 else None

    def people(self) -> dict[str, int]:
        """Return sign-in name → id of everybody with an account."""
        if self._people is None:
            self._people = dict(User.objects.filter(is_active=True).values_list("username", "pk"))
        return self._people
