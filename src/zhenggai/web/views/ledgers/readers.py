"""Who is named for a ledger that is closed to all others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import may
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import Permission
from zhenggai.web.acts import EMPTY_FORMS, Forms, attempt, number
from zhenggai.web.errors import MissingField
from zhenggai.web.pages import actor_of, page

LABELS: dict[str, str | Promise] = {
    "user": gettext_lazy("人员"),
    "body": gettext_lazy("单位"),
    "reason": gettext_lazy("原因"),
}


def readers(request: HttpRequest, code: str) -> HttpResponse:
    """Show who may open the ledger."""
    return _show(request, _named(actor_of(request), code))


def name(request: HttpRequest, code: str) -> HttpResponse:
    """Let one more person open the ledger."""
    actor = actor_of(request)
    ledger = _named(actor, code)

    def act() -> None:
        user = User.objects.filter(pk=number(request.POST.get("user", "")) or 0).first()
        body = Unit.objects.filter(pk=number(request.POST.get("body", "")) or 0).first()
        if user is None:
            raise MissingField(label=LABELS["user"])
        if body is None:
            raise MissingField(label=LABELS["body"])
        reason, keeps = request.POST.get("reason", ""), "may_keep" in request.POST
        actions.name_reader(code, actor=actor, user=user, body=body, reason=reason, may_keep=keeps)
        messages.success(request, _("已指定 %(name)s 查阅本台账。") % {"name": user.name})

    forms = attempt(request, "name", LABELS, act)
    return _show(request, ledger, forms) if forms is not None else _back(code)


def end(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Let a person no longer open the ledger."""
    actor = actor_of(request)
    reader = queries.access_reader(actor, id)
    if reader.ledger != code:
        raise NotFound
    actions.end_reader(reader, actor=actor)
    messages.success(request, _("已取消 %(name)s 的查阅资格。") % {"name": reader.user.name})
    return _back(code)


def _named(actor: User, code: str) -> Ledger:
    """Return a ledger closed to others, to those named for it and to those who name people.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    names = may(actor, Permission.ASSIGN_POSTS)
    ledger = queries.access_declared(code) if names else queries.access_ledger(actor, code)
    if not queries.is_named(ledger):
        raise NotFound
    return ledger


def _show(request: HttpRequest, ledger: Ledger, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    names = may(actor, Permission.ASSIGN_POSTS)
    bodies = Unit.objects.filter(kind__in=(Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS), closed_on=None)
    people = User.objects.filter(is_active=True).order_by("name", "username")
    return page(
        request,
        "ledgers/readers.html",
        status=forms.status,
        ledger=ledger,
        opens=bool(queries.reach_of(actor, ledger)),
        readers=list(queries.visible_readers(actor, ledger)),
        may_name=names,
        bodies=list(bodies.order_by("path")) if names else [],
        people=list(people) if names else [],
        forms=forms,
    )


def _back(code: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("ledger-readers", kwargs={"code": code}))
