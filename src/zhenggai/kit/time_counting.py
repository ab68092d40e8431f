"""A time limit and a day in, the day it ends on and every step of the way out.

The arithmetic of criminal procedure, civil procedure and the civil code: the day of the start does not count, months
end on the same day or the last, days off move the end except where somebody is held, some days do not count, and
some events begin the clock anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.messages import Sentence, gettext_noop
from zhenggai.kit.time_limits import Basis, Custody, Extension, Limit, Span, Unit
from zhenggai.kit.time_steps import TRANSIT, Counted, Pause, Restart, Way
from zhenggai.kit.workdays import WorkCalendar, add_months, is_month_end

_ONE = timedelta(days=1)
_LONGEST = {Unit.HOUR: 10_000, Unit.DAY: 3_660, Unit.WORKDAY: 3_660, Unit.MONTH: 600, Unit.YEAR: 50}
_WEEKDAYS = (
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
)


def count(
    limit: Limit,
    start: date,
    *,
    calendar: WorkCalendar,
    variant: str | None = None,
    custody: bool = False,
    extensions: int | Sequence[str | tuple[str, Span]] = 0,
    pauses: Iterable[Pause | tuple[date, date]] = (),
    restarts: Iterable[Restart | date] = (),
    parameters: Mapping[str, int | str | bool] | None = None,
) -> Counted:
    """Return the last day of *limit* from *start*, with every step.

    Args:
        limit: What is counted.
        start: The day of its event, or the moment for a limit in hours.
        calendar: The office's work calendar.
        variant: The kind of case, where the limit has several.
        custody: Whether somebody is held; then the end stays on a holiday.
        extensions: How many were granted, from the first; or their codes in order, each alone or with what it gave.
        pauses: Days that do not count; those before the last restart, or after the end, change nothing.
        restarts: Days on which the clock began anew.
        parameters: Parameters that differ from what shipped.

    Raises:
        CannotCount: what is asked cannot be; it says why.
    """
    if parameters:
        limit = limit.adjust(parameters)
    span = limit.variant(variant).span if variant else limit.span
    granted = _granted(limit, extensions)
    for length in (span, *(more for _extension, more in granted)):
        if length.amount > _LONGEST[length.unit]:
            raise CannotCount(code=limit.code, reason=f"{length.words}太长")
    stops = _pauses(limit, pauses)
    again = sorted((each if isinstance(each, Restart) else Restart(each) for each in restarts), key=lambda one: one.on)
    moment = start if isinstance(start, datetime) else None
    first = moment.date() if moment else start
    _check_years(limit, [first, *(one.on for one in again), *(day for one in stops for day in (one.first, one.last))])
    if again and again[0].on < first:
        raise CannotCount(code=limit.code, reason="重新起算日早于开始日")
    if limit.backward and (stops or again):
        raise CannotCount(code=limit.code, reason="倒数的期限没有停计和重新起算")
    if span.unit is Unit.DAY and span.amount in limit.counting.workday_amounts:
        span = Span(span.amount, Unit.WORKDAY)
    way = Way(calendar, first)
    _note_doubts(way, limit)
    if span.unit is Unit.HOUR:
        return _count_hours(way, limit, span, moment)
    if limit.backward:
        return _count_back(way, limit, span, granted, first)
    way.add(
        "start",
        gettext_noop("%(event)s：%(day)s。当日不计入，自 %(next)s 起计算。"),
        (limit.counting.start,),
        event=limit.event, day=first, next=first + _ONE,
    )  # fmt: skip
    origin = _restart(way, limit, span, first, again, stops)
    _run(way, limit, span, granted, origin, stops)
    held = limit.custody is Custody.ALWAYS or (limit.custody is Custody.ASKED and custody)
    _end(way, limit, held)
    return _answer(way, limit, first, origin)


def _answer(way: Way, limit: Limit, first: date, origin: date, due_at: datetime | None = None) -> Counted:
    for year in sorted(way.unknown):
        way.add(
            "warn",
            gettext_noop(
                "工作日历中没有 %(year)s 年的节假日安排，该年暂按周一至周五上班计算；安排公布并录入后请重新计算。"
            ),
            year=year,
        )
    return Counted(limit, first, way.day, tuple(way.steps), due_at, abs((way.day - origin).days))


def _note_doubts(way: Way, limit: Limit) -> None:
    if not limit.verified and not limit.adjusted:
        way.add("warn", gettext_noop("此项期限尚未核对原文，长度是可以修改的参数，请核对后使用。"))
    elif not limit.verified:
        way.add("note", gettext_noop("此项期限由本单位的参数设定，原文未经核对。"))
    if not limit.counting.verified:
        way.add("note", gettext_noop("计算方法“%(label)s”所依条文尚未核对。"), label=limit.counting.label)


def _check_years(limit: Limit, days: Iterable[date]) -> None:
    """Refuse days that nobody means: counting through millennia would take long, and end beyond what a date can be."""
    for day in days:
        if not 1950 <= day.year <= 2150:
            raise CannotCount(code=limit.code, reason=f"{day} 的年份超出范围")


def _granted(limit: Limit, asked: int | Sequence[str | tuple[str, Span]]) -> list[tuple[Extension, Span]]:
    """Return each extension with what it gives, checked against the order and the most that the text allows."""
    if isinstance(asked, int):
        if not 0 <= asked <= len(limit.extensions):
            raise CannotCount(code=limit.code, reason=f"只可延长 {len(limit.extensions)} 次")
        asked = [each.code for each in limit.extensions[:asked]]
    found: list[tuple[Extension, Span]] = []
    for place, each in enumerate(asked):
        code, span = each if isinstance(each, tuple) else (each, None)
        codes = [one.code for one in limit.extensions]
        if code not in codes:
            raise CannotCount(code=limit.code, reason=f"没有延长事由“{code}”，可选：{'、'.join(codes) or '无'}")
        extension = limit.extensions[place] if place < len(limit.extensions) else None
        if extension is None or extension.code != code:
            raise CannotCount(code=limit.code, reason="延长应按顺序逐次批准：" + "、".join(codes))
        span = span or extension.span
        if span is None:
            raise CannotCount(code=limit.code, reason=f"延长“{extension.label}”没有法定长度，请写明批准了多久")
        most = extension.span
        if span.amount < 1 or (most and (span.unit is not most.unit or span.amount > most.amount)):
            raise CannotCount(code=limit.code, reason=f"延长“{extension.label}”至多 {most.words if most else ''}")
        found.append((extension, span))
    return found


def _pauses(limit: Limit, given: Iterable[Pause | tuple[date, date]]) -> list[Pause]:
    """Return the pauses in order, overlapping ones joined so that no day is taken off twice."""
    pauses = sorted((each if isinstance(each, Pause) else Pause(*each) for each in given), key=lambda one: one.first)
    joined: list[Pause] = []
    for each in pauses:
        if each.last < each.first:
            raise CannotCount(code=limit.code, reason=f"停计止日 {each.last} 早于起日 {each.first}")
        before = joined[-1] if joined else None
        if before and each.first <= before.last:
            words = "；".join(dict.fromkeys(word for word in (before.reason, each.reason) if word))
            joined[-1] = Pause(before.first, max(before.last, each.last), words)
        else:
            joined.append(each)
    return joined


def _restart(way: Way, limit: Limit, span: Span, first: date, again: list[Restart], stops: list[Pause]) -> date:
    """Return the day from which the clock ran last."""
    origin = first
    times: Counter[str] = Counter()
    for each in again:
        trial = Way(way.calendar, origin)
        _run(trial, limit, span, [], origin, stops)
        late = each.on > trial.day
        ground = next((one for one in limit.restarts if each.reason in (one.label, one.code)), None)
        origin = way.day = each.on
        way.add(
            "restart",
            gettext_noop("%(day)s %(reason)s，期限重新计算，当日不计入，自 %(next)s 起计算。"),
            ground.basis if ground else tuple(basis for one in limit.restarts for basis in one.basis),
            day=each.on, reason=ground.label if ground else each.reason or "重新起算", next=each.on + _ONE,
        )  # fmt: skip
        if late:
            way.add(
                "warn",
                gettext_noop("重新起算前的期限（不计延长）已于 %(day)s 届满，请核对期间是否有延长或停计。"),
                day=trial.day,
            )
        times[ground.code if ground else ""] += 1
        if ground and ground.max_times is not None and times[ground.code] > ground.max_times:
            way.add(
                "warn",
                gettext_noop("%(reason)s已是第 %(n)s 次，超过规定的 %(most)s 次。"),
                ground.basis,
                reason=ground.label, n=times[ground.code], most=ground.max_times,
            )  # fmt: skip
    return origin


def _run(
    way: Way, limit: Limit, span: Span, granted: list[tuple[Extension, Span]], origin: date, stops: list[Pause]
) -> None:
    """Move the day over the span, the extensions and the days that do not count."""
    anchor, months = origin, span.months
    way.day = _after(way, limit, origin, span)
    _explain_base(way, limit, span, origin)
    for extension, more in granted:
        # Months granted one after another run on from the same day, as two months and one month are three.
        if more.months and months:
            months += more.months
            way.day = _add_months(limit, anchor, months)
        else:
            anchor, months = way.day, more.months
            way.day = _after(way, limit, anchor, more)
        way.add(
            "extension",
            gettext_noop("%(label)s，延长 %(span)s，至 %(day)s。"),
            extension.basis,
            label=f"{extension.label}（{extension.approver}）" if extension.approver else extension.label,
            span=more.sentence, day=way.day,
        )  # fmt: skip
    workdays = (granted[-1][1] if granted else span).unit is Unit.WORKDAY
    for stop in stops:
        _pause(way, limit, stop, origin, workdays)


def _after(way: Way, limit: Limit, day: date, span: Span) -> date:
    if span.months:
        return _add_months(limit, day, span.months)
    if span.unit is Unit.WORKDAY:
        end = way.calendar.add_workdays(day, span.amount)
        way.look_at(day, end)
        return end
    return day + timedelta(days=span.amount)


def _add_months(limit: Limit, day: date, months: int) -> date:
    end = add_months(day, months)
    if limit.counting.month_end_to_month_end and is_month_end(day):
        return add_months(end.replace(day=1), 1) - _ONE
    return end


def _explain_base(way: Way, limit: Limit, span: Span, origin: date) -> None:
    slots: dict[str, object] = {"origin": origin, "span": span.sentence, "day": way.day, "wanted": origin.day}
    basis = (*limit.basis, limit.counting.months) if span.months and limit.counting.months else limit.basis
    if not span.months:
        text = gettext_noop("自次日起满 %(span)s，为 %(day)s。")
        if span.unit is Unit.WORKDAY:
            text = gettext_noop("自次日起满 %(span)s（周末和放假不算，调休上班算），为 %(day)s。")
        way.add("base", text, basis, **slots)
        return
    if limit.counting.month_end_to_month_end and is_month_end(origin):
        text = gettext_noop("%(origin)s 加 %(span)s，起算日是月末，至届满月的月末 %(day)s。")
    elif way.day.day != origin.day:
        slots["month"] = way.day.month
        text = gettext_noop("%(origin)s 加 %(span)s，%(month)s 月没有 %(wanted)s 日，取月末 %(day)s。")
    else:
        text = gettext_noop("%(origin)s 加 %(span)s，取届满月的对应日 %(day)s。")
    way.add("base", text, basis, **slots)
    if is_month_end(origin) and not is_month_end(way.day):
        way.add(
            "note",
            gettext_noop(
                "起算日是当月最后一日：也有算至届满月最后一日的做法。此处取较早的对应日，可用参数改为月末到月末。"
            ),
        )


def _pause(way: Way, limit: Limit, stop: Pause, origin: date, workdays: bool) -> None:
    first, before = max(stop.first, origin + _ONE), way.day
    reason, basis = _why_paused(limit, stop)
    if stop.last <= origin:
        text = gettext_noop("%(last)s 结束的%(reason)s在起算以前，不影响期限。")
        way.add("note", text, last=stop.last, reason=reason)
        return
    if first > before:
        text = gettext_noop("%(first)s 开始的%(reason)s在届满以后，不影响期限。")
        way.add("note", text, first=first, reason=reason)
        return
    if workdays:
        span = Span(way.calendar.workdays_between(first - _ONE, stop.last), Unit.WORKDAY)
        way.day = way.calendar.add_workdays(before, span.amount)
        way.look_at(before, way.day)
    else:
        span = Span((stop.last - first).days + 1, Unit.DAY)
        way.day = before + timedelta(days=span.amount)
    way.add(
        "pause",
        gettext_noop("%(first)s 至 %(last)s %(reason)s，%(span)s不计入，届满日由 %(before)s 移至 %(day)s。"),
        basis,
        first=first, last=stop.last, reason=reason, span=span.sentence, before=before, day=way.day,
    )  # fmt: skip


def _why_paused(limit: Limit, stop: Pause) -> tuple[str, tuple[Basis, ...]]:
    if stop.reason == TRANSIT:
        return stop.reason, (limit.counting.mail,) if limit.counting.mail else ()
    for ground in limit.pauses:
        if stop.reason in (ground.label, ground.code):
            return ground.label, ground.basis
    return stop.reason or "停计", tuple(basis for ground in limit.pauses for basis in ground.basis)


def _end(way: Way, limit: Limit, held: bool) -> None:
    """Move a last day on a day off, unless somebody is held."""
    day = way.day
    if held or not limit.rolls:
        if not way.calendar.is_workday(day):
            text = gettext_noop("%(day)s（%(why)s）不上班；在押期间至期满之日为止，不因节假日延长，仍为 %(day)s。")
            if not held:
                text = gettext_noop("%(day)s（%(why)s）不上班；此项期限不因节假日顺延，仍为 %(day)s。")
            way.add("stay", text, (limit.counting.days_off,) if held else (), day=day, why=_weekday(day))
        elif held:
            way.add("stay", gettext_noop("在押案件，届满日不因节假日顺延。"), (limit.counting.days_off,))
        return
    way.day = way.calendar.on_or_after(day)
    way.look_at(day, way.day)
    if way.day == day:
        way.add("end", gettext_noop("%(day)s（%(why)s）上班，不需顺延。"), day=day, why=_weekday(day))
        return
    way.add(
        "roll",
        gettext_noop("%(day)s（%(why)s）不上班，顺延至其后第一个工作日 %(end)s（%(end_why)s）。"),
        (limit.counting.days_off,),
        day=day, why=_weekday(day), end=way.day, end_why=_weekday(way.day),
    )  # fmt: skip


def _count_back(way: Way, limit: Limit, span: Span, granted: list[tuple[Extension, Span]], first: date) -> Counted:
    if granted:
        raise CannotCount(code=limit.code, reason="倒数的期限没有延长")
    if span.months:
        way.day = _add_months(limit, first, -span.months)
    elif span.unit is Unit.WORKDAY:
        way.day = way.calendar.add_workdays(first, -span.amount)
        way.look_at(way.day, first)
    else:
        way.day = first - timedelta(days=span.amount)
    way.add(
        "base",
        gettext_noop("%(event)s：%(origin)s。往前数 %(span)s，最迟为 %(day)s。"),
        limit.basis,
        event=limit.event, origin=first, span=span.sentence, day=way.day,
    )  # fmt: skip
    day = way.day
    if limit.rolls:
        way.day = way.calendar.on_or_before(day)
        way.look_at(way.day, day)
        if way.day != day:
            way.add(
                "roll",
                gettext_noop("%(day)s（%(why)s）不上班；顺延会使提前的时间不足，提到之前的工作日 %(end)s（%(end_why)s）。"),
                day=day, why=_weekday(day), end=way.day, end_why=_weekday(way.day),
            )  # fmt: skip
    return _answer(way, limit, first, first)


def _count_hours(way: Way, limit: Limit, span: Span, moment: datetime | None) -> Counted:
    if moment is None or limit.backward:
        raise CannotCount(code=limit.code, reason="以小时计算的期限需要写明几时几分开始")
    begin = datetime.combine(moment.date(), time(moment.hour), moment.tzinfo) + timedelta(hours=1)
    due_at = begin + timedelta(hours=span.amount)
    way.day = due_at.date()
    way.add(
        "base",
        gettext_noop("%(event)s：%(moment)s。开始的时不计入，自 %(begin)s 起满 %(span)s，为 %(end)s。"),
        (limit.counting.start, *limit.basis),
        event=limit.event, moment=_moment(moment), begin=_moment(begin), span=span.sentence, end=_moment(due_at),
    )  # fmt: skip
    return _answer(way, limit, moment.date(), moment.date(), due_at)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _weekday(day: date) -> Sentence:
    return Sentence(_WEEKDAYS[day.weekday()])
