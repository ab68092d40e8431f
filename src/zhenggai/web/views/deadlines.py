"""Statutory time limits: counted with every step, and the whole table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.time_limits import Custody, Limit, Undated, Unit, cite
from zhenggai.kit.time_warnings import warning_days
from zhenggai.packs.deadlines import Deadlines, in_force, is_about
from zhenggai.people.access import may
from zhenggai.policy.queries import work_calendar
from zhenggai.web.deadline_form import Asked, count_asked, grounds_of, read_asked, value_now
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, page

_SCHEME = "platform"


def deadlines(request: HttpRequest) -> HttpResponse:
    """Let a matter be chosen, then count it and explain every step."""
    known = in_force(settings.ZHENGGAI_HOME)
    words, code = request.GET.get("q", "").strip()[:60], request.GET.get("code", "").strip()[:20]
    if not code:
        found = [each for each in known.limits.values() if is_about(each, words)]
        undated = [each for each in known.undated.values() if words and is_about(each, words)]
        return page(
            request,
            "deadlines/choose.html",
            words=words,
            groups=_grouped(found),
            count=len(found),
            undated=undated,
            cite=cite,
            start=request.GET.get("start", "").strip()[:40],
        )
    return _counted(request, known, known.limit(code))


def _counted(request: HttpRequest, known: Deadlines, limit: Limit) -> HttpResponse:
    asked = read_asked(request.GET)
    scheme = known.schemes.get(request.GET.get("scheme", "")) or known.schemes[_SCHEME]
    if "start" not in request.GET:
        asked.start = (
            f"{timezone.localtime():%Y-%m-%d %H:%M}" if limit.span.unit is Unit.HOUR else str(timezone.localdate())
        )
    counted, error = None, None
    if asked.start:
        try:
            counted = count_asked(limit, asked, work_calendar())
        except CannotCount as caught:
            if wants_json(request):
                raise
            error = caught
    return page(
        request,
        "deadlines/count.html",
        status=error.status if error else 200,
        limit=limit,
        asked=asked,
        counted=counted,
        warnings=warning_days(scheme, counted) if counted else (),
        scheme=scheme,
        schemes=_schemes_for(known, limit),
        grounds=grounds_of(limit),
        value_now=lambda name: value_now(limit, name),
        asks_custody=limit.custody is Custody.ASKED,
        always_custody=limit.custody is Custody.ALWAYS,
        by_hour=limit.span.unit is Unit.HOUR,
        may_set_calendar=may(actor_of(request), "policy.manage"),
        more_open=_more_open(asked),
        today=timezone.localdate(),
        now=timezone.now(),
        cite=cite,
        translate=gettext,
        error=error.describe(gettext) if error else None,
    )


def _schemes_for(known: Deadlines, limit: Limit) -> list[tuple[str, str]]:
    return [
        (each.code, each.label)
        for each in known.schemes.values()
        if any(step.is_for(limit.code) for step in each.steps)
    ]


def _more_open(asked: Asked) -> bool:
    return bool(asked.pauses or asked.restarts or asked.parameters)


def table(request: HttpRequest) -> HttpResponse:
    """List all limits with their articles and marks."""
    known = in_force(settings.ZHENGGAI_HOME)
    words, marked = request.GET.get("q", "").strip()[:60], request.GET.get("mark", "")
    entries: list[Limit | Undated] = [*known.limits.values(), *known.undated.values()]
    found = [each for each in entries if is_about(each, words) and (marked != "open" or not each.verified)]
    order = {group: number for number, group in enumerate(dict.fromkeys(each.group for each in entries))}
    found.sort(key=lambda each: (order[each.group], _place(each.code)))
    return page(
        request,
        "deadlines/list.html",
        words=words,
        marked=marked,
        groups=_grouped(found),
        count=len(found),
        unverified=sum(not each.verified for each in entries),
        is_undated=lambda each: isinstance(each, Undated),
        problems=known.problems if may(actor_of(request), "policy.manage") else [],
        cite=cite,
        translate=gettext,
    )


def _place(code: str) -> tuple[str, int]:
    head, _dash, part = code.partition("-")
    return head, int(part or 0)


def _grouped(entries: Sequence[Limit | Undated]) -> list[tuple[str, list[Limit | Undated]]]:
    return [(group, list(found)) for group, found in groupby(entries, key=lambda each: each.group)]
