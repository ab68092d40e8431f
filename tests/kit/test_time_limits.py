"""Statutory time limits: dates worked by hand, and what holds for every date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.time_counting import count
from zhenggai.kit.time_limits import (
    Basis,
    Counting,
    Custody,
    Extension,
    Ground,
    Limit,
    Parameter,
    Span,
    Unit,
    Variant,
)
from zhenggai.kit.time_steps import TRANSIT, Pause, Restart
from zhenggai.kit.workdays import WorkCalendar, add_months

ONE = timedelta(days=1)
LAW = Basis("刑事诉讼法", "105")
CRIMINAL = Counting("criminal", "刑事", LAW, LAW, LAW, LAW)
_SPRING = [date(2026, 2, day) for day in range(15, 24)]
"""The Spring Festival of 2026: nine days off, with 14 and 28 February worked on."""
CALENDAR = WorkCalendar(
    {
        **{day: False for day in _SPRING if day.weekday() < 5},
        date(2026, 2, 14): True,
        date(2026, 2, 28): True,
        **{date(2026, 10, day): False for day in (1, 2, 5, 6, 7)},
        date(2026, 9, 20): True,
        date(2026, 10, 10): True,
    },
    frozenset({2025, 2026}),
)
PLAIN = WorkCalendar({}, frozenset(range(1900, 2200)))
DAY = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def limit(amount: int, unit: Unit = Unit.DAY, **changes: object) -> Limit:
    """Return a limit of the criminal law."""
    made = Limit("T01", "试验", Span(amount, unit), "收到材料", CRIMINAL, (Basis("刑事诉讼法", "172"),))
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names real fields


def due(of: Limit, start: date, **asked: object) -> date:
    """Return the last day by the calendar of 2026."""
    return count(of, start, calendar=CALENDAR, **asked).due_on  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "unit", "start", "found"),
    [
        (7, Unit.DAY, date(2026, 3, 2), date(2026, 3, 9)),  # the day of the start does not count
        (10, Unit.DAY, date(2026, 1, 30), date(2026, 2, 9)),
        (5, Unit.DAY, date(2026, 3, 2), date(2026, 3, 9)),  # Saturday the 7th moves to Monday
        (3, Unit.DAY, date(2026, 2, 11), date(2026, 2, 14)),  # a Saturday that is worked on stays
        (7, Unit.DAY, date(2026, 2, 10), date(2026, 2, 24)),  # the 17th lies in the Spring Festival
        (1, Unit.MONTH, date(2026, 1, 15), date(2026, 2, 24)),  # 15 February likewise
        (1, Unit.MONTH, date(2026, 1, 31), date(2026, 2, 28)),  # no 31st; a Saturday that is worked on
        (1, Unit.MONTH, date(2024, 1, 31), date(2024, 2, 29)),  # leap year
        (2, Unit.MONTH, date(2025, 12, 31), date(2026, 2, 28)),
        (1, Unit.YEAR, date(2024, 2, 29), date(2025, 2, 28)),
        (1, Unit.MONTH, date(2026, 3, 31), date(2026, 4, 30)),
        (7, Unit.WORKDAY, date(2026, 2, 10), date(2026, 2, 26)),  # 11 12 13 14 24 25 26
        (5, Unit.WORKDAY, date(2026, 9, 28), date(2026, 10, 10)),  # 29 30 8 9 10
    ],
)
def test_the_last_day(amount: int, unit: Unit, start: date, found: date) -> None:
    assert due(limit(amount, unit), start) == found


def test_custody_keeps_the_day_on_a_holiday_and_freedom_does_not() -> None:
    seven = limit(7, custody=Custody.ASKED)
    start = date(2026, 2, 10)
    assert due(seven, start, custody=True) == date(2026, 2, 17)
    assert due(seven, start, custody=False) == date(2026, 2, 24)
    assert due(replace(seven, custody=Custody.ALWAYS), start) == date(2026, 2, 17)
    assert due(replace(seven, custody=Custody.NEVER), start, custody=True) == date(2026, 2, 24)
    assert due(replace(seven, rolls=False), start) == date(2026, 2, 17)
    held = count(seven, start, calendar=CALENDAR, custody=True)
    assert "在押期间至期满之日为止" in held.steps[-1].describe() and held.steps[-1].basis == (LAW,)


def test_kinds_of_case_and_extensions_in_order() -> None:
    months = limit(
        2,
        Unit.MONTH,
        custody=Custody.ALWAYS,
        variants=(Variant("速裁", Span(10, Unit.DAY)),),
        extensions=(
            Extension("s156", "案情复杂", Span(1, Unit.MONTH), "上一级检察院"),
            Extension("s158", "四类案件", Span(2, Unit.MONTH), "省级检察院"),
        ),
    )
    start = date(2025, 12, 31)
    assert due(months, start) == date(2026, 2, 28)
    assert due(months, start, extensions=1) == date(2026, 3, 31)  # three months, not 28 March
    assert due(months, start, extensions=("s156", "s158")) == date(2026, 5, 31)
    assert due(months, start, variant="速裁") == date(2026, 1, 10)
    half = replace(limit(1, Unit.MONTH), extensions=(Extension("grave", "重大、复杂", Span(15, Unit.DAY)),))
    assert due(half, date(2026, 1, 31), extensions=1) == date(2026, 3, 16)  # 28 February and 15 days is a Sunday
    assert due(half, date(2026, 1, 31), extensions=(("grave", Span(3, Unit.DAY)),)) == date(2026, 3, 3)
    for wrong in (3, ("s158",), ("s159",), (("s156", Span(2, Unit.MONTH)),), (("s156", Span(5, Unit.DAY)),)):
        with pytest.raises(CannotCount):
            due(months, start, extensions=wrong)
    with pytest.raises(CannotCount, match="速裁"):
        due(months, start, variant="普通")


def test_days_that_do_not_count() -> None:
    month = limit(1, Unit.MONTH, rolls=False, pauses=(Ground("mind", "精神病鉴定", (Basis("刑事诉讼法", "149"),)),))
    start = date(2026, 1, 20)
    assert due(month, start) == date(2026, 2, 20)
    assert due(month, start, pauses=[(date(2026, 1, 28), date(2026, 2, 3))]) == date(2026, 2, 27)  # across a month end
    assert due(month, start, pauses=[(date(2026, 2, 20), date(2026, 3, 1))]) == date(2026, 3, 2)  # on the last day
    assert due(month, start, pauses=[(date(2026, 2, 21), date(2026, 3, 1))]) == date(2026, 2, 20)  # after it
    assert due(month, start, pauses=[(date(2026, 1, 10), date(2026, 1, 22))]) == date(2026, 2, 22)  # from before
    twice = [(date(2026, 2, 1), date(2026, 2, 5)), (date(2026, 2, 4), date(2026, 2, 6))]
    assert due(month, start, pauses=twice) == date(2026, 2, 26)  # no day is taken off twice
    # The first pause moves the end to where the second one begins to matter.
    chain = [(date(2026, 2, 1), date(2026, 2, 5)), (date(2026, 2, 24), date(2026, 2, 25))]
    assert due(month, start, pauses=chain) == date(2026, 2, 27)
    named = count(month, start, calendar=CALENDAR, pauses=[Pause(date(2026, 2, 2), date(2026, 2, 2), "mind")])
    step = next(each for each in named.steps if each.kind == "pause")
    assert "精神病鉴定" in step.describe() and step.basis == (Basis("刑事诉讼法", "149"),)
    road = count(month, start, calendar=CALENDAR, pauses=[Pause(date(2026, 2, 2), date(2026, 2, 3), TRANSIT)])
    assert road.due_on == date(2026, 2, 22) and any(LAW in each.basis for each in road.steps if each.kind == "pause")
    with pytest.raises(CannotCount, match="早于"):
        due(month, start, pauses=[(date(2026, 2, 3), date(2026, 2, 2))])
    working = limit(5, Unit.WORKDAY)
    # 11 and 12 count, 13 and 14 do not, then 24, 25 and 26.
    assert due(working, date(2026, 2, 10), pauses=[(date(2026, 2, 13), date(2026, 2, 14))]) == date(2026, 2, 26)


def test_the_clock_begins_anew() -> None:
    month = limit(
        1,
        Unit.MONTH,
        restarts=(Ground("returned", "补充侦查完毕移送", (Basis("刑事诉讼法", "175"),), 2),),
        rolls=False,
    )
    start = date(2026, 3, 10)
    assert due(month, start, restarts=[date(2026, 4, 8)]) == date(2026, 5, 8)
    assert due(month, start, restarts=[date(2026, 5, 6), date(2026, 4, 8)]) == date(2026, 6, 6)
    pauses = [(date(2026, 4, 1), date(2026, 4, 5))]
    assert due(month, start, restarts=[date(2026, 4, 8)], pauses=pauses) == date(2026, 5, 8)
    late = count(month, start, calendar=CALENDAR, restarts=[Restart(date(2026, 4, 20), "returned")])
    assert [each.describe() for each in late.warnings] == [
        "重新起算前的期限（不计延长）已于 2026-04-10 届满，请核对期间是否有延长或停计。"
    ]
    thrice = [Restart(date(2026, 4, 8) + n * 7 * ONE, "returned") for n in range(3)]
    assert "第 3 次" in count(month, start, calendar=CALENDAR, restarts=thrice).warnings[-1].describe()
    with pytest.raises(CannotCount, match="早于开始日"):
        due(month, start, restarts=[date(2026, 3, 1)])


def test_counting_back_never_shortens_the_time_ahead() -> None:
    before = limit(7, backward=True)
    assert due(before, date(2026, 3, 31)) == date(2026, 3, 24)
    assert due(before, date(2026, 2, 26)) == date(2026, 2, 14)  # 19 February lies in the Spring Festival
    assert due(limit(3, Unit.WORKDAY, backward=True), date(2026, 2, 25)) == date(2026, 2, 13)  # 24, 14, 13
    assert due(replace(before, rolls=False), date(2026, 2, 26)) == date(2026, 2, 19)
    for wrong in ({"pauses": [(date(2026, 3, 1), date(2026, 3, 2))]}, {"restarts": [date(2026, 4, 1)]}):
        with pytest.raises(CannotCount):
            due(before, date(2026, 3, 31), **wrong)


def test_hours_begin_with_the_next_full_hour() -> None:
    day = limit(24, Unit.HOUR)
    found = count(day, datetime(2026, 3, 2, 10, 20), calendar=CALENDAR)
    assert found.due_at == datetime(2026, 3, 3, 11, 0) and found.due_on == date(2026, 3, 3)
    with pytest.raises(CannotCount, match="几时几分"):
        due(day, date(2026, 3, 2))


def test_seven_days_or_seven_working_days_is_a_parameter() -> None:
    asked = Parameter("unit", "七日是自然日还是工作日", "day", (("day", "自然日"), ("workday", "工作日")))
    seven = limit(7, parameters=(asked,))
    start = date(2026, 9, 28)
    assert due(seven, start) == date(2026, 10, 8)  # 5 October is a holiday
    assert due(seven, start, parameters={"unit": "workday"}) == date(2026, 10, 13)  # 29 30 8 9 10 12 13
    penalty = replace(seven, counting=replace(CRIMINAL, workday_amounts=frozenset({2, 3, 5, 7})))
    assert due(penalty, start) == date(2026, 10, 13)
    assert due(limit(8, counting=penalty.counting), start) == date(2026, 10, 8)  # eight days are days
    for wrong in ({"unit": "week"}, {"amount": 0}, {"amount": True}, {"colour": 1}, {"rolls": 1}):
        with pytest.raises(CannotCount):
            due(seven, start, parameters=wrong)


def test_the_end_of_a_month_to_the_end_of_a_month_is_a_parameter() -> None:
    month = limit(1, Unit.MONTH, rolls=False)
    start = date(2026, 2, 28)
    said = count(month, start, calendar=CALENDAR)
    assert said.due_on == date(2026, 3, 28) and any("月末到月末" in each.describe() for each in said.steps)
    assert due(month, start, parameters={"month_end_to_month_end": True}) == date(2026, 3, 31)
    assert due(month, date(2026, 2, 27), parameters={"month_end_to_month_end": True}) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "asked",
    [
        {"pauses": [(date(2026, 3, 3), date(9999, 12, 31))]},
        {"pauses": [(date(1, 1, 1), date(2026, 3, 3))]},
        {"restarts": [date(9999, 12, 31)]},
    ],
)
@pytest.mark.parametrize("unit", [Unit.DAY, Unit.WORKDAY, Unit.MONTH])
def test_days_that_nobody_means_are_refused(unit: Unit, asked: dict[str, object]) -> None:
    with pytest.raises(CannotCount, match="年份超出范围"):
        due(limit(7, unit), date(2026, 3, 2), **asked)
    with pytest.raises(CannotCount, match="年份超出范围"):
        due(limit(7, unit), date(1, 1, 1))


def test_lengths_that_nobody_means_are_refused() -> None:
    open_ended = limit(1, Unit.MONTH, extensions=(Extension("more", "延长", None),))
    for wrong in ({"extensions": (("more", Span(9999, Unit.YEAR)),)}, {"parameters": {"unit": "year", "amount": 3660}}):
        with pytest.raises(CannotCount, match="太长"):
            due(open_ended, date(2026, 3, 2), **wrong)


def test_steps_can_be_followed_and_name_their_articles() -> None:
    found = count(limit(1, Unit.MONTH), date(2026, 1, 31), calendar=CALENDAR)
    assert [(each.kind, each.describe()) for each in found.steps] == [
        ("start", "收到材料：2026-01-31。当日不计入，自 2026-02-01 起计算。"),
        ("base", "2026-01-31 加 1 个月，2 月没有 31 日，取月末 2026-02-28。"),
        ("end", "2026-02-28（周六）上班，不需顺延。"),
    ]
    assert found.steps[1].basis[0].words == "《刑事诉讼法》第172条"
    assert (found.length, found.days_left(date(2026, 3, 2))) == (28, -2)
    assert found.is_in_time(date(2026, 2, 28)) and not found.is_in_time(date(2026, 3, 1))


def test_what_the_calendar_does_not_know_is_said() -> None:
    found = count(limit(7), date(2027, 2, 1), calendar=CALENDAR)
    assert [each.describe() for each in found.warnings] == [
        "工作日历中没有 2027 年的节假日安排，该年暂按周一至周五上班计算；安排公布并录入后请重新计算。"
    ]
    # Somebody held: no holiday matters, and nothing need be known.
    assert not count(limit(7, custody=Custody.ALWAYS), date(2027, 2, 1), calendar=CALENDAR).warnings
    # The last day of 2026 could only move into a year that is known or not.
    assert count(limit(5, Unit.WORKDAY), date(2026, 12, 28), calendar=CALENDAR).warnings
    doubtful = count(limit(7, verified=False), date(2026, 3, 2), calendar=CALENDAR)
    assert "尚未核对原文" in doubtful.warnings[0].describe()


SPANS = st.one_of(
    st.integers(1, 90).map(lambda n: Span(n, Unit.DAY)),
    st.integers(1, 13).map(lambda n: Span(n, Unit.MONTH)),
    st.integers(1, 20).map(lambda n: Span(n, Unit.WORKDAY)),
)
DIFFERENT = st.dictionaries(DAY, st.booleans(), max_size=40).map(lambda days: WorkCalendar(days, PLAIN.known_years))


@given(SPANS, DAY, st.integers(0, 400), DIFFERENT, st.booleans())
def test_a_later_start_never_ends_earlier(
    span: Span, start: date, later: int, calendar: WorkCalendar, held: bool
) -> None:
    of = replace(limit(1, custody=Custody.ASKED), span=span)
    one = count(of, start, calendar=calendar, custody=held)
    two = count(of, start + later * ONE, calendar=calendar, custody=held)
    assert start < one.due_on <= two.due_on
    assert held or calendar.is_workday(one.due_on)
    assert count(of, start, calendar=calendar, custody=True).due_on <= one.due_on


@given(st.integers(1, 60), DAY, st.integers(0, 59), st.integers(1, 40))
def test_a_pause_of_n_days_moves_a_limit_in_days_by_n(amount: int, start: date, place: int, days: int) -> None:
    of = limit(amount, rolls=False)
    first = start + (1 + place % amount) * ONE
    paused = count(of, start, calendar=PLAIN, pauses=[(first, first + (days - 1) * ONE)])
    assert paused.due_on == count(of, start, calendar=PLAIN).due_on + days * ONE


@given(st.integers(1, 15), DAY, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=4), DIFFERENT)
def test_a_limit_in_working_days_has_that_many_outside_its_pauses(
    amount: int, start: date, given_pauses: list[tuple[int, int]], calendar: WorkCalendar
) -> None:
    pauses = [(start + first * ONE, start + (first + more) * ONE) for first, more in given_pauses]
    found = count(limit(amount, Unit.WORKDAY), start, calendar=calendar, pauses=pauses)
    ran = (start + n * ONE for n in range(1, (found.due_on - start).days + 1))
    counted = [day for day in ran if calendar.is_workday(day) and not any(a <= day <= b for a, b in pauses)]
    assert len(counted) == amount and counted[-1] <= found.due_on


@given(st.integers(1, 12), st.integers(1, 12), DAY)
def test_months_granted_on_top_are_months_from_the_start(base: int, more: int, start: date) -> None:
    of = limit(base, Unit.MONTH, rolls=False, extensions=(Extension("more", "延长", Span(more, Unit.MONTH)),))
    assert count(of, start, calendar=PLAIN, extensions=1).due_on == add_months(start, base + more)


@given(SPANS, DAY, st.integers(0, 100), st.integers(0, 100))
def test_only_the_last_restart_counts(span: Span, start: date, one: int, two: int) -> None:
    of = replace(limit(1), span=span)
    restarts = [start + one * ONE, start + two * ONE]
    assert count(of, start, calendar=PLAIN, restarts=restarts).due_on == count(of, max(restarts), calendar=PLAIN).due_on
