"""The text of an expression and the ledger it speaks of → a checked :class:`Expression`, or every problem at once.

The stations, in order: plain text, words, sqlglot's tree on a whitelist, our typed tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhenggai.kit.messages import Sentence, gettext_noop
from zhenggai.kit.time_limits import Limit
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.building import Builder
from zhenggai.rulesql.dialects import DIALECTS, DUCKDB, Dialect, DialectName
from zhenggai.rulesql.errors import BadRule, ExpressionError
from zhenggai.rulesql.evaluating import evaluate
from zhenggai.rulesql.explaining import explain
from zhenggai.rulesql.literals import given_value
from zhenggai.rulesql.parsing import parse
from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.reading import plain
from zhenggai.rulesql.rendering import Context, TooMuchSql, render
from zhenggai.rulesql.tree import Bound, Node, Value, fields, walk
from zhenggai.rulesql.types import Column, Pair, Table, Type
from zhenggai.rulesql.words import words

_A_DAY = date(2000, 1, 1)
_PLAIN_WEEK = WorkCalendar()


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was understood, typed and found sound."""

    text: str
    """What the author wrote."""
    type: Type
    """What it gives."""
    tree: Node
    """What it means."""
    table: Table | Pair
    """The ledger, or the two, that it speaks of."""
    notes: tuple[Problem, ...] = ()
    """What its author should know although nothing is wrong."""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Parameters it was checked with; those given by type alone have no value yet and are left out."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it looks at, in the order of the text."""
        return tuple(each.column for each in fields(self.tree))

    @property
    def column_names(self) -> tuple[str, ...]:
        """Codes of :attr:`columns`, each once."""
        return tuple(dict.fromkeys(each.name for each in self.columns))

    @property
    def asks_calendar(self) -> bool:
        """Whether it needs the work calendar."""
        return any(getattr(each, "function", None) is not None and each.function.calendar for each in walk(self.tree))  # type: ignore[union-attr]  # only calls have one  # fmt: skip

    @property
    def bound_names(self) -> frozenset[str]:
        """Names of the parameters that it needs."""
        return frozenset(each.name for each in walk(self.tree) if isinstance(each, Bound) and each.name != "as_of")

    @property
    def asks_day(self) -> bool:
        """Whether it depends on the day of the run."""
        return any(isinstance(each, Bound) and each.name == "as_of" for each in walk(self.tree))

    def context(
        self,
        as_of: date,
        parameters: Mapping[str, Value] | None = None,
        relations: Mapping[str, str] | None = None,
    ) -> Context:
        """Return what a run binds, the given parameters over those of the check.

        Raises:
            BadRule: a parameter has no value, or one of another type.
        """
        merged = {**self.parameters, **{name: _exact(value) for name, value in (parameters or {}).items()}}
        for each in walk(self.tree):
            if not isinstance(each, Bound) or each.name == "as_of":
                continue
            if each.name not in merged:
                raise BadRule(rule=self.text[:60], reason=f"参数“{each.name}”没有值")
            value = merged[each.name]
            if value is not None and given_value(value, each.type) is None:
                raise BadRule(rule=self.text[:60], reason=f"参数“{each.name}”应是{each.type.label}")
        return Context(as_of, merged, relations or {})

    def sql(
        self,
        dialect: DialectName = "duckdb",
        *,
        as_of: date,
        parameters: Mapping[str, Value] | None = None,
        relations: Mapping[str, str] | None = None,
    ) -> str:
        """Return the expression as SQL over columns of those names.

        Args:
            dialect: Whose SQL.
            as_of: The day that ``as_of`` means.
            parameters: Values over those of the check.
            relations: Side → relation name to write before its columns.
        """
        return self.render(DIALECTS[dialect], self.context(as_of, parameters, relations))

    def render(self, dialect: Dialect, context: Context) -> str:
        """Return the expression as SQL, with what *context* binds."""
        try:
            return render(self.tree, dialect, context)
        except TooMuchSql as error:
            raise ExpressionError.of(self.text, [Problem("too_big", 0, len(self.text))]) from error

    def explain(self, *, as_of: date | None = None, parameters: Mapping[str, Value] | None = None) -> str:
        """Return the expression in Chinese; with the values of a run where they are given."""
        values: dict[str, object] = {**self.parameters, **(parameters or {})}
        if as_of is not None:
            values["as_of"] = as_of

        def bound(name: str) -> str:
            value = values.get(name)
            if value is None:
                return gettext_noop("计算当日") if name == "as_of" else name
            if isinstance(value, list | tuple):
                return "、".join(map(str, value))
            return f"“{value}”" if isinstance(value, str) else str(value)

        return explain(self.tree, bound)

    def evaluate(
        self,
        row: Mapping[str, object],
        *,
        as_of: date,
        parameters: Mapping[str, Value] | None = None,
        calendar: WorkCalendar = _PLAIN_WEEK,
        right: Mapping[str, object] | None = None,
    ) -> Value:
        """Return its value for one row, without an engine; None for unknown.

        Args:
            row: Values by column; of the left ledger where there are two.
            as_of: The day that ``as_of`` means.
            parameters: Values over those of the check.
            calendar: Which days are worked on.
            right: The row of the right ledger.
        """
        rows = {"": row, "left": row, "right": right or {}}
        value: Value = evaluate(self.tree, rows, self.context(as_of, parameters), calendar)
        return value


