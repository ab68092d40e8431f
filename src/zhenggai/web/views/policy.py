"""The rules of a body in versions, and which of them each round runs by."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.findings import queries as findings
from zhenggai.kit.errors import BadInput, NotFound
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import bodies_for
from zhenggai.people.roles import ROLES, Permission
from zhenggai.policy import actions
from zhenggai.policy.models import PolicyProfile
from zhenggai.policy.profile import shipped_policy, shipped_values
from zhenggai.policy.queries import access_profile, latest_profile
from zhenggai.web import policy_form
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, page
from zhenggai.workflow.actions import set_course
from zhenggai.workflow.queries import rules_by_round


def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, their versions, and which round runs by which."""
    return _show(request, _body(request))


def _show(
    request: HttpRequest, body: Unit, values: dict[str, Any] | None = None, error: BadInput | None = None
) -> HttpResponse:
    actor = actor_of(request)
    newest = latest_profile(body)
    rounds = [each for each in findings.visible_rounds(actor) if each.unit_id == body.pk]
    courses = rules_by_round([each.pk for each in rounds])
    return page(
        request,
        "policy/rules.html",
        status=error.status if error else 200,
        body=body,
        bodies=_bodies(actor),
        newest=newest,
        values=policy_form.form_values(values or (newest.values if newest else shipped_values())),
        versions=list(PolicyProfile.objects.filter(unit=body).select_related("created_by")),
        rounds=[(each, courses[each.pk]) for each in rounds],
        form=policy_form,
        roles=[(code, role.label) for code, role in ROLES.items() if not role.officer],
        shipped_name=shipped_policy().name,
        error=error.describe(gettext) if error else None,
    )


def save(request: HttpRequest) -> HttpResponse:
    """Keep what the form says as the next version."""
    actor = actor_of(request)
    body = _body(request)
    newest = latest_profile(body)
    values = policy_form.read_form(request.POST, newest.values if newest else shipped_values())
    try:
        saved = actions.save_policy(body, values, actor=actor, note=request.POST.get("note", ""))
    except BadInput as error:
        if wants_json(request):
            raise
        return _show(request, body, values, error)
    messages.success(
        request,
        _("已保存为第 %(n)s 版。已开始的轮次仍按原规则，需要改用新版的请在下方选择。") % {"n": saved.version},
    )
    return redirect("policy")


def version(request: HttpRequest, id: int) -> HttpResponse:
    """Show one version of the rules as it was saved."""
    found = access_profile(actor_of(request), id)
    return page(
        request,
        "policy/version.html",
        it=found,
        values=policy_form.form_values(found.values),
        form=policy_form,
        roles={code: role.label for code, role in ROLES.items()},
    )


def course(request: HttpRequest) -> HttpResponse:
    """Let a round run by another version."""
    actor = actor_of(request)
    round_ = findings.access_round(actor, _key(request.POST.get("round")))
    told = request.POST.get("profile", "")
    profile = access_profile(actor, _key(told)) if told else None
    if profile is not None and profile.unit_id != round_.unit_id:
        raise NotFound
    set_course(round_, actor=actor, profile=profile)
    messages.success(request, _("已设定“%(round)s”的规则，时限已按新规则重算。") % {"round": round_.name})
    return redirect("policy")


def _bodies(actor: User) -> list[Unit]:
    return bodies_for(actor, Permission.MANAGE_POLICY)


def _body(request: HttpRequest) -> Unit:
    told = request.POST.get("body") or request.GET.get("body")
    mine = _bodies(actor_of(request))
    if not mine:
        raise NotFound
    if not told:
        return mine[0]
    found = next((each for each in mine if str(each.pk) == told), None)
    if found is None:
        raise NotFound
    return found


def _key(value: str | None) -> int:
    if not value or not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise NotFound
    return int(value)
