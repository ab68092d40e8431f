"""Deadlines in the words of papers and people, to the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.findings.deadlines import add_months, is_understood, month_end, resolve_deadline

FEEDBACK = date(2024, 7, 18)
TODAY = date(2025, 1, 15)  # a Wednesday


@pytest.mark.parametrize("text", ["", "长期坚持", "立行立改", "立行立改并长期坚持", "持续推进", "即知即改"])
def test_known_words_without_a_day_are_understood(text: str) -> None:
    assert is_understood(None, text)


def test_other_words_are_understood_only_with_a_day() -> None:
    assert not is_understood(None, "胡乱写")
    assert is_understood(TODAY, "胡乱写")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-30", date(2025, 6, 30)),
        ("2025-06", date(2025, 6, 30)),
        ("2025-02", date(2025, 2, 28)),
        ("2025年6月底前", date(2025, 6, 30)),
        ("2025年6月30日前完成", date(2025, 6, 30)),
        ("二〇二五年六月底", date(2025, 6, 30)),
        ("2025.6.30", date(2025, 6, 30)),
        ("2025年3月上旬", date(2025, 3, 10)),
        ("2025年3月中旬", date(2025, 3, 20)),
        ("2025年1月至6月", date(2025, 6, 30)),
        ("2024年9月至2025年3月", date(2025, 3, 31)),
        ("2025年底前", date(2025, 12, 31)),
        ("2025年第一季度", date(2025, 3, 31)),
        ("2025年上半年", date(2025, 6, 30)),
        ("反馈后1个月", date(2024, 8, 18)),
        ("反馈意见之日起三个月内", date(2024, 10, 18)),
        ("自反馈之日起15日内", date(2024, 8, 2)),
        ("12月底前", date(2024, 12, 31)),
        ("3月底前", date(2025, 3, 31)),
        ("长期坚持", None),
        ("立行立改", None),
        ("", None),
        ("2025年2月30日", None),
    ],
)
def test_documents(text: str, day: date | None) -> None:
    assert resolve_deadline(text, feedback_on=FEEDBACK) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天", date(2025, 1, 16)),
        ("本周五", date(2025, 1, 17)),
        ("下周五", date(2025, 1, 24)),
        ("下下周一", date(2025, 1, 27)),
        ("周日", date(2025, 1, 19)),
        ("30天内", date(2025, 2, 14)),
        ("两周后", date(2025, 1, 29)),
        ("3个月内", date(2025, 4, 15)),
        ("月底", date(2025, 1, 31)),
        ("下月底", date(2025, 2, 28)),
        ("年底", date(2025, 12, 31)),
    ],
)
def test_words_typed_today(text: str, day: date) -> None:
    assert resolve_deadline(text, today=TODAY) == day
    assert resolve_deadline(text) is None, "a document's 下周五 has no today"


def test_relative_words_need_the_feedback_date() -> None:
    assert resolve_deadline("反馈后1个月") is None


@given(st.text(max_size=150), st.none() | st.dates(), st.none() | st.dates())
def test_any_text_is_taken(text: str, feedback_on: date | None, today: date | None) -> None:
    found = resolve_deadline(text, feedback_on=feedback_on, today=today)
    assert found is None or isinstance(found, date)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 240))
def test_adding_months_keeps_the_day_or_ends_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, month_end(later.year, later.month).day)
