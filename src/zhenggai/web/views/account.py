"""Signing in and out, one's own password, sessions and choices."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhenggai.kit.errors import UserError
from zhenggai.people import actions
from zhenggai.people.access import access_of, may
from zhenggai.people.models import Unit, User
from zhenggai.people.policy import POLICY
from zhenggai.people.queries import access_session, open_sessions
from zhenggai.people.requests import sign_in_request, sign_out_request
from zhenggai.people.roles import ROLES, Permission
from zhenggai.web.deputies import deputies_context
from zhenggai.web.errors import PasswordsDiffer, wants_json
from zhenggai.web.navigation import groups_for
from zhenggai.web.pages import actor_of, page

LANGUAGES = ("zh-hans", "en")


def first_page(request: HttpRequest) -> HttpResponse:
    """Lead to the first page the person may open, who sees no findings."""
    actor = actor_of(request)
    # Tools that everybody may open are nobody's first page.
    own = [item for group in groups_for(actor) for item in group.items if item.permissions]
    if may(actor, Permission.ASSIGN_POSTS):
        # Their ledgers are lists of who may read; people waiting for a post come first.
        own.sort(key=lambda item: item.route != "people")
    return redirect(own[0].route if own else "me")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session."""
    then = safe_next(request)
    error, username = None, ""
    if request.method == "POST":
        username = request.POST.get("username", "")[:60]
        try:
            sign_in_request(request, username=username, password=request.POST.get("password", "")[:1000])
        except UserError as refused:
            if wants_json(request):
                raise
            error = refused
        else:
            return HttpResponseRedirect(then or "/")
    elif isinstance(request.user, User):
        return HttpResponseRedirect(then or "/")
    organisation = Unit.objects.filter(parent=None, kind=Unit.Kind.ORGANISATION, closed_on=None).values_list(
        "name", flat=True
    )
    return page(
        request,
        "account/sign_in.html",
        status=error.status if error else 200,
        shell=None,
        next=then,
        username=username,
        error=error.describe(translation.gettext) if error else None,
        organisation=next(iter(organisation), ""),
    )


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session one is in."""
    sign_out_request(request)
    return redirect(settings.LOGIN_URL)


def password(request: HttpRequest) -> HttpResponse:
    """Show the form, or change one's own password."""
    actor = actor_of(request)
    first = actor.must_change_password
    error = None
    if request.method == "POST":
        try:
            if request.POST.get("new", "") != request.POST.get("again", ""):
                raise PasswordsDiffer
            actions.change_password(
                actor,
                actor=actor,
                present=request.POST.get("current", ""),
                new=request.POST.get("new", ""),
                session_key=request.session.session_key or "",
            )
        except UserError as refused:
            if wants_json(request):
                raise
            error = refused
        else:
            messages.success(request, _("密码已修改，其他已登录的会话已退出。"))
            return redirect("home")
    return page(
        request,
        "account/password.html",
        status=error.status if error else 200,
        person=actor,
        first=first,
        error=error.describe(translation.gettext) if error else None,
        rules=[
            _("至少 %(length)s 位") % {"length": POLICY.password_length},
            _("含大写字母、小写字母、数字、符号中的至少 %(kinds)s 种") % {"kinds": POLICY.password_kinds},
            _("不含用户名，不是常见密码"),
        ],
    )


def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account, posts, deputies and open sessions."""
    actor = actor_of(request)
    return page(
        request,
        "account/me.html",
        person=actor,
        posts=access_of(actor).posts,
        roles=ROLES,
        sessions=open_sessions(actor),
        this_session=request.session.session_key,
        **deputies_context(actor, actor),
    )


def end_session(request: HttpRequest, id: int) -> HttpResponse:
    """End one of one's own sessions."""
    actor = actor_of(request)
    actions.end_session(access_session(actor, id), actor=actor)
    messages.success(request, _("已结束该会话。"))
    return redirect("me")


def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen for this browser."""
    answer = HttpResponseRedirect(safe_next(request) or "/")
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    return answer


def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what the person chose about the pages."""
    actor = actor_of(request)
    changes = {name: request.POST[name] == "1" for name in ("folded", "large_text") if name in request.POST}
    actions.set_preferences(actor, actor=actor, changes=changes)
    if wants_json(request):
        return JsonResponse({"kept": sorted(changes)})
    return HttpResponseRedirect(safe_next(request) or "/me/")


def safe_next(request: HttpRequest) -> str:
    """Return where to go afterwards, when it lies on this server; empty otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here and wanted.startswith("/") else ""


def health(request: HttpRequest) -> HttpResponse:
    """Say that the server and its database answer."""
    Unit.objects.exists()
    return JsonResponse({"status": "ok"})
