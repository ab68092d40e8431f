"""People: accounts and posts, and what each role may do."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import NotFound
from zhenggai.people import actions
from zhenggai.people.access import may
from zhenggai.people.models import Post, User
from zhenggai.people.queries import (
    access_post,
    access_unit,
    access_user,
    locked_user_ids,
    matrix_for_display,
    visible_people,
    visible_units,
)
from zhenggai.people.roles import ROLES, Permission
from zhenggai.web.deputies import deputies_context
from zhenggai.web.errors import BadValue
from zhenggai.web.pages import actor_of, page
from zhenggai.workflow.errors import HasDuties

PAGE_SIZE = 50


def people(request: HttpRequest) -> HttpResponse:
    """List the people the person may see."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:60]
    found = visible_people(actor).order_by("-is_active", "name", "id")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    paginator = Paginator(found, PAGE_SIZE)
    shown = paginator.get_page(request.GET.get("page"))
    return page(
        request,
        "system/people.html",
        people=shown,
        total=paginator.count,
        text=text,
        roles=ROLES,
        locked=locked_user_ids(shown.object_list),
        may_manage=may(actor, Permission.MANAGE_PEOPLE),
    )


def person(request: HttpRequest, id: int) -> HttpResponse:
    """Show one person with account and posts."""
    return _person_page(request, access_user(actor_of(request), id))


def add_person(request: HttpRequest) -> HttpResponse:
    """Open an account, and show its first password once."""
    created, password = actions.create_user(
        actor=actor_of(request),
        username=request.POST.get("username", ""),
        name=request.POST.get("name", ""),
        phone=request.POST.get("phone", ""),
    )
    return _person_page(request, created, password=password)


def reset_password(request: HttpRequest, id: int) -> HttpResponse:
    """Give the account a fresh first password, and show it once."""
    actor = actor_of(request)
    user = access_user(actor, id, Permission.MANAGE_PEOPLE)
    return _person_page(request, user, password=actions.reset_password(user, actor=actor))


def deactivate(request: HttpRequest, id: int) -> HttpResponse:
    """Close an account."""
    actor = actor_of(request)
    try:
        user = actions.deactivate_user(access_user(actor, id, Permission.MANAGE_PEOPLE), actor=actor)
    except HasDuties as refused:
        if not may(actor, Permission.HAND_OVER):
            raise
        messages.error(request, refused.describe(gettext).what)
        return redirect("handover", id=id)
    messages.success(request, _("已停用 %(name)s 的账号。") % {"name": user.name})
    return redirect("person", id=id)


def reactivate(request: HttpRequest, id: int) -> HttpResponse:
    """Open a closed account again."""
    actor = actor_of(request)
    user = actions.reactivate_user(access_user(actor, id, Permission.MANAGE_PEOPLE), actor=actor)
    messages.success(request, _("已启用 %(name)s 的账号。") % {"name": user.name})
    return redirect("person", id=id)


def unlock(request: HttpRequest, id: int) -> HttpResponse:
    """Lift the lock after failed sign-ins."""
    actor = actor_of(request)
    user = actions.unlock_user(access_user(actor, id, Permission.ASSIGN_POSTS), actor=actor)
    messages.success(request, _("已解除 %(name)s 的锁定。") % {"name": user.name})
    return redirect("person", id=id)


def grant_post(request: HttpRequest, id: int) -> HttpResponse:
    """Give a person a role in a unit."""
    actor = actor_of(request)
    user = access_user(actor, id, Permission.ASSIGN_POSTS)
    unit = access_unit(actor, _key(request.POST.get("unit", "")), Permission.ASSIGN_POSTS)
    actions.grant_post(
        user,
        actor=actor,
        unit=unit,
        role=request.POST.get("role", ""),
        title=request.POST.get("title", ""),
        started_on=_day(request.POST.get("started_on", "")),
    )
    messages.success(request, _("已授予岗位。"))
    return redirect("person", id=id)


def end_post(request: HttpRequest, id: int) -> HttpResponse:
    """End a post as of today."""
    actor = actor_of(request)
    post = actions.end_post(access_post(actor, id, Permission.ASSIGN_POSTS), actor=actor)
    messages.success(request, _("已终止岗位。"))
    return redirect("person", id=post.user_id)


def set_charges(request: HttpRequest, id: int) -> HttpResponse:
    """Say what the holder of a post is in charge of."""
    actor = actor_of(request)
    post = access_post(actor, id, Permission.ASSIGN_POSTS)
    units = [access_unit(actor, _key(value), Permission.ASSIGN_POSTS) for value in request.POST.getlist("unit")]
    actions.set_charges(post, actor=actor, units=units)
    messages.success(request, _("已保存分管范围。"))
    return redirect("person", id=post.user_id)


def matrix(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, and how far."""
    return page(request, "system/matrix.html", matrix=matrix_for_display())


def _person_page(request: HttpRequest, user: User, password: str = "") -> HttpResponse:
    actor = actor_of(request)
    posts = Post.objects.filter(user=user).select_related("unit").prefetch_related("charges")
    may_assign = may(actor, Permission.ASSIGN_POSTS)
    return page(
        request,
        "system/person.html",
        person=user,
        password=password,
        posts=list(posts.order_by("ended_on", "unit__order", "id")),
        roles=ROLES,
        locked=user.pk in locked_user_ids([user]),
        units=list(visible_units(actor)) if may_assign else [],
        may_manage=may(actor, Permission.MANAGE_PEOPLE),
        may_assign=may_assign,
        is_me=user.pk == actor.pk,
        may_hand_over=may(actor, Permission.HAND_OVER),
        **deputies_context(actor, user),
    )


def _key(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise NotFound
    return int(value)


def _day(value: str) -> date | None:
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise BadValue(label=_("起任日期"), value=value, hint=_("请写成 2025-06-30 的样子。")) from error
