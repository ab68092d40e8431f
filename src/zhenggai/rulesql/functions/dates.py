"""Dates, periods and working days.

A day that a month lacks is that month's last day.  Moments are counted in days, months and years that are full.
The work calendar is data: the engines keep it as a table, one row for each day of :data:`CALENDAR_YEARS`; a day
outside it makes the result unknown.
"""

from __future__ import annotations

import calendar as _calendar
import re
from datetime import date, datetime, timedelta

from zhenggai.kit.messages import gettext_noop
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.kit.workdays import add_months as _add_months_to
from zhenggai.rulesql.functions.base import Form, Function, function
from zhenggai.rulesql.types import Type

INT, DATE, DATETIME = Type.INTEGER, Type.DATE, Type.DATETIME
GROUP = gettext_noop("日期")
WORK = gettext_noop("工作日")

CALENDAR_YEARS = (1950, 2149)
"""First and last year of the work calendar."""
FIRST_DAY, LAST_DAY = date(CALENDAR_YEARS[0], 1, 1), date(CALENDAR_YEARS[1], 12, 31)
WORKDAYS = "rulesql_workdays"
"""DuckDB's table of days, each with how many working days there were up to and with it."""
NUMBERED = "rulesql_numbered"
"""DuckDB's table of working days by number."""
_MOST = 32767


def _shift(day: date, days: int) -> date | None:
    if abs(days) > _MOST:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: date, months: int) -> date | None:
    """Return the same day *months* later, or that month's last; None when there is no such year."""
    if abs(months) > _MOST or not 1 <= (day.year * 12 + day.month - 1 + months) // 12 <= 9999:
        return None
    return _add_months_to(day, months)


