"""The list of notices and publications, the first draft of one, and what a body's notices take as given."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.queries import access_round
from zhenggai.kit.errors import NotFound
from zhenggai.notices import actions
from zhenggai.notices.actions.setting import TEXTS
from zhenggai.notices.models import Notice
from zhenggai.notices.queries import rounds_to_report, settings_of, visible_notices, visible_publications
from zhenggai.notices.transitions import OPEN
from zhenggai.notices.wording import styles
from zhenggai.people.models import Unit
from zhenggai.people.queries import bodies_for
from zhenggai.people.roles import Permission
from zhenggai.web.acts import read_day
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import attempt, key_of, optional_key

SHAPES = {
    "drafting": "read",
    "reviewing": "in_review",
    "approved": "confirmed",
    "scheduled": "waiting",
    "published": "completed",
    "withdrawn": "returned",
    "discarded": "discarded",
}
"""State of a notice → shape."""
_MOST = 50


def notices(request: HttpRequest) -> HttpResponse:
    """List the notices under way and what was published."""
    actor = actor_of(request)
    related = ("round", "unit", "created_by")
    found = list(visible_notices(actor).select_related(*related)[:200])
    published = visible_publications(actor).select_related("unit", "round", "notice").defer("html", "text", "data")
    bodies = bodies_for(actor, Permission.WRITE_NOTICES)
    rounds = rounds_to_report(actor)
    return page(
        request,
        "notices/list.html",
        under_way=[each for each in found if each.state in OPEN],
        others=[each for each in found if each.state in (Notice.State.DISCARDED,)],
        published=list(published[:_MOST]),
        total=published.count(),
        rounds=rounds,
        may_write=bool(bodies),
        styles=list(styles().values()),
        style=settings_of(rounds[0].unit).style if rounds else "",
        today=timezone.localdate(),
        shapes=SHAPES,
    )


def start(request: HttpRequest) -> HttpResponse:
    """Write the first draft of a round's notice."""
    actor = actor_of(request)
    round_ = access_round(actor, key_of(request.POST.get("round")))
    as_of: date | None = read_day(request, "as_of", _("截至日期"))
    made = actions.start_notice(round_, actor=actor, as_of=as_of, style=request.POST.get("style", ""))
    messages.success(request, _("已由台账写成初稿，其中的计数已绑定来源。"))
    return redirect("notice-edit", id=made.pk)


def settings(request: HttpRequest) -> HttpResponse:
    """Show what a body's notices take as given, or save it."""
    actor = actor_of(request)
    bodies = bodies_for(actor, Permission.WRITE_NOTICES)
    body = _chosen(bodies, request.GET.get("unit") or request.POST.get("unit"))
    held = settings_of(body)
    values = {name: getattr(held, name) for name in (*TEXTS, "style", "answer_days", "bind_all")}
    error, status = None, 200
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in (*TEXTS, "style", "answer_days")}
        values["bind_all"] = bool(request.POST.get("bind_all"))
        version = optional_key(request.POST.get("version")) or 0
        saved, error, status = attempt(
            request, lambda: actions.save_settings(body, values, actor=actor, version=version)
        )
        if saved is not None:
            messages.success(request, _("已保存。已写成的通报不变，新写的通报按此编写。"))
            return redirect("notices")
    return page(
        request,
        "notices/settings.html",
        status=status,
        bodies=bodies,
        body=body,
        values=values,
        version=request.POST.get("version") or (held.version if held.pk else 0),
        styles=list(styles().values()),
        labels=TEXTS,
        error=error,
    )


def _chosen(bodies: list[Unit], wanted: str | None) -> Unit:
    key = optional_key(wanted)
    found = next((body for body in bodies if key in (None, body.pk)), None)
    if found is None:
        raise NotFound
    return found
