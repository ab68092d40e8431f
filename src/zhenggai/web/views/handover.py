"""What a person holds, and to whom it goes when they leave."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhenggai.kit.errors import NotFound
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.people.queries import access_user
from zhenggai.people.roles import Permission
from zhenggai.web.pages import actor_of, page
from zhenggai.workflow.actions import hand_over
from zhenggai.workflow.duties import GROUPS, holdings_of, possible_successors


def handover(request: HttpRequest, id: int) -> HttpResponse:
    """Show what a person holds, or hand it over."""
    actor = actor_of(request)
    person = access_user(actor, id)
    people = possible_successors(person, actor)
    if request.method == "POST":
        done = hand_over(
            person,
            _chosen(request, people),
            actor=actor,
            reason=request.POST.get("reason", ""),
            leaving=request.POST.get("leaving") == "1",
        )
        slots = {"name": person.name, "count": sum(done.counts.values()), "left": done.left}
        if done.left:
            messages.success(request, _("已移交 %(count)s 项，%(name)s名下还有 %(left)s 项。") % slots)
            return redirect("handover", id=id)
        messages.success(request, _("已移交 %(count)s 项，%(name)s名下没有未办结事项了。") % slots)
        return redirect("person", id=id)
    return page(
        request,
        "system/handover.html",
        person=person,
        holdings=holdings_of(person, actor),
        successors=[(each.pk, f"{each.name}（{each.username}）") for each in people],
        closes_accounts=may(actor, Permission.MANAGE_PEOPLE),
    )


def _chosen(request: HttpRequest, people: list[User]) -> dict[str, User]:
    known = {str(person.pk): person for person in people}
    chosen = {}
    for group in GROUPS:
        key = request.POST.get(f"to-{group}", "")
        if key and key not in known:
            raise NotFound
        if key:
            chosen[group] = known[key]
    return chosen
