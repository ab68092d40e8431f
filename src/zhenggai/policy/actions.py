"""Acts on the rules and the work calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import chinese_calendar
from django.db import transaction
from django.db.models import Max

from zhenggai.audit.actions import record
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.policy import codes
from zhenggai.policy.errors import BadCalendarDay
from zhenggai.policy.models import CalendarDay, CalendarYear, PolicyProfile
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
