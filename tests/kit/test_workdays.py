"""Arithmetic with working days and months, by whatever calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.kit.workdays import WorkCalendar, add_months

DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CALENDAR = st.dictionaries(DAY, st.booleans(), max_size=60).map(WorkCalendar)
ONE = timedelta(days=1)


@given(CALENDAR, DAY)
def test_the_next_working_day_is_the_first_from_the_day_on(calendar: WorkCalendar, day: date) -> None:
    found = calendar.on_or_after(day)
    assert found >= day and calendar.is_workday(found)
    assert not any(calendar.is_workday(day + n * ONE) for n in range((found - day).days))
    assert calendar.on_or_after(found) == found


@given(CALENDAR, DAY, st.integers(1, 40))
def test_adding_and_counting_working_days_agree(calendar: WorkCalendar, day: date, count: int) -> None:
    later = calendar.add_workdays(day, count)
    assert calendar.is_workday(later) and calendar.workdays_between(day, later) == count
    assert calendar.workdays_between(later, day) == -count
    assert calendar.add_workdays(day, 0) == day
    earlier = calendar.add_workdays(day, -count)
    assert earlier < day and calendar.is_workday(earlier)


@given(CALENDAR, DAY, DAY, DAY)
def test_counts_of_neighbouring_spans_sum_up(calendar: WorkCalendar, one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    parts = calendar.workdays_between(first, middle) + calendar.workdays_between(middle, last)
    assert parts == calendar.workdays_between(first, last)
    assert 0 <= parts <= (last - first).days


@given(DAY, st.integers(-240, 240))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + ONE).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
    ],
)
def test_the_end_of_a_month(day: date, months: int, found: date) -> None:
    assert add_months(day, months) == found
