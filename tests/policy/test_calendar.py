"""The work calendar of a year: read from its published text, kept, changed and put back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.people import make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import enter_year, seed_calendar, set_calendar_day, undo_calendar_change
from zhenggai.policy.decree import read_decree
from zhenggai.policy.errors import BadDecree, NothingToUndo
from zhenggai.policy.models import CalendarChange, CalendarDay, CalendarYear
from zhenggai.policy.queries import access_change, work_calendar

# Invented: no arrangement of 2027 is published.  The days of the week are those of 2027.
TEXT = """关于2027年部分节假日安排的通知
各单位：
现将2027年元旦、春节、国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕，周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月5日(周一)放假1天，与周末连休。
四、国庆节：10月1日(星期五)至7日(星期四)放假调休，共7天。9月26日(星期日)、10月9日(星期六)上班。
五、中秋节：9月15日放假，不调休。
节假日期间，请妥善安排好值班和安全保卫等工作。
2026年11月4日
"""


def test_a_published_text_is_read_with_its_working_weekends() -> None:
    decree = read_decree(TEXT)
    days = decree.days()
    assert decree.year == 2027 and decree.unread == ()
    assert sorted(day for day, (worked, _name) in days.items() if worked) == [
        date(2027, 1, 31), date(2027, 2, 13), date(2027, 9, 26), date(2027, 10, 9),
    ]  # fmt: skip
    assert sum(not worked for worked, _name in days.values()) == 3 + 7 + 1 + 7 + 1
    assert days[date(2027, 2, 11)] == (False, "春节") and days[date(2027, 9, 15)] == (False, "中秋节")


@pytest.mark.parametrize(
    ("text", "off", "worked"),
    [
        ("元旦：2026年12月31日至2027年1月2日放假，共3天。", ["2026-12-31", "2027-01-01", "2027-01-02"], []),
        ("劳动节:5月1日-3日放假；5月8日补班", ["2027-05-01", "2027-05-02", "2027-05-03"], ["2027-05-08"]),
        ("端午節：6月9日、10日放假。", ["2027-06-09", "2027-06-10"], []),
        ("除夕：2月5日放假，2月12日不放假，2月13日上班", ["2027-02-05"], ["2027-02-13"]),
        ("元旦：１月１日放假１天，不调休", ["2027-01-01"], []),
    ],
)
def test_other_ways_of_writing_it(text: str, off: list[str], worked: list[str]) -> None:
    days = read_decree(text, 2027).days()
    assert [day.isoformat() for day, (works, _name) in sorted(days.items()) if not works] == off
    assert [day.isoformat() for day, (works, _name) in sorted(days.items()) if works] == worked


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("元旦：1月1日放假。", "哪一年"),
        ("2027年的安排另行通知。", "没有找到放假的日期"),
        ("2027年元旦：1月1日至3日放假，共4天。", "共 4 天，日期合计 3 天"),
        ("2027年元旦：1月1日（周四）放假。", "请核对年份"),
        ("2027年春节：2月30日放假。", "没有这一天"),
        ("2027年春节：5日放假。", "没有写几月"),
        ("2027年春节：2月5日至3日放假。", "不合理"),
        ("2027年春节：2月1日至28日放假。", "不合理"),
        ("2027年：2月5日放假。2月5日上班。", "既放假又上班"),
        ("2027年元旦：2020年1月1日放假。", "不在 2027 年"),
        ("2027年" + "元" * 20_001, "字"),
    ],
)
def test_what_contradicts_itself_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadDecree, match=reason):
        read_decree(text)


def test_the_year_of_the_text_goes_before_that_of_the_page() -> None:
    assert read_decree(TEXT, 2031).year == 2027
    assert read_decree("元旦：2026年12月31日至2027年1月2日放假。", 2027).year == 2027


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 20), st.integers(0, 7), st.booleans()), min_size=1, max_size=6
    )
)
def test_what_is_written_is_what_is_read(given_days: list[tuple[int, int, int, bool]]) -> None:
    months: dict[int, tuple[int, int, bool]] = {month: (day, more, off) for month, day, more, off in given_days}
    months[1] = (1, 0, True)
    text = "2027年安排\n" + "".join(
        f"节日：{month}月{day}日" + (f"至{day + more}日" if more else "") + ("放假。" if off else "上班。")
        for month, (day, more, off) in months.items()
    )
    told = read_decree(text).days()
    assert {day: not works for day, (works, _name) in told.items()} == {
        date(2027, month, day + n): off for month, (day, more, off) in months.items() for n in range(more + 1)
    }


@given(st.text("0123456789年月日至到（）(周星期一日)放假上班共天，。：、;\n 不调休", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadDecree):
        assert read_decree(text, 2027).arrangements


def test_a_long_text_is_read_at_once() -> None:
    for piece in ("1月1日至", "1月1日（周", "1月", "放假", "2027年1月1日（周五）至3日放假、"):
        with suppress(BadDecree):
            read_decree("2027年元旦：" + piece * (19_000 // len(piece)))


def test_a_sentence_that_arranges_nothing_is_listed() -> None:
    read = read_decree("2027年元旦：1月1日放假。春节：2月5日至11日待定。")
    assert read.unread == ("春节:2月5日至11日待定",)


@pytest.mark.django_db
def test_a_year_is_entered_changed_and_put_back() -> None:
    body = make_unit()
    office, owner = make_user("rectification_office", body), make_user("owner", body)
    seed_calendar(actor=OPERATOR)
    assert 2027 not in work_calendar().known_years
    set_calendar_day(date(2027, 3, 8), actor=office, is_workday=False, name="试")
    with pytest.raises(NotAllowed):
        enter_year(read_decree(TEXT), actor=owner)
    enter_year(read_decree(TEXT), actor=office, source="国办发明电〔2026〕0号")
    calendar = work_calendar()
    assert 2027 in calendar.known_years
    assert calendar.add_workdays(date(2027, 1, 29), 2) == date(2027, 2, 1)  # Sunday the 31st is worked on
    assert calendar.on_or_after(date(2027, 2, 6)) == date(2027, 2, 12)
    assert calendar.is_workday(date(2027, 3, 8))  # what the office had set before gave way
    assert Entry.objects.filter(code="policy.calendar_year_entered").get().data["source"] == "国办发明电〔2026〕0号"

    set_calendar_day(date(2027, 2, 12), actor=office, is_workday=False, name="连休")
    day, year, first = CalendarChange.objects.filter(year=2027)
    with pytest.raises(NothingToUndo):
        undo_calendar_change(year, actor=office)
    with pytest.raises(NotAllowed):
        undo_calendar_change(day, actor=owner)
    with pytest.raises(NotFound):
        access_change(owner, day.pk)
    undo_calendar_change(access_change(office, day.pk), actor=office)
    assert work_calendar().is_workday(date(2027, 2, 12))
    undo_calendar_change(year, actor=office)
    assert 2027 not in work_calendar().known_years and not work_calendar().is_workday(date(2027, 3, 8))
    undo_calendar_change(first, actor=OPERATOR)
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    with pytest.raises(NothingToUndo):
        undo_calendar_change(first, actor=office)
    assert Entry.objects.filter(code="policy.calendar_undone").count() == 3


@pytest.mark.django_db
def test_days_beyond_the_year_are_put_back_too() -> None:
    seed_calendar(actor=OPERATOR)
    before = list(CalendarDay.objects.filter(day__year=2026).values_list("day", "is_workday", "name", "is_own"))
    source = CalendarYear.objects.get(year=2026).source
    enter_year(read_decree("2027年元旦：2026年12月31日至2027年1月2日放假。"), actor=OPERATOR)
    assert not work_calendar().is_workday(date(2026, 12, 31))
    undo_calendar_change(CalendarChange.objects.get(), actor=OPERATOR)
    assert before == list(CalendarDay.objects.filter(day__year=2026).values_list("day", "is_workday", "name", "is_own"))
    assert CalendarYear.objects.get(year=2026).source == source
