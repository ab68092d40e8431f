"""Appointing and ending deputies, from one's own page or that of a person."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from zhenggai.kit.errors import NotFound
from zhenggai.notifications import actions
from zhenggai.people.queries import access_deputy, access_user, possible_deputies
from zhenggai.people.roles import Permission
from zhenggai.web.errors import BadValue
from zhenggai.web.pages import actor_of
from zhenggai.web.views.account import safe_next


def appoint(request: HttpRequest, id: int) -> HttpResponse:
    """Let someone act for a person from a day to a day."""
    actor = actor_of(request)
    principal = access_user(actor, id, Permission.ASSIGN_POSTS)
    wanted = request.POST.get("deputy", "")
    deputy = next((each for each in possible_deputies(principal) if str(each.pk) == wanted), None)
    if deputy is None:
        raise NotFound
    made = actions.appoint_deputy(
        principal,
        deputy,
        actor=actor,
        started_on=_day(request, "started_on", _("开始日期")),
        ended_on=_day(request, "ended_on", _("结束日期")),
        reason=request.POST.get("reason", ""),
    )
    slots = {"deputy": made.deputy.name, "principal": made.principal.name, "end": made.ended_on}
    messages.success(request, _("已指定%(deputy)s代理%(principal)s，至 %(end)s 止。") % slots)
    return HttpResponseRedirect(safe_next(request) or "/me/")


def end(request: HttpRequest, id: int) -> HttpResponse:
    """End an appointment before its last day."""
    actor = actor_of(request)
    row = actions.end_deputy(access_deputy(actor, id), actor=actor)
    slots = {"deputy": row.deputy.name, "principal": row.principal.name}
    messages.success(request, _("%(deputy)s对%(principal)s的代理已结束。") % slots)
    return HttpResponseRedirect(safe_next(request) or "/me/")


def _day(request: HttpRequest, name: str, label: str) -> date:
    value = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadValue(label=label, value=value[:40], hint=_("请写成 2025-06-30 的样子。")) from error