def months_between(start: date, end: date) -> int:
    """Return how many full months lie from *start* to *end*; negative when *end* is earlier."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last = _calendar.monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))


def _hours(start: datetime, end: datetime) -> int:
    seconds = (end - start) // timedelta(microseconds=1)
    hours = abs(seconds) // 3_600_000_000
    return hours if seconds >= 0 else -hours


def _known(*days: date | None) -> bool:
    return all(day is not None and FIRST_DAY <= day <= LAST_DAY for day in days)


def _workdays_between(work: WorkCalendar, start: date, end: date) -> int | None:
    return work.workdays_between(start, end) if _known(start, end) else None


def _add_workdays(work: WorkCalendar, day: date, count: int) -> date | None:
    # Far more than any limit in the law; keeps one call bounded.
    if not _known(day) or abs(count) > _MOST:
        return None
    if count == 0:
        return day
    end = work.add_workdays(day, count)
    return end if _known(end) else None


def _next(work: WorkCalendar, day: date) -> date | None:
    if not _known(day):
        return None
    end = work.on_or_after(day)
    return end if _known(end) else None


def _previous(work: WorkCalendar, day: date) -> date | None:
    while _known(day) and not work.is_workday(day):
        day -= timedelta(days=1)
    return day if _known(day) else None


LIST_ORDINALS, LIST_NUMBERED = "rulesql_ordinals", "rulesql_numbered"
"""Variables of a session that hold the same two tables as lists: Spark's only way, and DuckDB's where days are nested."""
_EPOCH, _END = f"DATE '{FIRST_DAY.isoformat()}'", f"DATE '{LAST_DAY.isoformat()}'"
_WRITTEN = re.compile(r"CAST\((-?\d{1,4}) AS BIGINT\)", re.ASCII)


def _looked_up(day: str, column: str) -> str:
    """Return the DuckDB text for what the table of days says of *day*, which becomes a join."""
    return f"(SELECT max({column}) FROM {WORKDAYS} WHERE rulesql_day = {day})"


def _is_nested(day: str) -> bool:
    # A look-up within the condition of a look-up would become a product of both tables.
    return "(SELECT" in day


def _in_list(day: str, back: int = 0) -> str:
    at = f"date_diff('day', {_EPOCH}, {day})"
    within = f"WHEN {day} BETWEEN {_EPOCH} AND {_END} THEN"
    first = f"WHEN {day} = {_EPOCH} THEN CAST(0 AS BIGINT) " if back else ""
    return f"CASE {first}{within} CAST(getvariable('{LIST_ORDINALS}')[{at} + {1 - back}] AS BIGINT) END"


def _ordinal(day: str) -> str:
    """Return the DuckDB text for how many working days there are up to and with *day*."""
    return _in_list(day) if _is_nested(day) else _looked_up(day, "rulesql_ordinal")


def _before(day: str) -> str:
    """Return the DuckDB text for how many working days there are before *day*."""
    return _in_list(day, 1) if _is_nested(day) else _looked_up(day, "rulesql_before")


def _numbered(number: str) -> str:
    """Return the DuckDB text for the working day with that number."""
    listed = f"getvariable('{LIST_NUMBERED}')[{number}]"
    return f"CASE WHEN {number} BETWEEN 1 AND 100000 THEN {_EPOCH} + {listed} END"


def _duckdb_add_workdays(day: str, count: str) -> str:
    written = _WRITTEN.fullmatch(count)
    if written and written[1] != "0" and not _is_nested(day):
        # A number written out, as nearly all are, is one join more.
        counted = "rulesql_before + 1" if written[1][0] == "-" else "rulesql_ordinal"
        return (
            f"(SELECT max(n.rulesql_day) FROM {WORKDAYS} AS d JOIN {NUMBERED} AS n "
            f"ON n.rulesql_number = d.{counted} + {written[1]} WHERE d.rulesql_day = {day})"
        )
    small = f"TRY_CAST({count} AS SMALLINT)"
    same = f"CASE WHEN {day} BETWEEN {_EPOCH} AND {_END} THEN {day} END"
    forward, backward = _numbered(f"({_ordinal(day)} + {small})"), _numbered(f"({_before(day)} + 1 + {small})")
    return f"CASE WHEN {count} = 0 THEN {same} WHEN {count} > 0 THEN {forward} ELSE {backward} END"


def _duckdb_next(day: str) -> str:
    return _numbered(f"({_before(day)} + 1)") if _is_nested(day) else _looked_up(day, "rulesql_next")


def _duckdb_previous(day: str) -> str:
    return _numbered(_ordinal(day)) if _is_nested(day) else _looked_up(day, "rulesql_previous")


def _spark_ordinal(day: str) -> str:
    at = f"datediff({day}, {_EPOCH})"
    return (
        f"CASE WHEN {day} BETWEEN {_EPOCH} AND {_END} "
        f"THEN CAST(try_element_at({LIST_ORDINALS}, {at} + 1) AS BIGINT) END"
    )


def _spark_before(day: str) -> str:
    # Position 0 is an error in Spark.
    at = f"datediff({day}, {_EPOCH})"
    return (
        f"CASE WHEN {day} = {_EPOCH} THEN 0L WHEN {day} BETWEEN {_EPOCH} AND {_END} "
        f"THEN CAST(try_element_at({LIST_ORDINALS}, {at}) AS BIGINT) END"
    )


def _spark_numbered(number: str) -> str:
    return (
        f"CASE WHEN {number} BETWEEN 1 AND 100000 THEN "
        f"date_add({_EPOCH}, try_element_at({LIST_NUMBERED}, CAST({number} AS INT))) END"
    )


def _spark_add_workdays(day: str, count: str) -> str:
    small = f"TRY_CAST({count} AS SMALLINT)"
    forward = _spark_numbered(f"({_spark_ordinal(day)} + {small})")
    backward = _spark_numbered(f"({_spark_before(day)} + 1 + {small})")
    written = _WRITTEN.fullmatch(count)
    if written and written[1] != "0":
        return backward if written[1][0] == "-" else forward
    same = f"CASE WHEN {day} BETWEEN {_EPOCH} AND {_END} THEN {day} END"
    return f"CASE WHEN {count} = 0 THEN {same} WHEN {count} > 0 THEN {forward} ELSE {backward} END"


def _part(name: str, label: str, says: str, spark: str | None = None) -> Function:
    return function(
        name, GROUP, "日期", says, f"{name}(受理日期)", f"{{0}} 的{label}",
        (
            Form((DATE,), INT, f"CAST({name}({{0}}) AS BIGINT)", spark),
            Form((DATETIME,), INT, f"CAST({name}({{0}}) AS BIGINT)", spark),
        ),
        {"year": lambda d: d.year, "month": lambda d: d.month, "day": lambda d: d.day,
         "quarter": lambda d: (d.month + 2) // 3}[name],
    )  # fmt: skip


def _edge(name: str, label: str, says: str, duckdb: str, spark: str, meaning: object) -> Function:
    return function(name, GROUP, "日期", says, f"{name}(受理日期)", f"{{0}} 所在{label}", (Form((DATE,), DATE, duckdb, spark),), meaning)  # type: ignore[arg-type]  # a lambda of one date  # fmt: skip


def _end_of(month: int, year: int) -> date:
    return date(year, month, _calendar.monthrange(year, month)[1])


def _months_sql(start: str, end: str, difference: str) -> str:
    """Return the text for full months; the same in both engines but for the *difference* of the months' numbers."""
    return (
        f"CASE WHEN {end} >= {start} "
        f"THEN {difference} - CASE WHEN day({end}) < least(day({start}), day(last_day({end}))) THEN 1 ELSE 0 END "
        f"ELSE {difference} + CASE WHEN day({start}) < least(day({end}), day(last_day({start}))) THEN 1 ELSE 0 END END"
    )


