"""What one was told, and how one wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import Explanation, NotFound, UserError
from zhenggai.notifications import actions, queries
from zhenggai.notifications.kinds import CHOOSABLE, Kind
from zhenggai.notifications.models import Address, Channel, Mode
from zhenggai.notifications.wishes import WAYS
from zhenggai.people import actions as people
from zhenggai.people.access import may
from zhenggai.people.models import Unit
from zhenggai.people.queries import access_unit, bodies_for
from zhenggai.people.roles import Permission
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, page
from zhenggai.web.views.account import safe_next

PAGE_SIZE = 30
HOURS = range(6, 22)


def notifications(request: HttpRequest) -> HttpResponse:
    """List what the person was told, unread first."""
    actor = actor_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    muted = request.GET.get("muted") == "1"
    found = queries.notifications_of(actor, kind=kind, muted=muted)
    return page(
        request,
        "notifications/list.html",
        notes=Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        counts=queries.kind_counts(actor),
        kinds=dict(Kind.choices),
        kind=kind,
        muted=muted,
        query=request.GET.urlencode(),
    )


def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark some or all of one's notifications as read."""
    actor = actor_of(request)
    keys = None if request.POST.get("all") == "1" else [_key(value) for value in request.POST.getlist("id")]
    count = actions.mark_read(keys, actor=actor)
    if wants_json(request):
        return JsonResponse({"read": count})
    return HttpResponseRedirect(safe_next(request) or "/notifications/")


def choices(request: HttpRequest) -> HttpResponse:
    """Show how one wants to be told, or keep it."""
    actor = actor_of(request)
    if request.method == "GET":
        return _choices_page(request)
    modes = {
        way: {kind.value: request.POST[name] for kind in CHOOSABLE if (name := f"{way}-{kind.value}") in request.POST}
        for way in WAYS
    }
    hour = request.POST.get("hour", "")
    actions.set_preference(
        actor=actor,
        muted=request.POST.getlist("muted"),
        modes=modes,
        digest_hour=int(hour) if hour.isascii() and hour.isdecimal() and len(hour) < 3 else -1,
    )
    messages.success(request, _("提醒设置已保存。"))
    return redirect("notification-choices")


def set_email(request: HttpRequest) -> HttpResponse:
    """Keep the address of one's mail."""
    actor = actor_of(request)
    email = request.POST.get("email", "")[:254]
    try:
        people.set_email(actor, actor=actor, email=email)
    except UserError as error:
        return _refused(request, error)
    messages.success(request, _("邮箱已保存。"))
    return redirect("notification-choices")


def add_robot(request: HttpRequest) -> HttpResponse:
    """Keep a chat robot, one's own or that of a unit's group."""
    actor = actor_of(request)
    unit_key = request.POST.get("unit", "")
    unit = access_unit(actor, _key(unit_key), Permission.MANAGE_POLICY) if unit_key else None
    try:
        added = actions.add_address(
            actor=actor,
            channel=request.POST.get("channel", ""),
            text=request.POST.get("address", ""),
            name=request.POST.get("name", ""),
            signing_key=request.POST.get("signing_key", ""),
            unit=unit,
            kinds=request.POST.getlist("kinds"),
        )
    except UserError as error:
        return _refused(request, error)
    messages.success(request, _("已添加“%(name)s”，请发一条测试消息确认能收到。") % {"name": added.name})
    return redirect("notification-choices")


def remove_robot(request: HttpRequest, id: int) -> HttpResponse:
    """Forget a chat robot."""
    actor = actor_of(request)
    address = queries.access_address(actor, id)
    actions.remove_address(address, actor=actor)
    messages.success(request, _("已移除“%(name)s”。") % {"name": address.name})
    return redirect("notification-choices")


def try_robot(request: HttpRequest, id: int) -> HttpResponse:
    """Send a test message to a robot."""
    return _try(request, queries.access_address(actor_of(request), id))


def try_mail(request: HttpRequest) -> HttpResponse:
    """Send oneself a test mail."""
    return _try(request, None)


def _try(request: HttpRequest, address: Address | None) -> HttpResponse:
    try:
        actions.send_test(address, actor=actor_of(request))
    except UserError as error:
        return _refused(request, error)
    messages.success(request, _("测试消息已交付发送，稍后刷新本页可在“最近发送”中看到结果。"))
    return redirect("notification-choices")


def _refused(request: HttpRequest, error: UserError) -> HttpResponse:
    if wants_json(request):
        raise error
    return _choices_page(request, error.describe(gettext), error.status)


def _choices_page(request: HttpRequest, error: Explanation | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    units: list[Unit] = bodies_for(actor, Permission.MANAGE_POLICY)
    return page(
        request,
        "notifications/choices.html",
        status=status,
        error=error,
        person=actor,
        choices=queries.choices_of(actor),
        modes=Mode.choices,
        hours=HOURS,
        robots=queries.addresses_of(actor),
        channels=[choice for choice in Channel.choices if choice[0] != Channel.EMAIL],
        channel_words=dict(Channel.choices),
        keeps_groups=may(actor, Permission.MANAGE_POLICY),
        groups=queries.group_addresses(actor),
        units=units,
        kind_words=dict(Kind.choices),
        deliveries=queries.recent_deliveries(actor),
    )


def _key(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise NotFound
    return int(value)
