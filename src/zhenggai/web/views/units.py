"""Units as a tree, and the acts on one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhenggai.people import actions
from zhenggai.people.access import may
from zhenggai.people.models import Unit
from zhenggai.people.queries import access_unit, flat, people_in, units_tree
from zhenggai.people.roles import ROLES, Permission
from zhenggai.web.pages import actor_of, page


def units(request: HttpRequest) -> HttpResponse:
    """Show the tree of units the person may see."""
    actor = actor_of(request)
    return page(
        request,
        "system/units.html",
        nodes=list(flat(units_tree(actor))),
        kinds=Unit.Kind.choices,
        may_manage=may(actor, Permission.MANAGE_PEOPLE),
    )


def unit(request: HttpRequest, id: int) -> HttpResponse:
    """Show one unit with the people who hold posts in it."""
    actor = actor_of(request)
    found = access_unit(actor, id)
    return page(
        request,
        "system/unit.html",
        unit=found,
        posts=people_in(actor, found),
        roles=ROLES,
        nodes=list(flat(units_tree(actor))),
        may_manage=may(actor, Permission.MANAGE_PEOPLE) and found.closed_on is None,
    )


def add_unit(request: HttpRequest) -> HttpResponse:
    """Set up a unit."""
    actor = actor_of(request)
    created = actions.create_unit(
        actor=actor,
        kind=request.POST.get("kind", ""),
        name=request.POST.get("name", ""),
        short_name=request.POST.get("short_name", ""),
        parent=_parent(request),
    )
    messages.success(request, _("已设立“%(name)s”。") % {"name": created.name})
    return redirect("units")


def rename_unit(request: HttpRequest, id: int) -> HttpResponse:
    """Give a unit other names."""
    actor = actor_of(request)
    aliases = request.POST.get("aliases", "").replace("、", "\n").splitlines()
    found = access_unit(actor, id, Permission.MANAGE_PEOPLE)
    actions.rename_unit(
        found,
        actor=actor,
        name=request.POST.get("name", ""),
        short_name=request.POST.get("short_name", ""),
        aliases=aliases,
    )
    messages.success(request, _("已保存。"))
    return redirect("unit", id=id)


def move_unit(request: HttpRequest, id: int) -> HttpResponse:
    """Put a unit below another one."""
    actor = actor_of(request)
    moved = actions.move_unit(access_unit(actor, id, Permission.MANAGE_PEOPLE), actor=actor, parent=_parent(request))
    messages.success(request, _("已调整“%(name)s”的隶属关系。") % {"name": moved.name})
    return redirect("unit", id=id)


def close_unit(request: HttpRequest, id: int) -> HttpResponse:
    """Close a unit."""
    actor = actor_of(request)
    closed = actions.close_unit(access_unit(actor, id, Permission.MANAGE_PEOPLE), actor=actor)
    messages.success(request, _("已撤销“%(name)s”。") % {"name": closed.name})
    return redirect("units")


def _parent(request: HttpRequest) -> Unit | None:
    given = request.POST.get("parent", "")
    if not given:
        return None
    known = given.isascii() and given.isdecimal() and len(given) < 19
    return access_unit(actor_of(request), int(given) if known else 0)