def _exact(value: Value | float) -> Value:
    if isinstance(value, float):
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value


def check(
    text: str,
    table: Table | Pair,
    *,
    want: Type | None = Type.BOOLEAN,
    parameters: Mapping[str, object] | None = None,
    limits: Mapping[str, Limit] | None = None,
) -> Expression:
    """Return *text* understood as an expression over *table*.

    Args:
        text: One condition, or another expression, in the language of :mod:`zhenggai.rulesql.functions`.
        table: The ledger whose columns it may name; a :class:`Pair` for two.
        want: What it must give; a whole number serves where a decimal is wanted; None for anything.
        parameters: Name → value, or → :class:`Type` for one that each run gives.
        limits: Code → time limit, for ``deadline``.

    Raises:
        ExpressionError: something is wrong; it carries everything that was found.
    """
    expression, problems = look(text, table, want=want, parameters=parameters, limits=limits)
    if expression is None:
        raise ExpressionError.of(text, problems)
    return expression


def look(
    text: str,
    table: Table | Pair,
    *,
    want: Type | None = Type.BOOLEAN,
    parameters: Mapping[str, object] | None = None,
    limits: Mapping[str, Limit] | None = None,
) -> tuple[Expression | None, tuple[Problem, ...]]:
    """Return what :func:`check` returns or None, with the problems and notes found; for forms that check while typing."""
    given = parameters or {}
    found: list[Problem] = []
    tree = _understood(text, table, want, given, limits or {}, found)
    notes = [each for each in found if each.code.startswith("note_")]
    wrong = [each for each in found if not each.code.startswith("note_")]
    if tree is None or wrong or tree.type is None:
        return None, tuple(wrong or [Problem("no_type", 0, len(text))])
    values = {name: _exact(value) for name, value in given.items() if not isinstance(value, Type)}  # type: ignore[arg-type]  # of a usable type, or never bound  # fmt: skip
    expression = Expression(text, tree.type, tree, table, tuple(notes), values)
    try:
        expression.render(DUCKDB, _any_context(tree, values))
    except ExpressionError as error:
        return None, error.problems
    return expression, tuple(notes)


def _any_context(tree: Node, values: Mapping[str, Value]) -> Context:
    names = {each.name for each in walk(tree) if isinstance(each, Bound)}
    return Context(_A_DAY, {**dict.fromkeys(names), **values})


def _understood(
    text: str,
    table: Table | Pair,
    want: Type | None,
    parameters: Mapping[str, object],
    limits: Mapping[str, Limit],
    found: list[Problem],
) -> Node | None:
    told = plain(text)
    found.extend(told.found)
    if any(each.code in ("too_long", "open_quote") for each in told.found):
        return None
    tables = [table.left, table.right] if isinstance(table, Pair) else [table]

    def names(word: str) -> bool:
        return word in parameters or any(each.column(word) for each in tables)

    kept = words(told, names, found.append)
    if kept is None:
        return None
    parsed = parse(told, kept, found.append)
    if parsed is None:
        return None
    builder = Builder(told, table, parameters, limits, kept.dated, kept.brackets)
    tree = builder.build(parsed)
    found.extend(builder.found)
    if tree is None:
        return None
    whole = (tree.start, tree.end) if tree.end else (0, len(text))
    if want is not None and tree.type is not want:
        widened = builder.widened(tree, want)
        if widened is None:
            kind = Sentence(tree.type.label if tree.type else "NULL")
            code = "not_boolean" if want is Type.BOOLEAN else "wrong_result"
            found.append(Problem(code, *whole, {"type": kind, "want": Sentence(want.label)}))
            return None
        tree = widened
    if want is Type.BOOLEAN and not fields(tree):
        found.append(Problem("note_constant", *whole))
    return tree
