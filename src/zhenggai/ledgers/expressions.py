"""Expressions of declarations over the rows of a ledger, by way of :mod:`zhenggai.rulesql`: checked once, kept while the packs hold."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhenggai.ledgers.declared import current
from zhenggai.ledgers.duck import begin_sessions
from zhenggai.ledgers.errors import BadQuery
from zhenggai.packs.deadlines import in_force
from zhenggai.packs.declarations import Ledger, LedgerField
from zhenggai.packs.expressions import TYPES, table_of
from zhenggai.packs.loading import Declared
from zhenggai.policy.queries import work_calendar
from zhenggai.rulesql import Expression, Type, look
from zhenggai.rulesql.engines.duckdb import calendar_statements


@dataclass(slots=True)
class _Understood:
    declared: Declared
    expressions: dict[tuple[str, str, Type], Expression | None] = field(default_factory=dict)


_understood: _Understood | None = None
_lock = threading.Lock()
_calendar: int | None = None


def expression_of(ledger: Ledger, text: str, want: Type, *, without: str = "") -> Expression | None:
    """Return what an expression over a ledger means, or ``None`` where it means nothing, which checking the packs tells.

    Args:
        ledger: whose fields it may name.
        text: the expression.
        want: what it must give.
        without: the field it may not name, being its value.
    """
    global _understood
    declared, known = current(), _understood
    if known is None or known.declared is not declared:
        known = _understood = _Understood(declared)
    key = (ledger.ledger, f"{without}\n{text}", want)
    if key not in known.expressions:
        table = table_of(ledger, declared)
        others = replace(table, columns=tuple(each for each in table.columns if each.name != without))
        limits = in_force(Path(settings.ZHENGGAI_HOME)).limits
        known.expressions[key] = look(text, others, want=want, limits=limits)[0]
    return known.expressions[key]


def type_of_values(declaration: LedgerField) -> Type:
    """Return what the values of a field are in expressions."""
    return TYPES[declaration.type]


def condition_of(ledger: Ledger, text: str, as_of: datetime | None) -> str:
    """Return a condition as DuckDB's SQL over the columns of a row.

    Raises:
        BadQuery: it means nothing.
    """
    expression = expression_of(ledger, text, Type.BOOLEAN)
    if expression is None:
        raise BadQuery(label=ledger.label, reason=_("视图的条件有误，请检查台账格式"))
    return as_sql(expression, as_of)


def as_sql(expression: Expression, as_of: datetime | None) -> str:
    """Return an expression as DuckDB's SQL for a moment; the tables of working days stand when it looks into them."""
    if expression.asks_calendar:
        _stand_calendar()
    return expression.sql(as_of=day_of(as_of))


def day_of(as_of: datetime | None) -> date:
    """Return the day that ``as_of`` means in expressions."""
    return timezone.localdate() if as_of is None else timezone.localtime(as_of).date()


def _stand_calendar() -> None:
    """Make the tables of working days, unless they say what the work calendar says."""
    global _calendar
    calendar = work_calendar()
    print_ = hash((frozenset(calendar.different.items()), calendar.known_years))
    if print_ == _calendar:
        return
    with _lock:
        begin_sessions(*calendar_statements(calendar))
        _calendar = print_