def _difference(start: str, end: str) -> str:
    return f"CAST((year({end}) * 12 + month({end})) - (year({start}) * 12 + month({start})) AS BIGINT)"


def _between_months(start: str, end: str) -> str:
    return _months_sql(start, end, _difference(start, end))


def _between_years(start: str, end: str) -> str:
    return f"CAST(({_between_months(start, end)}) // 12 AS BIGINT)"


def _between_years_spark(start: str, end: str) -> str:
    return f"(({_between_months(start, end)}) div 12)"


FUNCTIONS: tuple[Function, ...] = (
    function(
        "days_between", GROUP, "起, 止", gettext_noop("从起到止的天数，止早于起时为负；同一天为 0。"), "days_between(受理日期, as_of) > 30",
        "{0} 至 {1} 的天数",
        (Form((DATE, DATE), INT, "date_diff('day', {0}, {1})", "CAST(datediff({1}, {0}) AS BIGINT)"),),
        lambda a, b: (b - a).days,
    ),
    function(
        "months_between", GROUP, "起, 止", gettext_noop("从起到止满几个月；该月没有那一天的，到月末为满。"), "months_between(中止日期, as_of) >= 3",
        "{0} 至 {1} 的满月数", (Form((DATE, DATE), INT, _between_months),), months_between,
    ),
    function(
        "years_between", GROUP, "起, 止", gettext_noop("从起到止满几年，可用于计算周岁。"), "years_between(出生日期, 作案日期) < 18",
        "{0} 至 {1} 的满年数", (Form((DATE, DATE), INT, _between_years, _between_years_spark),),
        lambda a, b: int(months_between(a, b) / 12),
    ),
    function(
        "hours_between", GROUP, "起, 止", gettext_noop("从起到止满几个小时，止早于起时为负。"), "hours_between(发生时间, 报告时间) > 24",
        "{0} 至 {1} 的小时数",
        (Form((DATETIME, DATETIME), INT, "date_sub('hour', {0}, {1})", "timestampdiff(HOUR, {0}, {1})"),), _hours,
    ),
    function(
        "add_days", GROUP, "日期, 天数", gettext_noop("若干天以后（负数为以前）的日期。"), "add_days(送达日期, 10) < as_of",
        "{0} 加 {1} 天",
        (Form((DATE, INT), DATE, "({0} + TRY_CAST({1} AS SMALLINT))", "date_add({0}, TRY_CAST({1} AS SMALLINT))"),), _shift,
    ),
    function(
        "add_months", GROUP, "日期, 月数", gettext_noop("若干个月以后的同一天；那个月没有这一天的，为该月最后一天。"),
        "add_months(发出日期, 2) < as_of", "{0} 加 {1} 个月",
        (Form((DATE, INT), DATE, "CAST({0} + to_months(TRY_CAST({1} AS SMALLINT)) AS DATE)",
              "add_months({0}, TRY_CAST({1} AS SMALLINT))"),),
        add_months,
    ),
    _part("year", "年份", gettext_noop("年份。"), "CAST(year({0}) AS BIGINT)"),
    _part("quarter", "季度", gettext_noop("第几季度，1 至 4。"), "CAST(quarter({0}) AS BIGINT)"),
    _part("month", "月份", gettext_noop("月份，1 至 12。"), "CAST(month({0}) AS BIGINT)"),
    _part("day", "日", gettext_noop("几号，1 至 31。"), "CAST(day({0}) AS BIGINT)"),
    function(
        "weekday", GROUP, "日期", gettext_noop("星期几：星期一为 1，星期日为 7。"), "weekday(会议日期) IN (6, 7)", "{0} 是星期几",
        (Form((DATE,), INT, "CAST(isodow({0}) AS BIGINT)", "CAST(weekday({0}) + 1 AS BIGINT)"),), lambda d: d.isoweekday(),
    ),
    function(
        "date", GROUP, "日期时间", gettext_noop("日期时间的日期部分。"), "date(登记时间) = '2026-01-31'", "{0} 的日期",
        (Form((DATE,), DATE, "{0}"), Form((DATETIME,), DATE, "CAST({0} AS DATE)")),
        lambda d: d.date() if isinstance(d, datetime) else d,
    ),
    _edge("month_start", "月的第一天", gettext_noop("所在月的第一天。"), "CAST(date_trunc('month', {0}) AS DATE)", "trunc({0}, 'MM')",
          lambda d: d.replace(day=1)),
    _edge("month_end", "月的最后一天", gettext_noop("所在月的最后一天。"), "last_day({0})", "last_day({0})",
          lambda d: _end_of(d.month, d.year)),
    _edge("quarter_start", "季度的第一天", gettext_noop("所在季度的第一天。"), "CAST(date_trunc('quarter', {0}) AS DATE)",
          "trunc({0}, 'QUARTER')", lambda d: date(d.year, (d.month - 1) // 3 * 3 + 1, 1)),
    _edge("year_start", "年的第一天", gettext_noop("所在年的第一天。"), "CAST(date_trunc('year', {0}) AS DATE)", "trunc({0}, 'YEAR')",
          lambda d: date(d.year, 1, 1)),
    function(
        "to_date", GROUP, "文字", gettext_noop("把写成 YYYY-MM-DD 的文字变为日期；不是这样或没有这一天时未知。"), "to_date(日期文字) < as_of",
        "{0} 作为日期",
        (Form((Type.TEXT,), DATE,
              "CASE WHEN regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND {0} >= '0001' THEN TRY_CAST({0} AS DATE) END",
              "CASE WHEN {0} RLIKE '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND {0} >= '0001' THEN TRY_CAST({0} AS DATE) END"),),
        lambda text: _to_date(text),
    ),
    function(
        "workdays_between", WORK, "起, 止", gettext_noop("起的次日至止（含）的工作日天数，按工作日历计算，止早于起时为负。"),
        "workdays_between(收到日期, as_of) > 7", "{0} 至 {1} 的工作日天数",
        (Form((DATE, DATE), INT, lambda a, b: f"({_ordinal(b)} - {_ordinal(a)})",
              lambda a, b: f"({_spark_ordinal(b)} - {_spark_ordinal(a)})"),),
        _workdays_between, calendar=True,
    ),
    function(
        "add_workdays", WORK, "日期, 工作日数", gettext_noop("之后第几个工作日（负数为之前），当天不算，按工作日历计算。"),
        "add_workdays(收到日期, 7) < as_of", "{0} 后第 {1} 个工作日",
        (Form((DATE, INT), DATE, _duckdb_add_workdays, _spark_add_workdays),), _add_workdays, calendar=True,
    ),
    function(
        "next_workday", WORK, "日期", gettext_noop("当天是工作日则为当天，否则顺延至其后第一个工作日。"), "next_workday(期限届满日) < as_of",
        "{0}（遇节假日顺延）",
        (Form((DATE,), DATE,
              _duckdb_next, lambda d: _spark_numbered(f"({_spark_before(d)} + 1)")),),
        _next, calendar=True,
    ),
    function(
        "previous_workday", WORK, "日期", gettext_noop("当天是工作日则为当天，否则为之前最近的工作日。"), "previous_workday(期限届满日) < as_of",
        "{0}（遇节假日提前）",
        (Form((DATE,), DATE, _duckdb_previous, lambda d: _spark_numbered(f"({_spark_ordinal(d)})")),),
        _previous, calendar=True,
    ),
    function(
        "is_workday", WORK, "日期", gettext_noop("当天是不是工作日，按工作日历。"), "NOT is_workday(用车日期)", "{0} 是工作日",
        (Form((DATE,), Type.BOOLEAN, lambda d: f"({_ordinal(d)} > {_before(d)})", lambda d: f"(({_spark_ordinal(d)}) > {_spark_before(d)})"),),
        lambda work, d: work.is_workday(d) if _known(d) else None, calendar=True,
    ),
)  # fmt: skip
"""Functions of dates."""


def _to_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except ValueError:
        return None


DEADLINE = function(
    "deadline", WORK, "期限编号, 起算日, 是否在押, 情形",
    gettext_noop("法定期限的届满日：当天不算，最后一天遇节假日顺延，在押的不顺延；期限见期限表。"),
    "deadline('CR06', 受理日期, 在押) < as_of", "{0}", (Form((DATE,), DATE, "{0}"),), lambda d: d,
)  # fmt: skip
"""Written out into the functions above when an expression is read, see :mod:`zhenggai.rulesql.deadlines`."""
