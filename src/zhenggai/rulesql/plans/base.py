"""What every plan shares: the run it is for, and expressions read from texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhenggai.kit.time_limits import Limit
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.dialects import Dialect
from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import Expression, check
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import Pair, Table, Type

PREFIX = "rulesql_"
"""Names of ours inside queries; no column of a ledger begins so."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is for: the same run over the same rows gives the same answers."""

    as_of: date
    """The day that ``as_of`` means."""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Parameters over those that expressions were checked with."""
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    """Which days are worked on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """With what the texts of a rule are read."""

    parameters: Mapping[str, object] = field(default_factory=dict)
    """Parameters they may name."""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """Time limits they may name."""

    def read(self, text: str, table: Table | Pair, want: Type | None = Type.BOOLEAN) -> Expression:
        """Return *text* checked."""
        return check(text, table, want=want, parameters=self.parameters, limits=self.limits)

    def maybe(self, text: str | None, table: Table | Pair, want: Type | None = Type.BOOLEAN) -> Expression | None:
        """Return *text* checked, or None when there is none."""
        return self.read(text, table, want) if text else None


class Writer:
    """Writes the expressions of one run in one dialect."""

    def __init__(self, dialect: Dialect, run: Run, relations: Mapping[str, str]) -> None:
        """Take the engine's names of the ledgers: *relations*, code → relation."""
        self.dialect = dialect
        self.run = run
        self.relations = relations

    @property
    def spark(self) -> bool:
        """Whether the text is for Spark."""
        return self.dialect.name == "spark"

    def relation(self, table: Table) -> str:
        """Return the engine's name of a ledger."""
        if table.name not in self.relations:
            raise BadRule(rule=table.label or table.name, reason="还没有载入这个台账的数据")
        return self.relations[table.name]

    def sql(self, expression: Expression, sides: Mapping[str, str] | None = None) -> str:
        """Return *expression* as SQL; *sides* names the relations of its columns."""
        known = {name: value for name, value in self.run.parameters.items() if name in expression.bound_names}
        return expression.render(self.dialect, expression.context(self.run.as_of, known, sides))

    def where(self, expression: Expression | None, sides: Mapping[str, str] | None = None) -> str:
        """Return a condition that is never missing."""
        return self.sql(expression, sides) if expression is not None else "TRUE"

    def name(self, name: str) -> str:
        """Return *name* quoted."""
        return self.dialect.identifier(name)

    def collect(self, value: str) -> str:
        """Return the aggregate that lists values in order."""
        return f"sort_array(collect_list({value}))" if self.spark else f"list({value} ORDER BY {value})"

    def each(self, value: str) -> str:
        """Return what makes a row of each different item of a list."""
        return f"explode(array_distinct({value}))" if self.spark else f"unnest(list_distinct({value}))"

    def values(self, rows: Sequence[Sequence[tuple[Value, Type]]], names: Sequence[str]) -> str:
        """Return a relation of literal rows; there is at least one."""
        text = ", ".join("(" + ", ".join(self.dialect.literal(*each) for each in row) + ")" for row in rows)
        return f"(SELECT * FROM (VALUES {text}) AS {PREFIX}v({', '.join(names)}))"
