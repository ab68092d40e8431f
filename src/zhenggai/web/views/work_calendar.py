"""The work calendar: a year at a glance, single days, a whole year from its published text, and undoing."""

from __future__ import annotations

import calendar as months
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput
from zhenggai.policy import actions
from zhenggai.policy.decree import Decree, read_decree
from zhenggai.policy.errors import BadCalendarDay
from zhenggai.policy.models import CalendarChange, CalendarDay, CalendarYear
from zhenggai.policy.queries import access_change, work_calendar
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, page

_CHANGES_SHOWN = 8


def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year of the work calendar."""
    return _show(request, _year(request.GET.get("year", "")))


def decree(request: HttpRequest) -> HttpResponse:
    """Read a pasted arrangement: show what it says, or keep it once it was looked at."""
    text, source = request.POST.get("text", ""), request.POST.get("source", "").strip()
    year = _year(request.POST.get("year", ""))
    try:
        read = read_decree(text, year)
    except BadInput as error:
        if wants_json(request):
            raise
        return _show(request, year, text=text, source=source, error=error)
    if request.POST.get("act") != "save":
        return _show(request, read.year, text=text, source=source, read=read)
    actions.enter_year(read, actor=actor_of(request), source=source)
    messages.success(request, _("已录入 %(year)s 年的节假日安排。") % {"year": read.year})
    return _back(read.year)


def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Put a year back to what it was before a change."""
    actor = actor_of(request)
    change = access_change(actor, id)
    actions.undo_calendar_change(change, actor=actor)
    messages.success(request, _("已撤销“%(words)s”。") % {"words": change.words})
    return _back(change.year)


def set_day(request: HttpRequest) -> HttpResponse:
    """Say whether a day is worked on."""
    told = request.POST.get("day", "").strip()
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise BadCalendarDay(value=told[:40], reason=gettext("不是日期")) from None
    kept = actions.set_calendar_day(
        day,
        actor=actor_of(request),
        is_workday=request.POST.get("is_workday") == "1",
        name=request.POST.get("name", ""),
    )
    words = _("上班") if kept.is_workday else _("放假")
    messages.success(request, _("%(day)s 已设为%(words)s。") % {"day": day.isoformat(), "words": words})
    return _back(day.year)


def seed(request: HttpRequest) -> HttpResponse:
    """Load the holidays of the years that are published."""
    fresh = actions.seed_calendar(actor=actor_of(request))
    years = "、".join(str(year) for year in fresh)
    messages.success(
        request, _("已载入 %(years)s 年的节假日安排。") % {"years": years} if fresh else _("没有新的年份可以载入。")
    )
    return redirect("calendar")


def _show(
    request: HttpRequest,
    year: int,
    *,
    text: str = "",
    source: str = "",
    read: Decree | None = None,
    error: BadInput | None = None,
) -> HttpResponse:
    worked = work_calendar()
    days = {day.day: day for day in CalendarDay.objects.filter(day__year=year)}
    changes = list(CalendarChange.objects.filter(year=year).select_related("created_by")[:_CHANGES_SHOWN])
    return page(
        request,
        "policy/calendar.html",
        status=error.status if error else 200,
        year=year,
        months=[(date(year, month, 1), _weeks(year, month)) for month in range(1, 13)],
        days=days,
        is_workday=worked.is_workday,
        known=CalendarYear.objects.filter(year=year).first(),
        known_years=sorted(worked.known_years),
        today=timezone.localdate(),
        seedable=sorted(set(actions.published_years()) - worked.known_years),
        own=[day for day in days.values() if day.is_own],
        changes=changes,
        undoable=next((each.pk for each in changes if each.undone_at is None), None),
        text=text,
        source=source,
        read=read,
        error=error.describe(gettext) if error else None,
    )


def _weeks(year: int, month: int) -> list[list[date]]:
    return months.Calendar().monthdatescalendar(year, month)


def _year(told: str) -> int:
    year = int(told) if told.isdecimal() and told.isascii() and len(told) == 4 else timezone.localdate().year
    return min(max(year, 2000), 2100)


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('calendar')}?year={year}")
