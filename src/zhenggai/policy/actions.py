"""Acts on the rules and the work calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import chinese_calendar
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.policy import codes
from zhenggai.policy.decree import Decree
from zhenggai.policy.errors import BadCalendarDay, NothingToUndo
from zhenggai.policy.models import CalendarChange, CalendarDay, CalendarYear, PolicyProfile
from zhenggai.policy.profile import parse_policy
from zhenggai.policy.queries import MANAGE

_FIRST_YEAR = 2020


def save_policy(unit: Unit, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> PolicyProfile:
    """Keep *values* as the next version of the rules of *unit*; rounds that run keep theirs until they are moved.

    Raises:
        NotAllowed: the actor does not keep the rules of that body.
        BadPolicy: the values say something that cannot be.
    """
    with transaction.atomic():
        require(actor, MANAGE, unit)
        policy = parse_policy(values)
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        last = PolicyProfile.objects.filter(unit=unit).aggregate(last=Max("version"))["last"] or 0
        saved = PolicyProfile.objects.create(
            unit=unit,
            version=last + 1,
            name=policy.name,
            values=dict(values),
            note=note.strip()[:300],
            created_by=actor if isinstance(actor, User) else None,
        )
        before = PolicyProfile.objects.filter(unit=unit, version=last).values_list("values", flat=True).first() or {}
        changed = sorted(name for name in {*before, *values} if before.get(name) != values.get(name))
        record(
            actor=actor,
            code=codes.POLICY_SAVED,
            object_type="policy",
            object_id=saved.pk,
            object_label=str(saved),
            data={"unit": unit.name, "version": saved.version, "changed": changed, "note": saved.note},
        )
    return saved


def set_calendar_day(day: date, *, actor: Actor, is_workday: bool, name: str = "") -> CalendarDay:
    """Say that *day* is, or is not, worked on, whatever the shipped calendar says.

    Raises:
        NotAllowed: the actor keeps no rules.
        BadCalendarDay: the day lies outside what is kept.
    """
    if not 2000 <= day.year <= 2100:
        raise BadCalendarDay(value=day.isoformat(), reason="年份超出范围")
    with transaction.atomic():
        require(actor, MANAGE)
        _keep_before(day.year, words=f"{day} {'上班' if is_workday else '放假'} {name.strip()}".strip(), actor=actor)
        kept, _new = CalendarDay.objects.update_or_create(
            day=day, defaults={"is_workday": is_workday, "name": name.strip()[:60], "is_own": True}
        )
        record(
            actor=actor,
            code=codes.CALENDAR_DAY_SET,
            object_type="calendar_day",
            object_id=day.isoformat(),
            object_label=kept.name or day.isoformat(),
            data={"is_workday": is_workday},
        )
    return kept


def enter_year(decree: Decree, *, actor: Actor, source: str = "") -> CalendarYear:
    """Let *decree* be the holidays of its year: the days of that year are what it says, and the year is known.

    Raises:
        NotAllowed: the actor keeps no rules.
    """
    days = decree.days()
    with transaction.atomic():
        require(actor, MANAGE)
        beyond = sorted(day for day in days if day.year != decree.year)
        _keep_before(decree.year, words=f"录入 {decree.year} 年节假日安排", actor=actor, beyond=beyond)
        CalendarDay.objects.filter(Q(day__year=decree.year) | Q(day__in=beyond)).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(day=day, is_workday=worked, name=name[:60], is_own=True)
            for day, (worked, name) in sorted(days.items())
        )
        year, _new = CalendarYear.objects.update_or_create(
            year=decree.year, defaults={"source": source.strip()[:200] or "本单位录入"}
        )
        record(
            actor=actor,
            code=codes.CALENDAR_YEAR_ENTERED,
            object_type="calendar",
            object_id=str(decree.year),
            object_label=str(decree.year),
            data={
                "off": [day.isoformat() for day, (worked, _name) in sorted(days.items()) if not worked],
                "worked": [day.isoformat() for day, (worked, _name) in sorted(days.items()) if worked],
                "source": year.source,
            },
        )
    return year


def undo_calendar_change(change: CalendarChange, *, actor: Actor) -> None:
    """Put a year of the work calendar back to what it was before its latest change.

    Raises:
        NotAllowed: the actor keeps no rules.
        NothingToUndo: it was undone, or the year was changed since.
    """
    with transaction.atomic():
        require(actor, MANAGE)
        _lock_calendar()
        latest = CalendarChange.objects.filter(year=change.year, undone_at=None).first()
        if latest is None or latest.pk != change.pk:
            raise NothingToUndo(year=change.year)
        beyond = [date.fromisoformat(day) for day in latest.scope]
        CalendarDay.objects.filter(Q(day__year=latest.year) | Q(day__in=beyond)).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(day=date.fromisoformat(day), is_workday=worked, name=name, is_own=own)
            for day, worked, name, own in latest.before["days"]
        )
        source = latest.before["source"]
        if source is None:
            CalendarYear.objects.filter(year=latest.year).delete()
        else:
            CalendarYear.objects.update_or_create(year=latest.year, defaults={"source": source})
        latest.undone_at = timezone.now()
        latest.save(update_fields=["undone_at"])
        record(
            actor=actor,
            code=codes.CALENDAR_UNDONE,
            object_type="calendar",
            object_id=str(latest.year),
            object_label=latest.words,
            data={"year": latest.year, "change": latest.pk},
        )


def _keep_before(year: int, *, words: str, actor: Actor, beyond: Sequence[date] = ()) -> None:
    """Write down what stands in *year*, and on the days *beyond* it, before it is changed."""
    _lock_calendar()
    stood = CalendarDay.objects.filter(Q(day__year=year) | Q(day__in=beyond))
    CalendarChange.objects.create(
        year=year,
        words=words[:200],
        before={
            "source": CalendarYear.objects.filter(year=year).values_list("source", flat=True).first(),
            "days": [[each.day.isoformat(), each.is_workday, each.name, each.is_own] for each in stood],
        },
        scope=[day.isoformat() for day in beyond],
        created_by=actor if isinstance(actor, User) else None,
    )


def _lock_calendar() -> None:
    """Let changes of the calendar wait for each other: two at once would keep the same state before."""
    list(CalendarYear.objects.select_for_update(no_key=True).order_by("year").values_list("pk", flat=True))


def seed_calendar(*, actor: Actor) -> tuple[int, ...]:
    """Load the published holidays of all years the library knows; the office's own days stay. Return the new years.

    Raises:
        NotAllowed: the actor keeps no rules.
    """
    with transaction.atomic():
        require(actor, MANAGE)
        known = set(CalendarYear.objects.values_list("year", flat=True))
        fresh = tuple(year for year in published_years() if year not in known)
        if not fresh:
            return ()
        own = set(CalendarDay.objects.filter(is_own=True).values_list("day", flat=True))
        days = [day for year in fresh for day in _published(year) if day.day not in own]
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        CalendarYear.objects.bulk_create(CalendarYear(year=year, source="国务院办公厅节假日安排") for year in fresh)
        record(
            actor=actor,
            code=codes.CALENDAR_SEEDED,
            object_type="calendar",
            object_label=f"{fresh[0]}–{fresh[-1]}",
            data={"years": list(fresh), "days": len(days)},
        )
    return fresh


def published_years() -> list[int]:
    """Return the years whose holidays the library knows, from :data:`_FIRST_YEAR`."""
    return sorted({day.year for day in chinese_calendar.constants.holidays if day.year >= _FIRST_YEAR})


def _published(year: int) -> Iterable[CalendarDay]:
    day = date(year, 1, 1)
    while day.year == year:
        worked, holiday = chinese_calendar.is_workday(day), chinese_calendar.get_holiday_detail(day)[1]
        if worked != (day.weekday() < 5) or (holiday and not worked):
            name = chinese_calendar.Holiday(holiday).chinese if holiday else ""
            yield CalendarDay(day=day, is_workday=worked, name=name)
        day += timedelta(days=1)
